"""The address at which people reach the installation: read once, refused when it cannot be one, and what it implies."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from guildhall.config.problems import Problem

VARIABLE = "GUILDHALL_BASE_URL"
USUAL_PORTS = {"http": 80, "https": 443}
LONGEST = 300
THIS_MACHINE = ("localhost", ".localhost", "127.0.0.1", "[::1]")
"""Hosts that mean the machine itself, as Django's ALLOWED_HOSTS writes them."""

_BASE_URL = re.compile(r"(https?)://([^/?#@\\\s:\[\]]+|\[[^\]\s]+\])(?::([0-9]{1,5}))?", re.IGNORECASE)
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.IGNORECASE)


@dataclass(frozen=True)
class BaseUrl:
    """A root without a path. ``host`` is in lower case, without a dot at its end; an IPv6 address is in brackets."""

    scheme: str
    host: str
    port: int | None = None

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")

    @property
    def is_loopback(self) -> bool:
        """Tell whether only programs on this machine reach it."""
        address = _address(self.host)
        return address.is_loopback if address else self.host == "localhost" or self.host.endswith(".localhost")

    @property
    def is_for_this_machine_only(self) -> bool:
        """Tell whether nobody but this machine's users is meant: a certificate is for a house that others visit."""
        return self.scheme == "http" and self.is_loopback

    @property
    def is_over_tls(self) -> bool:
        """Tell whether browsers reach it encrypted, whoever decrypts: cookies and headers follow from this alone."""
        return self.scheme == "https"

    @property
    def email_domain(self) -> str:
        """Return the host where it is a name; what stands after the @ of an address cannot be a number."""
        return "localhost" if _address(self.host) else self.host


def read_base_url(text: str) -> BaseUrl:
    """Return what is said, in one form.

    :raises Problem: it is no address, or more than the root of one.
    """
    try:
        return _read(text)
    except ValueError:
        raise Problem(
            f"{VARIABLE} is {text[:LONGEST]!r}: it must be http or https, a host and, if need be, a port, "
            "with nothing after them, such as https://guildhall.example."
        ) from None


def _read(text: str) -> BaseUrl:
    found = _BASE_URL.fullmatch(text)
    if found is None or len(text) > LONGEST:
        raise ValueError(text)
    scheme, host, port = found[1].lower(), found[2].lower().removesuffix("."), int(found[3] or 0)
    if found[3] and not 0 < port < 1 << 16:
        raise ValueError(port)
    if host.startswith("[") and "%" not in host:
        host = f"[{IPv6Address(host[1:-1])}]"
    elif not HOST_NAME.fullmatch(host):
        raise ValueError(host)
    return BaseUrl(scheme, host, port if port and port != USUAL_PORTS[scheme] else None)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return IPv6Address(host[1:-1]) if host.startswith("[") else IPv4Address(host)
    except ValueError:
        return None
