"""The seven things a council can say about how far it has got. Every service uses these words and no others."""

from enum import StrEnum

from guildhall.design.languages import Text


class PublicStatus(StrEnum):
    """How far the council has got, as the resident is told."""

    RECEIVED = "received"
    CHECKING = "checking"
    NEED_SOMETHING = "need_something_from_you"
    ELSEWHERE = "with_another_organisation"
    SCHEDULED = "scheduled"
    DONE = "done"
    CLOSED = "closed_not_done"

    @property
    def is_final(self) -> bool:
        """Whether the council has finished: nothing more will happen unless somebody reopens it."""
        return self in (PublicStatus.DONE, PublicStatus.CLOSED)


_NAMES = {
    PublicStatus.RECEIVED: Text("Received", "Wedi dod i law"),
    PublicStatus.CHECKING: Text("Checking", "Wrthi’n gwirio"),
    PublicStatus.NEED_SOMETHING: Text("We need something from you", "Mae angen rhywbeth arnom gennych chi"),
    PublicStatus.ELSEWHERE: Text("With another organisation", "Gyda sefydliad arall"),
    PublicStatus.SCHEDULED: Text("Scheduled", "Wedi’i drefnu"),
    PublicStatus.DONE: Text("Done", "Wedi’i gwblhau"),
    PublicStatus.CLOSED: Text("Closed – not done", "Wedi’i gau – heb ei wneud"),
}

_WHAT_HAPPENED = {
    PublicStatus.RECEIVED: Text("We have received what you sent us.", "Rydym wedi cael yr hyn a anfonoch atom."),
    PublicStatus.CHECKING: Text("We are checking what you sent us.", "Rydym yn gwirio’r hyn a anfonoch atom."),
    PublicStatus.NEED_SOMETHING: Text(
        "We need something from you before we can carry on.",
        "Mae angen rhywbeth arnom gennych chi cyn y gallwn barhau.",
    ),
    PublicStatus.ELSEWHERE: Text(
        "Another organisation is now dealing with this.", "Mae sefydliad arall yn delio â hyn erbyn hyn."
    ),
    PublicStatus.SCHEDULED: Text(
        "We have arranged when this will happen.", "Rydym wedi trefnu pryd y bydd hyn yn digwydd."
    ),
    PublicStatus.DONE: Text("We have done what you asked for.", "Rydym wedi gwneud yr hyn y gofynnoch amdano."),
    PublicStatus.CLOSED: Text(
        "We have closed this without doing what you asked for.",
        "Rydym wedi cau hyn heb wneud yr hyn y gofynnoch amdano.",
    ),
}

_WHAT_HAPPENS_NEXT = {
    PublicStatus.RECEIVED: Text("An officer will look at it.", "Bydd swyddog yn edrych arno."),
    PublicStatus.CHECKING: Text(
        "We will tell you when we have finished checking.",
        "Byddwn yn rhoi gwybod i chi pan fyddwn wedi gorffen gwirio.",
    ),
    PublicStatus.NEED_SOMETHING: Text(
        "Send us what we asked for. We will carry on when we have it.",
        "Anfonwch yr hyn y gofynnom amdano. Byddwn yn parhau pan fydd gennym.",
    ),
    PublicStatus.ELSEWHERE: Text(
        "We will tell you when we hear from them.", "Byddwn yn rhoi gwybod i chi pan glywn ganddynt."
    ),
    PublicStatus.SCHEDULED: Text(
        "We will do it as arranged and then tell you.", "Byddwn yn ei wneud fel y trefnwyd ac yna’n rhoi gwybod i chi."
    ),
    PublicStatus.DONE: Text("You do not need to do anything.", "Nid oes angen i chi wneud dim."),
    PublicStatus.CLOSED: Text(
        "You do not need to do anything. Contact the council if you think this is wrong.",
        "Nid oes angen i chi wneud dim. Cysylltwch â’r cyngor os ydych yn meddwl bod hyn yn anghywir.",
    ),
}


def name_of(status: PublicStatus) -> Text:
    """Say the status in a word or a few, as a heading or a tag."""
    return _NAMES[status]


def what_happened(status: PublicStatus) -> Text:
    """Say in one sentence what the status means, for a workflow that has no words of its own."""
    return _WHAT_HAPPENED[status]


def what_happens_next(status: PublicStatus) -> Text:
    """Say in one sentence what to expect, for a workflow that has no words of its own."""
    return _WHAT_HAPPENS_NEXT[status]
