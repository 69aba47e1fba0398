"""Which addresses are of the open internet, by a list of our own: a language's changes with its version.

The list has all of IANA's registries of special-purpose addresses, reachable or not
(iana.org/assignments/iana-ipv4-special-registry and …-ipv6-special-registry, both as of October 2024), what they do not
list (multicast, site-local), and where providers of machines answer with a machine's own credentials. Of the newer
addresses only those that are given out to anybody at all (2000::/3) are open.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_CLOSED_4 = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this host on this network
        "10.0.0.0/8",  # private use
        "100.64.0.0/10",  # shared by a carrier's customers; Alibaba's metadata is 100.100.100.200
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # Azure's own address for its machines
        "169.254.0.0/16",  # this link; most providers' metadata is 169.254.169.254
        "172.16.0.0/12",  # private use
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata was 192.0.0.192
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # automatic multicast tunnelling
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private use
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_OPEN_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID and others
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an older address in disguise, by way of a stranger's relay
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
# An older address in newer clothes: it is judged by what is inside.
_CARRIES_4 = (
    IPv6Network("::ffff:0:0/96"),  # mapped
    IPv6Network("64:ff9b::/96"),  # translated on the way (RFC 6052)
)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Decide whether an address is one of the open internet, whichever way it is written."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    if any(address in network for network in _CARRIES_4):
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)
