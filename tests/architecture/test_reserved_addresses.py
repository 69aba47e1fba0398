"""No page of the installation can be hidden by a council's or a service's address."""

import csv
from collections.abc import Iterator

from tests.addresses import patterns

from guildhall.organisations.domain.addresses import COUNCIL_RESERVED, SERVICE_RESERVED, may_be_an_address
from guildhall.organisations.operations.councils import THE_LIST


def addresses() -> Iterator[list[str]]:
    return (route.strip("/").split("/") for route, _, _ in patterns())


def is_word(part: str) -> bool:
    return may_be_an_address(part.replace("_", "-")) and "<" not in part


def test_every_first_word_of_an_address_is_reserved() -> None:
    first = {parts[0] for parts in addresses() if parts[0] and is_word(parts[0])}
    assert first - COUNCIL_RESERVED == set(), "add them to organisations/domain/addresses.py"


def test_every_word_after_a_council_is_reserved() -> None:
    second = {
        parts[1] for parts in addresses() if parts[0] == "<slug:council>" and len(parts) > 1 and is_word(parts[1])
    }
    assert second - SERVICE_RESERVED == set(), "add them to organisations/domain/addresses.py"


def test_no_council_of_the_list_has_a_reserved_address() -> None:
    with THE_LIST.open(encoding="utf-8", newline="") as file:
        slugs = {line["slug"] for line in csv.DictReader(file)}
    assert slugs & COUNCIL_RESERVED == set()
