"""Addresses inside this house, read from text that anybody may have written."""

from urllib.parse import quote

LONGEST = 2000
_IN_A_PATH = "/%:@!$&'()*+,;=~"
_IN_A_QUERY = _IN_A_PATH + "?"


def local_address(text: str) -> str | None:
    """Return the address that ``text`` names in this house, written anew; None where it names none.

    What comes back is one slash, a path and perhaps a query, in printable ASCII: every browser reads it as an address
    of the host that it is on. A fragment is dropped. Refused is what browsers read otherwise than it looks: control
    characters (they leave tabs and line ends out), backslashes (slashes to them) and two slashes in a row (the second
    begins a host).

    >>> local_address("/staff/cases?q=café au lait")
    '/staff/cases?q=caf%C3%A9%20au%20lait'
    >>> local_address("//evil.example"), local_address("/\\t/evil.example")
    (None, None)
    """
    path, _, query = text.partition("#")[0].partition("?")
    if len(text) > LONGEST or not text.isprintable() or not path.startswith("/") or "//" in path or "\\" in path:
        return None
    written = quote(path, _IN_A_PATH) + (f"?{quote(query, _IN_A_QUERY)}" if query else "")
    return written if len(written) <= LONGEST else None
