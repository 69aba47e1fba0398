"""The base URL says where people reach the house: what cannot be one is refused, and what it implies is read off it."""

import pytest

from guildhall.config.base_url import read_base_url
from guildhall.config.problems import Problem


@pytest.mark.parametrize(
    ("said", "meant", "host"),
    [
        ("https://guildhall.example", "https://guildhall.example", "guildhall.example"),
        ("HTTPS://Guildhall.Example.", "https://guildhall.example", "guildhall.example"),
        ("https://guildhall.example:443", "https://guildhall.example", "guildhall.example"),
        ("http://guildhall.example:443", "http://guildhall.example:443", "guildhall.example"),
        ("http://localhost:8000", "http://localhost:8000", "localhost"),
        ("https://[2001:DB8:0::1]:8443", "https://[2001:db8::1]:8443", "[2001:db8::1]"),
        ("http://192.0.2.7", "http://192.0.2.7", "192.0.2.7"),
        ("https://xn--caerdydd-1ya.example", "https://xn--caerdydd-1ya.example", "xn--caerdydd-1ya.example"),
    ],
)
def test_it_is_kept_in_one_form(said: str, meant: str, host: str) -> None:
    url = read_base_url(said)
    assert (str(url), url.host) == (meant, host)
    assert read_base_url(str(url)) == url


@pytest.mark.parametrize(
    "said",
    [
        *("", " ", "guildhall.example", "localhost:8000", "//guildhall.example", "ftp://guildhall.example", "https:"),
        *("https://", "https:///", "https://guildhall.example/", "https://guildhall.example/house"),
        *("https://guildhall.example?", "https://guildhall.example?a=b", "https://guildhall.example#top"),
        *("https://me@guildhall.example", "https://me:secret@guildhall.example", "https://guildhall.example:"),
        *("https://guildhall.example:0", "https://guildhall.example:65536", "https://guildhall.example:99999999999"),
        *("https://guildhall.example:8x", "https://guildhall.example:８０００", "https://guild hall.example"),
        *("https://guildhall.example\n", "\nhttps://guildhall.example", "https://guildhall.example\\evil"),
        *("https://[::1", "https://::1", "https://[::g]", "https://[fe80::1%eth0]", "https://[127.0.0.1]"),
        *("https://cyngor-tŷ.example", "https://*.example", "https://-a.example", "https://a..example", "https://."),
        "https://" + "a" * 400 + ".example",
        "https://" + "a" * 64 + ".example",
    ],
)
def test_what_cannot_be_one_is_refused_in_one_line(said: str) -> None:
    with pytest.raises(Problem, match="with nothing after them, such as") as refusal:
        read_base_url(said)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 600


@pytest.mark.parametrize(
    ("said", "is_only_here"),
    [
        *((f"http://{host}", True) for host in ("localhost:8000", "127.0.0.1", "127.9.9.9:1", "[::1]", "a.localhost")),
        *((f"https://{host}", False) for host in ("localhost:8000", "127.0.0.1", "[::1]")),
        *((f"http://{host}", False) for host in ("192.168.1.5", "0.0.0.0", "[::]", "127.1", "localhost.example")),
        *((f"http://{host}", False) for host in ("guildhall", "notlocalhost", "127.0.0.1.nip.example", "[fe80::1]")),
    ],
)
def test_only_a_plain_address_of_the_machine_itself_is_for_its_users_alone(said: str, is_only_here: bool) -> None:
    assert read_base_url(said).is_for_this_machine_only is is_only_here


def test_what_stands_after_the_at_of_our_addresses_is_a_name() -> None:
    assert read_base_url("https://guildhall.example:8443").email_domain == "guildhall.example"
    assert read_base_url("https://[2001:db8::1]").email_domain == "localhost"
