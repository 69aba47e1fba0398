"""The three emails a resident gets about a case, in both languages, as they begin; a council may change them.

Placeholders ending in ``_cy`` are the Welsh half, so that one set of values fills both languages when both are sent.
"""

from dataclasses import dataclass

from guildhall.design.languages import Text
from guildhall.services.cases.domain.workflow import Action, State
from guildhall.services.tracking.domain.statuses import name_of


@dataclass(frozen=True)
class Letter:
    """An email template: a key that never changes, the name a council sees, and its words in both languages."""

    key: str
    name: str
    subject: Text
    body: Text


RECEIPT = Letter(
    "case-receipt",
    "Case: we have received it",
    Text("((title)): we have received it", "((title_cy)): rydym wedi’i gael"),
    Text(
        """We have received what you sent us.

Your reference is ((reference)). Keep it: you will need it if you contact us.

# What happens next

((next))

You can see how far we have got at any time:

((link))

((council))
""",
        """Rydym wedi cael yr hyn a anfonoch atom.

Eich cyfeirnod yw ((reference)). Cadwch ef: bydd ei angen arnoch os byddwch yn cysylltu â ni.

# Beth sy’n digwydd nesaf

((next_cy))

Gallwch weld pa mor bell rydym wedi cyrraedd ar unrhyw adeg:

((link))

((council_cy))
""",
    ),
)

STATUS = Letter(
    "case-status",
    "Case: how far we have got",
    Text("((title)): ((status))", "((title_cy)): ((status_cy))"),
    Text(
        """((happened))

# What happens next

((next))

See everything that has happened so far:

((link))

Your reference is ((reference)).

((council))
""",
        """((happened_cy))

# Beth sy’n digwydd nesaf

((next_cy))

Gweld popeth sydd wedi digwydd hyd yma:

((link))

Eich cyfeirnod yw ((reference)).

((council_cy))
""",
    ),
)

MESSAGE = Letter(
    "case-message",
    "Case: a message from an officer",
    Text("((title)): a message from ((council))", "((title_cy)): neges ((council_cy))"),
    Text(
        """((message))

See everything that has happened so far:

((link))

Your reference is ((reference)).

((council))
""",
        """((message_cy))

Gweld popeth sydd wedi digwydd hyd yma:

((link))

Eich cyfeirnod yw ((reference)).

((council_cy))
""",
    ),
)

LETTERS = (RECEIPT, STATUS, MESSAGE)


def in_both(**words: Text) -> dict[str, str]:
    """Return the values of a letter's placeholders: each word in English, and in Welsh where there is any.

    >>> in_both(title=Text("Bulky waste", "Gwastraff swmpus"))
    {'title': 'Bulky waste', 'title_cy': 'Gwastraff swmpus'}
    """
    english = {name: text.en for name, text in words.items()}
    return english | {f"{name}_cy": text.in_("cy") for name, text in words.items()}


def for_any_reader(written: Text) -> Text:
    """Return what an officer wrote with the one language standing in for the other where it is missing."""
    return Text(written.en or written.cy, written.cy or written.en)


def joined(words: Text, written: Text) -> Text:
    """Return the workflow's words followed by what the officer added, if anything."""
    added = for_any_reader(written)
    return Text(f"{words.en}\n\n{added.en}", f"{words.cy}\n\n{added.cy}") if added.en else words


def status_words(action: Action, state: State, written: Text) -> dict[str, Text]:
    """Return what the email about a change of status says: where the case is now, and what the officer added."""
    return {
        "status": name_of(state.public_status),
        "happened": joined(action.words, written),
        "next": state.what_happens_next,
    }
