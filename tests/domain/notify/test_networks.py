"""Callbacks go to the open internet only. The list of what is not is our own, and every way of writing it is known."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from random import Random

import pytest

from guildhall.notify.domain.networks import is_public

# iana.org/assignments/iana-ipv4-special-registry (2024-10), and multicast.
SPECIAL_4 = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.0.0/29",
    "192.0.0.8/32",
    "192.0.0.9/32",
    "192.0.0.10/32",
    "192.0.0.170/32",
    "192.0.0.171/32",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
]
# iana.org/assignments/iana-ipv6-special-registry (2024-10) but the two blocks that carry older addresses; site-local
# (RFC 3879), multicast, and addresses that only look like older ones (RFC 4291, 2.5.5.1).
SPECIAL_6 = [
    "::1/128",
    "::/128",
    "64:ff9b:1::/48",
    "100::/64",
    "100:0:0:1::/64",
    "2001::/23",
    "2001::/32",
    "2001:1::1/128",
    "2001:1::2/128",
    "2001:1::3/128",
    "2001:2::/48",
    "2001:3::/32",
    "2001:4:112::/48",
    "2001:10::/28",
    "2001:20::/28",
    "2001:30::/28",
    "2001:db8::/32",
    "2002::/16",
    "2620:4f:8000::/48",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "::/96",
    "::fffe:0:0/96",
    "64:ff9b:0:0:0:1::/96",
    "4000::/3",
]
METADATA = [
    "169.254.169.254",
    "169.254.170.2",
    "fd00:ec2::254",
    "fd20:ce::254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
]
OPEN = [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.0.3.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "2000::",
    "2001:200::",
    "2606:4700::1111",
    "2a00:1450::1",
    "3ffe:ffff::",
    "3fff:1000::",
]


def older_in_newer_clothes(address: IPv4Address) -> list[IPv6Address]:
    """Every way in which a newer address stands for an older one: some are judged by it, the others are all closed."""
    number = int(address)
    return [
        IPv6Address(f"::ffff:{address}"),
        IPv6Address(f"64:ff9b::{address}"),
        IPv6Address(f"::{address}"),
        IPv6Address(f"64:ff9b:1::{address}"),
        IPv6Address((0x2002 << 112) | (number << 80)),
        IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)),
        IPv6Address(f"2001:0:{number >> 16:x}:{number & 0xFFFF:x}::"),
        IPv6Address(f"fe80::5efe:{address}"),
        IPv6Address(f"::ffff:0:{address}"),
    ]


def edges(network: IPv4Network | IPv6Network) -> list[IPv4Address | IPv6Address]:
    return [network[0], network[-1], network[network.num_addresses // 2]]


@pytest.mark.parametrize("network", [*SPECIAL_4, *SPECIAL_6])
def test_no_special_network_is_public(network: str) -> None:
    assert [address for address in edges(ip_network(network)) if is_public(address)] == []


@pytest.mark.parametrize("address", METADATA)
def test_no_providers_metadata_is_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", [*METADATA, *(network.partition("/")[0] for network in SPECIAL_4)])
def test_a_private_address_is_private_however_it_is_written(address: str) -> None:
    inner = ip_address(address)
    if isinstance(inner, IPv4Address):
        assert [each for each in older_in_newer_clothes(inner) if is_public(each)] == []


@pytest.mark.parametrize("address", OPEN)
def test_what_is_beside_them_is_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_a_public_address_is_reached_where_it_is_translated_on_the_way_and_by_no_tunnel() -> None:
    mapped, translated, *others = older_in_newer_clothes(IPv4Address("1.1.1.1"))
    assert is_public(mapped)
    assert is_public(translated)
    assert [each for each in others if is_public(each)] == []


def test_what_python_holds_to_be_private_is_never_public() -> None:
    dice = Random(1)
    tried = [IPv4Address(dice.getrandbits(32)) for _ in range(5000)]
    tried += [IPv6Address(dice.getrandbits(128)) for _ in range(5000)]
    tried += [IPv6Address((0x2001 << 112) | dice.getrandbits(112)) for _ in range(5000)]
    assert [each for each in tried if is_public(each) and (not each.is_global or each.is_multicast)] == []
