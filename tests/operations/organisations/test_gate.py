"""The gate, tried on every view of the installation: whoever a view is not for does not get in."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Audience, Role, find_audience
from guildhall.kernel.tenancy import find_current_organisation
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

SAMPLES = {"uuid": str(UUID(int=1)), "int": "1", "slug": "something", "str": "something", "path": "something"}


def views() -> Iterator[tuple[str, Audience]]:
    """Every address of the installation, as a pattern, with the audience of its view."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, Audience]]:
        for each in patterns:
            here = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, here)
            elif audience := find_audience(each.callback):
                yield here, audience

    yield from walk(get_resolver().url_patterns, "/")


def filled(pattern: str, council: str) -> str:
    """Put something into each place of a pattern, and the council into its own."""
    address = pattern.replace("<slug:council>", council)
    while "<" in address:
        before, _, rest = address.partition("<")
        kind, _, after = rest.partition(">")
        address = before + SAMPLES[kind.partition(":")[0] if ":" in kind else "str"] + after
    return address


OFFICERS_VIEWS = [(pattern, audience) for pattern, audience in views() if audience.kind == "officers"]
OPERATORS_VIEWS = [pattern for pattern, audience in views() if audience.kind == "operators"]
SIGNED_IN_VIEWS = [pattern for pattern, audience in views() if audience.kind == "signed_in"]


def officer(client: Client, council: Council, *roles: Role, has_second_factor: bool = True) -> None:
    person = make_person()
    make_officer(council, *roles, person_id=person.id)
    sign_in(client, person.id, has_second_factor=has_second_factor)


def test_there_is_something_to_try() -> None:
    assert len(OFFICERS_VIEWS) > 10
    assert len(OPERATORS_VIEWS) >= 2


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in OFFICERS_VIEWS])
def test_an_officer_of_one_council_is_refused_at_every_page_of_another(
    council: Council, other_council: Council, client: Client, pattern: str
) -> None:
    officer(client, council, *Role)
    assert client.get(filled(pattern, other_council.slug)).status_code == 403
    assert client.post(filled(pattern, other_council.slug)).status_code == 403


VIEWS_FOR_SOME_ROLES = [(pattern, audience) for pattern, audience in OFFICERS_VIEWS if audience.roles != set(Role)]


@pytest.mark.parametrize(("pattern", "audience"), VIEWS_FOR_SOME_ROLES)
def test_an_officer_without_the_role_is_refused(
    council: Council, client: Client, pattern: str, audience: Audience
) -> None:
    officer(client, council, *set(Role) - audience.roles)
    assert client.get(filled(pattern, council.slug)).status_code == 403


@pytest.mark.parametrize("pattern", [*(pattern for pattern, _ in OFFICERS_VIEWS), *OPERATORS_VIEWS, *SIGNED_IN_VIEWS])
def test_a_stranger_is_asked_to_sign_in_first(council: Council, client: Client, pattern: str) -> None:
    response = client.get(filled(pattern, council.slug))
    assert response.status_code == 302
    assert response["Location"].startswith("/account/sign-in?next=%2F")


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in OFFICERS_VIEWS])
def test_an_officer_without_a_second_factor_is_led_to_one(council: Council, client: Client, pattern: str) -> None:
    officer(client, council, *Role, has_second_factor=False)
    response = client.get(filled(pattern, council.slug))
    assert response.status_code == 302
    assert response["Location"].startswith("/account/sign-in/prove-more?next=%2Fstaff%2F")


@pytest.mark.parametrize("pattern", OPERATORS_VIEWS)
def test_an_owner_is_no_operator(council: Council, client: Client, pattern: str) -> None:
    officer(client, council, *Role)
    assert client.get(filled(pattern, council.slug)).status_code == 403


def test_an_unknown_council_is_a_page_that_does_not_exist(client: Client) -> None:
    assert client.get("/staff/atlantis").status_code == 404
    assert client.get("/atlantis").status_code == 404


def test_the_installation_itself_is_no_council(client: Client) -> None:
    assert client.get("/guildhall").status_code == 404


def test_nobody_acts_for_the_council_after_the_answer(council: Council, client: Client) -> None:
    before = find_current_organisation()
    client.get(f"/{council.slug}")
    assert find_current_organisation() == before
