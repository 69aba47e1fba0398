"""What an officer writes with an event: a note for colleagues, a message to the resident."""

from guildhall.design.languages import Text


def content_of_writing(note: str, message: Text) -> dict[str, object]:
    """Return the words of an event as its digest is made of them."""
    return {"note": note, "message_en": message.en, "message_cy": message.cy}


def is_said(message: Text) -> bool:
    """Whether there are words in either language."""
    return bool(message.en.strip() or message.cy.strip())
