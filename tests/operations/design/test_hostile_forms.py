"""Texts made to be slow, in any box of a form that anybody can open, are answered in time that grows as they do."""

import re
import time
from typing import Any

import pytest
from django.test import Client

from guildhall.organisations.queries import Council

PLACES = (
    "/",
    "/account/sign-in",
    "/account/register",
    "/account/forgotten-password",
    "/{council}/track",
)
_BOX = re.compile(r'<(?:input|textarea|select)[^>]*\bname="([^"]+)"')


def marks(length: int) -> str:
    return "a" + "\u0300" * (length // 2) + "\u0316" * (length // 2)


def boxes(html: str) -> list[str]:
    return sorted(set(_BOX.findall(html)) - {"csrfmiddlewaretoken", "lang"})


def seconds_of(client: Client, place: str, sent: dict[str, Any]) -> float:
    begun = time.thread_time()
    assert 200 <= client.post(place, sent).status_code < 500
    return time.thread_time() - begun


@pytest.mark.parametrize("place", PLACES)
def test_a_text_made_to_be_slow_is_answered_in_time_that_grows_with_its_length(
    client: Client, council: Council, place: str
) -> None:
    address = place.format(council=council.slug)
    names = boxes(client.get(address).content.decode())
    assert names
    for name in names:
        usual = dict.fromkeys(names, "x")
        short, long = (
            min(seconds_of(client, address, usual | {name: marks(length)}) for _ in range(3))
            for length in (20_000, 80_000)
        )
        assert long < 6 * short, f"{name}: {short:.3f} s for 20,000 characters, {long:.3f} s for 80,000"
