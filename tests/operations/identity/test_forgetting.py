from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import ProgrammingError
from django.test import Client

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models, operations
from guildhall.identity.testing import SOMEWHERE, make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.ids import new_id

NOW = clock.now()
DAYS = timedelta(days=1)


def test_what_is_over_is_forgotten_and_what_counts_is_kept(as_dispatcher) -> None:
    person = make_person()
    old, new = (operations.begin_emailed_codes(person.id, source=SOMEWHERE, now=at) for at in (NOW, NOW + 5 * DAYS))
    wanted = operations.NewAccount(
        EmailAddress(f"{new_id()}@example.com"), "Mair", operations.read_password("a horse 1"), "en"
    )
    registration = operations.begin_registration(wanted, source=SOMEWHERE, now=NOW)
    sign_in(Client(), person.id)

    as_dispatcher(lambda: operations.forget_what_is_over(now=NOW + 5 * DAYS))

    assert not models.EmailedCode.objects.filter(journey_id=old).exists()
    assert models.EmailedCode.objects.filter(journey_id=new).exists()
    assert not models.Registration.objects.filter(id=registration).exists()
    assert not Session.objects.filter(expire_date__lt=NOW + 4 * DAYS).exists()


def test_the_worker_cannot_look_at_passwords_or_secrets(as_dispatcher) -> None:
    for secret_rows in (models.Password.objects, models.AuthenticatorApp.objects):
        with pytest.raises(ProgrammingError, match="permission denied"):
            as_dispatcher(secret_rows.first)
