"""What the sandbox has printed opens nothing in a real house, even where the sandbox was tried in its database."""

from collections.abc import Iterator

import pytest

from guildhall.config.sandbox import OPERATOR, STAFF, Composed, close_sandbox, compose_sandbox, credentials_of
from guildhall.identity import operations as identity
from guildhall.identity import queries as people
from guildhall.identity.testing import SOMEWHERE, let_letters_be_sent
from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.domain.keys import Platform
from guildhall.organisations.queries import is_operator, list_keys_of_service
from guildhall.pay import operations as pay
from guildhall.pay.domain.keys import NotAKey


@pytest.fixture(scope="module")
def sandbox(database: dict[str, str]) -> Iterator[Composed]:
    let_letters_be_sent()
    with acting_for(None):
        yield compose_sandbox(now=clock.now())
        close_sandbox(now=clock.now())


def _opens(sandbox: Composed) -> dict[str, bool]:
    """Return what of the sandbox's printed credentials opens something."""
    operator = people.find_person_by_email(credentials_of(OPERATOR).email)
    assert operator is not None
    with acting_for(sandbox.council.id):
        notify_keys = list_keys_of_service(sandbox.service_id, Platform.NOTIFY)
    return {
        "the officer's password": _signs_in(STAFF),
        "the operator's password": _signs_in(OPERATOR),
        "the operator's rights": is_operator(operator.id),
        "a code of the operator's app": people.get_protection(operator.id).has_app,
        "the keys of Notify": len(notify_keys) > 0,
        "the key of Pay": _takes_payments(sandbox.pay_key),
    }


def _signs_in(email: str) -> bool:
    try:
        identity.sign_in(credentials_of(email).email, credentials_of(email).password, source=SOMEWHERE, now=clock.now())
    except identity.WrongPassword:
        return False
    return True


def _takes_payments(key: str) -> bool:
    try:
        pay.identify(key, now=clock.now())
    except NotAKey:
        return False
    return True


def test_a_real_house_takes_nothing_of_what_was_printed_and_the_sandbox_can_be_opened_again(sandbox: Composed) -> None:
    assert all(_opens(sandbox).values())
    for _ in range(2):
        close_sandbox(now=clock.now())
        assert {name for name, opens in _opens(sandbox).items() if opens} == set()
    assert compose_sandbox(now=clock.now()) == sandbox
    assert {name for name, opens in _opens(sandbox).items() if not opens} == set()


def test_who_was_signed_in_is_signed_out(sandbox: Composed) -> None:
    officer = people.find_person_by_email(STAFF)
    assert officer is not None
    close_sandbox(now=clock.now())
    later = people.find_person_by_email(STAFF)
    assert later is not None
    assert later.generation > officer.generation
