from datetime import timedelta

import pytest
from django.db import IntegrityError

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models, operations, queries
from guildhall.identity.testing import make_person
from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.transactions import transaction

NOW = clock.now()
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def known_person(**changes: str) -> operations.KnownPerson:
    facts = {"email": f"officer-{new_id()}@example.com", "name": "Owen Officer", "totp_secret": SECRET} | changes
    return operations.KnownPerson(
        email=EmailAddress(facts["email"]),
        name=facts["name"],
        password=operations.read_password("correct horse 7"),
        totp_secret=facts["totp_secret"],
    )


def test_ensuring_a_person_twice_changes_nothing() -> None:
    wanted = known_person()
    first = operations.ensure_person(wanted, now=NOW)
    kept = models.Password.objects.get(person_id=first)
    app = models.AuthenticatorApp.objects.get(person_id=first)

    assert operations.ensure_person(wanted, now=NOW + timedelta(days=1)) == first
    assert models.Password.objects.get(person_id=first).encoded == kept.encoded
    assert models.AuthenticatorApp.objects.get(person_id=first).id == app.id


@pytest.mark.usefixtures("real_password_cost")
def test_a_persons_password_and_app_secret_are_not_in_the_database_to_be_read() -> None:
    person_id = operations.ensure_person(known_person(), now=NOW)
    assert models.Password.objects.get(person_id=person_id).encoded.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert SECRET.encode() not in bytes(models.AuthenticatorApp.objects.get(person_id=person_id).hidden_secret)


def test_two_persons_cannot_have_the_same_address() -> None:
    person = make_person()
    with pytest.raises(IntegrityError, match="identity_one_person_per_email"):
        make_person(person.email)


def test_a_person_reads_english_or_welsh() -> None:
    person = make_person(language="en")
    operations.change_language(person.id, "cy")
    assert queries.get_person(person.id).language == "cy"
    with pytest.raises(IntegrityError, match="identity_person_language_is_known"), transaction():
        models.Person.objects.filter(id=person.id).update(language="fr")


def test_asking_for_nobody_is_refused() -> None:
    with pytest.raises(queries.NoSuchPerson):
        queries.get_person(new_id())
    assert queries.find_person_by_email(EmailAddress("nobody@example.com")) is None
