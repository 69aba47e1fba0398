"""Where a request comes from, as coarsely as tries are counted: one IPv4 address, or one /64 of IPv6.

That is what a home, an office or a library is given. Whoever has it can change their IPv6 address within it at will.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, NewType

from django.conf import settings

Network = NewType("Network", str)
AddressRange = IPv4Network | IPv6Network

UNKNOWN = Network("unknown")
"""The network of requests that come from no address, as over a Unix socket: they count together."""

_LONGEST = 2000
_HOST_BITS = 64


def network_of(environ: Mapping[str, Any]) -> Network:
    """Return the network that a WSGI request came from, believing the proxies that the settings name."""
    proxies: Sequence[AddressRange] = settings.TRUSTED_PROXIES
    said = environ.get("HTTP_X_FORWARDED_FOR", "")[-_LONGEST:] if proxies else ""
    return _remembered(environ.get("REMOTE_ADDR", ""), said, tuple(proxies))


def client_network(peer: str, forwarded_for: str, *, proxies: Iterable[AddressRange]) -> Network:
    """Return the network of the last machine on the way that is no trusted proxy.

    Each proxy adds to ``X-Forwarded-For`` whom it heard from, on the right. So what stands there is believed from the
    right for as long as the one who said it is trusted; what a client wrote before that is never looked at. Where a
    trusted proxy gives something that is not an address, the proxy itself counts.

    >>> client_network("10.0.0.2", "203.0.113.9, 192.0.2.1", proxies=[ip_network("10.0.0.0/8")])
    '192.0.2.1'
    """
    client, trusted, hops = _read(peer), tuple(proxies), forwarded_for[-_LONGEST:].split(",")
    while client is not None and hops and any(client in each for each in trusted):
        nearer = _read(hops.pop())
        if nearer is None:
            break
        client = nearer
    return UNKNOWN if client is None else _network(client)


@lru_cache(maxsize=1024)
def _remembered(peer: str, forwarded_for: str, proxies: tuple[AddressRange, ...]) -> Network:
    """Find a network that was found before: every request asks, and reading addresses is most of the work."""
    return client_network(peer, forwarded_for, proxies=proxies)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address with or without a port behind it. An IPv4 address dressed as IPv6 is an IPv4 address."""
    host, _, port = text.strip().rpartition(":")
    without_port = host.strip("[]") if host and port.isdecimal() and (host.endswith("]") or ":" not in host) else text
    try:
        address = ip_address(without_port.strip().strip("[]"))
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _network(client: IPv4Address | IPv6Address) -> Network:
    if isinstance(client, IPv4Address):
        return Network(str(client))
    return Network(str(ip_network((int(client) >> _HOST_BITS << _HOST_BITS, 128 - _HOST_BITS))))
