"""Postcodes of the United Kingdom: read however they were typed, written one way."""

import re

# Which letters can stand where: inward codes never use C I K M O V, areas never begin with Q V X, and so on.
_WHOLE = re.compile(
    r"(GIR|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9ABEHMNPRVWXY]|[0-9][A-HJKPSTUW]))([0-9][ABD-HJLNP-UW-Z]{2})"
)
_OTHER_SIGNS = re.compile(r"[^A-Z0-9]")
_DIGIT_FOR_LETTER = str.maketrans("OI", "01")


def find_postcode(typed: str) -> str | None:
    """Return the postcode in ``typed`` as Royal Mail writes it, or None when it is not a full one.

    Case, spaces and punctuation do not matter, and an O or I where only a digit can stand is read as 0 or 1.

    >>> find_postcode(" sw1a-1aa "), find_postcode("E1 8qs"), find_postcode("SW1A IAA"), find_postcode("SW1A")
    ('SW1A 1AA', 'E1 8QS', 'SW1A 1AA', None)
    """
    letters = _OTHER_SIGNS.sub("", typed.upper())
    outward, inward = letters[:-3], letters[-3:]
    inward = inward[:1].translate(_DIGIT_FOR_LETTER) + inward[1:]
    for candidate in (outward, outward[:1] + outward[1:].translate(_DIGIT_FOR_LETTER)):
        whole = _WHOLE.fullmatch(candidate + inward)
        if whole:
            return f"{whole[1]} {whole[2]}"
    return None
