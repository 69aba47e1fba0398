"""Where a request comes from is read from the machine that is connected, and from what trusted proxies say."""

from ipaddress import ip_network

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.kernel.networks import UNKNOWN, client_network

PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8:aaaa::/48")]


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
    ],
)
def test_an_ipv4_address_counts_by_itself_and_an_ipv6_address_with_its_neighbours(peer, network):
    assert client_network(peer, "", proxies=[]) == network


def test_nobody_is_believed_unless_the_settings_say_so():
    assert client_network("203.0.113.9", "192.0.2.1", proxies=[]) == "203.0.113.9"
    assert client_network("203.0.113.9", "192.0.2.1", proxies=PROXIES) == "203.0.113.9"


@pytest.mark.parametrize(
    ("said", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("1.2.3.4, 192.0.2.1", "192.0.2.1"),
        ("127.0.0.1,10.9.9.9,192.0.2.1", "192.0.2.1"),
        ("192.0.2.1, 10.0.0.7, 2001:db8:aaaa::5", "192.0.2.1"),
        ("10.0.0.8, 10.0.0.7", "10.0.0.8"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1, unknown", "10.0.0.2"),
        ("192.0.2.1, ", "10.0.0.2"),
        ("", "10.0.0.2"),
    ],
)
def test_of_what_proxies_say_the_last_that_is_no_proxy_counts(said, network):
    """What stands further left was written by the client, who may write anything."""
    assert client_network("10.0.0.2", said, proxies=PROXIES) == network


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(alphabet="0123456789abcf.:,[]% x\u0660\x00", max_size=40),
    st.text(alphabet="0123456789abcf.:,[]% x\u0660\x00", max_size=80),
)
def test_nothing_that_is_said_is_too_strange(peer, said):
    for each in (peer, "10.0.0.2"):
        assert client_network(each, said, proxies=PROXIES)


@pytest.mark.parametrize(
    "peer", ["", "unknown", "/run/guildhall.sock", "1.2.3", "1.2.3.4.5", "9" * 5000, ":", "[]", "%"]
)
def test_who_comes_from_no_address_counts_with_all_who_do(peer):
    assert client_network(peer, "192.0.2.1", proxies=PROXIES) == UNKNOWN


def test_however_long_the_way_is_said_to_be_it_is_read_at_once():
    assert client_network("10.0.0.2", "10.0.0.1," * 100_000, proxies=PROXIES) in ("10.0.0.1", "10.0.0.2")
