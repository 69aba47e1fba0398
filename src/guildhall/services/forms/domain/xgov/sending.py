"""What XGov says where answers are checked, and after they were sent."""

from guildhall.services.forms.domain.xgov.markup import NotGuidance, read_markup, shortened
from guildhall.services.forms.domain.xgov.paging import EMPTY, Paging
from guildhall.services.forms.domain.xgov.pairing import NOTHING, Object, objects
from guildhall.services.forms.domain.xgov.roles import role_of
from guildhall.services.forms.domain.xgov.source import SIDES, Source, Words

_PLACE = "specialPages"
_NEXT_STEPS = "nextSteps"


class Sending:
    """Words around sending. What comes after it is carried over; what stands before it has no place here."""

    def __init__(self, source: Source, paging: Paging) -> None:
        self.source, self.paging = source, paging

    def what_happens_next(self, order: list[str]) -> Words:
        """Return what people read after sending: a page of its own, or one of XGov's special pages."""
        pages = {path: role_of(self.source.pages[path]) for path in order}
        for path in (path for path, role in pages.items() if role == "end"):
            self._note_words_before(path)
        pieces = [self.paging.said(path) for path, role in pages.items() if role == "sent"]
        pieces += self._special()
        joined = {side: "\n\n".join(piece[side] for piece in pieces if piece.get(side)) for side in SIDES}
        return {side: words for side, words in joined.items() if words} if joined["en"] else {}

    def _note_words_before(self, path: str) -> None:
        for component in self.source.contents(self.source.pages[path]):
            if words := _words(component.get("content")):
                self.source.notes.note(self.source.place(path), "xgov_words_left_out", value="content", words=words)

    def _special(self) -> list[Words]:
        """Read the special page that confirms; its other texts are ours here, and noted."""
        english, welsh = _confirmation(self.source.form), _confirmation(self.source.twin.form)
        texts, welsh_texts = _inside(english, "customText"), _inside(welsh, "customText")
        for key, value in texts.items():
            if key != _NEXT_STEPS and value not in EMPTY:
                self.source.notes.note(_PLACE, "xgov_words_left_out", value=str(key)[:80], words=_words(value))
        contents, twins = objects(english, "components"), objects(welsh, "components")
        paired = zip(contents, twins if len(twins) == len(contents) else [NOTHING] * len(contents), strict=True)
        return [
            self.source.guidance(texts, welsh_texts, _NEXT_STEPS, _PLACE),
            *(self.source.guidance(each, twin, "content", _PLACE) for each, twin in paired),
        ]


def _confirmation(form: Object) -> Object:
    return _inside(_inside(form, _PLACE), "confirmationPage")


def _inside(form: Object, key: str) -> Object:
    found = form.get(key)
    return found if isinstance(found, dict) else NOTHING


def _words(value: object) -> str:
    """Return the beginning of what somebody wrote, for a note."""
    try:
        words = read_markup(value).words if isinstance(value, str) else str(value)
    except NotGuidance as fault:
        words = fault.what
    return shortened(words)
