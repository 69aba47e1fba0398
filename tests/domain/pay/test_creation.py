"""What may be asked for: pay contract 2."""

from dataclasses import replace

import pytest

from guildhall.kernel.money import Pence
from guildhall.pay.domain.creation import NewPayment, PaymentInvalid, check_limits, is_web_address

USUAL = NewPayment(Pence(2500), "BW-1", "Bulky waste collection", "https://service.example/return")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": 10_000_001}, "amount"),
        ({"reference": " "}, "reference"),
        ({"reference": "x" * 256}, "reference"),
        ({"description": ""}, "description"),
        ({"return_url": "ftp://service.example"}, "return_url"),
        ({"return_url": "https://service.example/".ljust(2001, "x")}, "return_url"),
    ],
)
def test_a_payment_that_breaks_a_limit_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(PaymentInvalid) as refused:
        check_limits(replace(USUAL, **changes))  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 1},
        {"amount": 10_000_000},
        {"reference": "x" * 255, "description": "y" * 255},
        {"return_url": "https://service.example/".ljust(2000, "x")},
    ],
)
def test_a_payment_may_reach_every_limit(changes: dict[str, object]) -> None:
    check_limits(replace(USUAL, **changes))  # type: ignore[arg-type]


def test_a_payment_of_nothing_needs_an_account_that_may() -> None:
    check_limits(replace(USUAL, amount=Pence(0)), may_be_nothing=True)


@pytest.mark.parametrize(
    "address",
    [
        "https://service.gov.uk",
        "http://localhost:8000/return?a=b#c",
        "https://service.internal/",
        "http://printer.local/",
        "http://127.0.0.1/x",
        "http://[::1]:9000/",
        "https://user@service.example/%20",
        "HTTPS://SERVICE.EXAMPLE/",
    ],
)
def test_a_payer_may_be_led_back_to_any_web_address(address: str) -> None:
    assert is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "whatever",
        "//service.example",
        "https://",
        "https:///path",
        "ftp://service.example",
        "javascript:alert(1)",
        "https://a b.example",
        "https://service.example/a b",
        "https://service.example:99999/",
        "https://-bad.example",
        "https://service..example",
        "https://[::x]/",
        "https://service.example/\n",
    ],
)
def test_anything_else_is_no_way_back(address: str) -> None:
    assert not is_web_address(address)
