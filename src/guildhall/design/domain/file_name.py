"""Names of files that browsers save: cleaned, because people and other programs chose them."""

import unicodedata
from urllib.parse import quote

LONGEST = 120
LONGEST_ENDING = 12
# In the way of some system's folders, or of the header's own quotation marks.
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)


def clean_file_name(name: str) -> str:
    """Return a name under which any system saves a file: one line, no folder, nothing that changes how it reads.

    Control, direction and other invisible characters are left out; what cannot stand in a name becomes ``_``; a long
    name keeps its ending.

    >>> clean_file_name("../etc/pass\\nwd"), clean_file_name('Jo\\u202e"s list.csv'), clean_file_name(" ... ")
    ('_etc_pass wd', 'Jo_s list.csv', 'file')
    """
    kept = "".join(_kept(character) for character in name[: 10 * LONGEST])
    kept = _shortened(" ".join(kept.split()).strip(". "))
    if not kept:
        return "file"
    return f"_{kept}" if kept.partition(".")[0].strip().lower() in _DEVICES else kept


def content_disposition(name: str, *, is_saved: bool) -> str:
    """Return the header's value that names a file, in both the ways that browsers read (RFC 6266 and RFC 8187).

    >>> print(content_disposition("Môn.csv", is_saved=True))
    attachment; filename="Mon.csv"; filename*=UTF-8''M%C3%B4n.csv
    """
    cleaned = clean_file_name(name)
    spelled = unicodedata.normalize("NFKD", cleaned)
    plain = "".join(
        character if character.isascii() else "_" for character in spelled if not unicodedata.combining(character)
    )
    plain = "".join("_" if character in _NOT_IN_NAMES or character == "%" else character for character in plain)
    return f"{'attachment' if is_saved else 'inline'}; filename=\"{plain}\"; filename*=UTF-8''{quote(cleaned, safe='')}"


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category in ("Zl", "Zp"):
        return " "
    if category in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return ""
    return "_" if character in _NOT_IN_NAMES else character


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        return name[:LONGEST].rstrip(". ")
    return f"{stem[: LONGEST - len(ending) - 1].rstrip('. ')}.{ending}"
