"""What an officer writes with an event: a note for colleagues, a message to the resident."""

from guildhall.design.languages import Text
from guildhall.kernel.text import is_blank


def content_of_writing(note: str, message: Text) -> dict[str, object]:
    """Return the words of an event as its digest is made of them."""
    return {"note": note, "message_en": message.en, "message_cy": message.cy}


def is_said(message: Text) -> bool:
    """Whether words can be seen in either language."""
    return not (is_blank(message.en) and is_blank(message.cy))
