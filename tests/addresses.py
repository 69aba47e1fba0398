"""Every address of the installation: as its views declare it, and as the committed table has it.

The table is ``tests/architecture/addresses.csv``. Change what a view declares, and then the table:
``UPDATE=1 ./guildhall test tests/architecture/test_the_addresses.py``, and read the difference before you commit it.
"""

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from guildhall.config.fast_path import FAST_PATH
from guildhall.kernel.audiences import EVERY_METHOD, SAFE_METHODS, Role, find_audience, methods_of

TABLE = Path(__file__).parent / "architecture" / "addresses.csv"
SAMPLES = {"uuid": str(UUID(int=1)), "number": "1", "slug": "something", "str": "something", "path": "something"}
EVERYBODY = "any role"
ON_THE_FAST_PATH = "the fast path"


@dataclass(frozen=True)
class Address:
    """One line of the table. ``csrf`` is ``token``, why there is none, or empty where nothing can be sent."""

    address: str
    name: str
    audience: str
    roles: str
    posting: str
    methods: str
    csrf: str

    def answers(self, method: str) -> bool:
        return method in self.methods.split()

    def is_for(self, role: Role, method: str) -> bool:
        """Whether an officer with this one role may use the address so."""
        named = self.roles if method in SAFE_METHODS or not self.posting else self.posting
        return named == EVERYBODY or role in named.split()

    def filled(self, council: str) -> str:
        """Return an address to ask: the council in its place, something in every other."""
        return filled(f"/{self.address}", council)


def read_table() -> list[Address]:
    """Return the table that is committed."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Address(**line) for line in csv.DictReader(file)]


def write_table(addresses: list[Address]) -> None:
    """Replace the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Address)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(each) for each in addresses)


@cache
def declared() -> list[Address]:
    """Return what the views declare, those of the fast path too, by address."""
    fast = [
        Address(path[1:], ON_THE_FAST_PATH, "keyholders", "", "", "POST", "no cookie is read") for path in FAST_PATH
    ]
    return sorted([*fast, *(_declared(route, name, entry) for route, name, entry in patterns())], key=_by_address)


def patterns() -> Iterator[tuple[str, str, URLPattern]]:
    """Every address that Django knows: the pattern, its name, and where it leads."""

    def walk(resolver: URLResolver, before: str, space: str) -> Iterator[tuple[str, str, URLPattern]]:
        for each in resolver.url_patterns:
            here = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each, here, f"{space}{each.namespace}:" if each.namespace else space)
            else:
                yield here, space + each.name if each.name else "", each

    yield from walk(get_resolver(), "", "")


def filled(pattern: str, council: str) -> str:
    """Put something into each place of a pattern, and the council into its own."""
    address = pattern.replace("<slug:council>", council)
    while "<" in address:
        before, _, rest = address.partition("<")
        kind, _, after = rest.partition(">")
        address = before + SAMPLES[kind.partition(":")[0] if ":" in kind else "str"] + after
    return address


def _declared(route: str, name: str, entry: URLPattern) -> Address:
    view = entry.callback
    audience, answered = find_audience(view), methods_of(view)
    assert audience is not None, f"{route} does not say who may call it"
    takes_forms = bool(answered - set(SAFE_METHODS))
    return Address(
        address=route,
        name=name
        if name and not name.endswith(":")
        else f"{view.__module__.removeprefix('guildhall.')}.{view.__name__}",
        audience=audience.kind,
        roles=_roles(audience.roles),
        posting=_roles(audience.posting) if audience.posting != audience.roles else "",
        methods=" ".join(method for method in EVERY_METHOD if method in answered),
        csrf=_csrf(view) if takes_forms else "",
    )


def _csrf(view: Any) -> str:
    if getattr(view, "csrf_exempt", False):
        return getattr(view, "csrf_exempt_because", "") or "EXEMPT WITHOUT A REASON"
    return "token"


def _roles(roles: frozenset[Role]) -> str:
    return EVERYBODY if roles == set(Role) else " ".join(role for role in Role if role in roles)


def _by_address(each: Address) -> tuple[str, str]:
    return each.address, each.name
