"""The sandbox is for whoever sits at this machine; it is shown to others only by an operator who says so."""

import pytest

from guildhall.config.base_url import read_base_url
from guildhall.config.ports import Place
from guildhall.config.problems import Problem
from guildhall.config.sandbox_choice import Sandbox, choose_sandbox, sandbox_of_environment

HERE = Place("127.0.0.1", 8000)


@pytest.fixture(autouse=True)
def fresh_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GUILDHALL_SANDBOX", "GUILDHALL_SANDBOX_IN_PUBLIC"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("base_url", "place"),
    [
        ("https://guildhall.example", HERE),
        ("https://localhost:8000", HERE),
        ("http://guildhall.example", HERE),
        ("http://192.168.1.5:8000", None),
        *(
            ("http://localhost:8000", Place(address, 8000))
            for address in ("0.0.0.0", "::", "192.168.1.5", "fe80::1%lo")
        ),
    ],
)
def test_it_is_not_shown_beyond_this_machine_unasked(base_url: str, place: Place | None) -> None:
    with pytest.raises(Problem, match="set GUILDHALL_SANDBOX=0 for a real installation"):
        Sandbox(exists=True).refuse_open_doors(read_base_url(base_url), place)
    Sandbox(exists=True, is_public=True).refuse_open_doors(read_base_url(base_url), place)
    Sandbox(exists=False).refuse_open_doors(read_base_url(base_url), place)


@pytest.mark.parametrize("place", [None, HERE, Place("::1", 8000), Place("127.0.0.2", 8000)])
def test_on_this_machine_it_is_open(place: Place | None) -> None:
    Sandbox(exists=True).refuse_open_doors(read_base_url("http://localhost:8000"), place)


@pytest.mark.parametrize(
    ("said", "marks", "is_embedded", "exists"),
    [
        (None, {}, True, True),
        (None, {"tables": "…"}, True, True),  # a first start that was killed on the way
        (None, {"sandbox": "1234"}, True, True),
        (None, {"sandbox": "none"}, True, False),  # another shell than the one that set GUILDHALL_SANDBOX=0
        (None, {}, False, False),
        (None, {"sandbox": "1234"}, False, False),
        ("1", {"sandbox": "none"}, True, True),
        ("1", {}, False, True),
        ("0", {"sandbox": "1234"}, True, False),
    ],
)
def test_what_nobody_says_the_database_does(
    monkeypatch: pytest.MonkeyPatch, said: str | None, marks: dict[str, str], is_embedded: bool, exists: bool
) -> None:
    if said:
        monkeypatch.setenv("GUILDHALL_SANDBOX", said)
    assert choose_sandbox(marks, is_embedded=is_embedded, in_public=False).exists is exists


@pytest.mark.parametrize("chosen", [Sandbox(False), Sandbox(True), Sandbox(True, True)])
def test_processes_are_told_the_same(monkeypatch: pytest.MonkeyPatch, chosen: Sandbox) -> None:
    for name, value in chosen.environment().items():
        monkeypatch.setenv(name, value)
    assert sandbox_of_environment() == chosen
    assert choose_sandbox({}, is_embedded=True, in_public=False) == chosen
