"""What becomes of what people type before anybody looks at it. Every question says which of the three it ``takes``.

``words`` are for people to read. ``identifier`` is a number, a date, an address, a code: something with one right
spelling. ``as_it_is`` is for what only a program reads: its keys and references keep their bytes.
"""

from guildhall.kernel.text import clean_identifier, compose, is_blank


def words(typed: str) -> str:
    """Return words composed, without spaces around them; nothing where nothing of them can be seen."""
    typed = typed.replace("\x00", "")
    return "" if is_blank(typed) else compose(typed).strip()


def identifier(typed: str) -> str:
    """Return an identifier with what cannot be seen left out, and with plain hyphens, digits and spaces."""
    return "" if is_blank(typed) else clean_identifier(typed)


def as_it_is(typed: str) -> str:
    """Return text character by character, without spaces around it."""
    return typed.replace("\x00", "").strip()
