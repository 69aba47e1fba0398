"""What a cookie is called."""


def cookie_name(name: str, *, over_tls: bool) -> str:
    """Return the name under which a browser keeps a cookie.

    Browsers take a ``__Host-`` cookie only over TLS, from this very host and for all of its paths (RFC 6265bis
    4.1.3.2): neither a neighbour under the same domain nor somebody on the line can plant one.
    """
    return f"__Host-{name}" if over_tls else name
