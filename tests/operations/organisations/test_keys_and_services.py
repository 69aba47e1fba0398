from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from guildhall.design.languages import Text
from guildhall.kernel import clock, secrets
from guildhall.kernel.ids import PersonId, ServiceId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.organisations import operations, queries
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_service

NOW = clock.now()
SOMEBODY = PersonId(new_id())


def wanted(service_id: ServiceId, platform: Platform = Platform.NOTIFY, **changes: str) -> operations.WantedKey:
    facts = {"kind": KeyKind.LIVE, "name": "our website"} | changes
    return operations.WantedKey(service_id, platform, **facts)


def make(key: operations.WantedKey) -> operations.NewKey:
    return operations.create_key(key, actor=SOMEBODY, now=NOW)


def test_a_service_is_found_by_its_address_and_by_its_id(council: Council) -> None:
    service = make_service(council)
    assert queries.get_service("bulky-waste") == queries.get_service_by_id(service.id) == service
    assert service.name.in_("cy") == "Casglu gwastraff swmpus"


def test_a_service_of_another_council_does_not_exist_here(council: Council, other_council: Council) -> None:
    theirs = make_service(other_council)
    with pytest.raises(queries.ServiceNotFound):
        queries.get_service("bulky-waste")
    with pytest.raises(queries.ServiceNotFound):
        queries.get_service_by_id(theirs.id)


def test_an_address_is_one_service_in_a_council(council: Council, other_council: Council) -> None:
    make_service(other_council)
    make_service(council)
    with pytest.raises(operations.AddressTaken):
        make_service(council)


@pytest.mark.parametrize("slug", ["track", "privacy", "Upper", "two words", "", "-x", "é"])
def test_some_addresses_cannot_be_a_services(council: Council, slug: str) -> None:
    with pytest.raises(operations.ReservedAddress):
        make_service(council, slug)


def test_ensuring_a_service_twice_makes_one(council: Council) -> None:
    new = operations.NewService("grants", Text("Grants", "Grantiau"))
    first = operations.ensure_service(new, actor=None, now=NOW)
    assert operations.ensure_service(new, actor=None, now=NOW) == first


def test_whose_a_service_is_can_be_asked_before_the_council_is_known(council: Council) -> None:
    service = make_service(council)
    with acting_for(None):
        assert queries.find_organisation_of_service(service.id) == council.id
        assert queries.find_organisation_of_service(ServiceId(new_id())) is None


def test_the_secret_of_a_notify_key_is_a_uuid_and_stays_readable_for_checking_signatures(council: Council) -> None:
    service = make_service(council)
    key = make(wanted(service.id))
    [usable] = queries.list_keys_of_service(service.id, Platform.NOTIFY)
    assert (usable.id, usable.secret, usable.kind) == (key.id, key.secret, KeyKind.LIVE)
    assert len(key.secret) == 36


def test_no_secret_is_stored_as_it_is(council: Council, as_login: Callable) -> None:
    service = make_service(council)
    keys = [make(wanted(service.id)), make(wanted(service.id, Platform.PAY, secret="api_live_abcdefghijkl"))]
    with as_login("web") as session:
        session.execute("SELECT set_config('app.organisation', %s, true)", [str(council.id)])
        stored = str(session.execute("SELECT k.* FROM organisations_apikey k").fetchall())
    assert not any(key.secret in stored for key in keys)


def test_a_pay_key_is_found_by_its_digest_before_the_council_is_known(council: Council) -> None:
    service = make_service(council)
    key = make(wanted(service.id, Platform.PAY, secret=f"api_live_{new_id().hex}"))
    with acting_for(None):
        owner = queries.find_key_by_digest(secrets.digest(key.secret))
        assert owner == queries.KeyOwner(council.id, key.id)
        assert queries.find_key_by_digest(secrets.digest("api_live_wrong")) is None


def test_a_revoked_key_opens_nothing_and_is_still_listed(council: Council) -> None:
    service = make_service(council)
    pay = make(wanted(service.id, Platform.PAY, secret=f"api_live_{new_id().hex}"))
    notify = make(wanted(service.id))
    for key in (pay, notify):
        operations.revoke_key(key.id, actor=SOMEBODY, now=NOW)
        operations.revoke_key(key.id, actor=SOMEBODY, now=NOW)
    assert queries.find_key_by_digest(secrets.digest(pay.secret)) is None
    assert queries.list_keys_of_service(service.id, Platform.NOTIFY) == []
    assert [key.is_revoked for key in queries.list_keys().rows] == [True, True]
    assert [line.action for line in queries.list_audit().rows].count("key.revoked") == 2


def test_a_key_in_use_has_a_name_of_its_own_until_it_is_revoked(council: Council) -> None:
    service = make_service(council)
    first = make(wanted(service.id))
    with pytest.raises(operations.KeyNameTaken):
        make(wanted(service.id))
    operations.revoke_key(first.id, actor=SOMEBODY, now=NOW)
    make(wanted(service.id))


def test_a_service_may_have_several_keys_of_each_kind(council: Council) -> None:
    service = make_service(council)
    for kind in KeyKind:
        make(wanted(service.id, kind=kind, name=f"{kind} key"))
    assert {key.kind for key in queries.list_keys_of_service(service.id, Platform.NOTIFY)} == set(KeyKind)


def test_the_last_use_of_a_key_is_noted_to_the_minute(council: Council) -> None:
    key = make(wanted(make_service(council).id))
    operations.note_key_used(key.id, now=NOW)
    operations.note_key_used(key.id, now=NOW + timedelta(seconds=30))
    assert queries.get_key(key.id).last_used_at == NOW
    operations.note_key_used(key.id, now=NOW + timedelta(seconds=61))
    assert queries.get_key(key.id).last_used_at == NOW + timedelta(seconds=61)


def test_a_key_for_another_councils_service_is_refused(council: Council, other_council: Council) -> None:
    theirs = make_service(other_council)
    with pytest.raises(queries.ServiceNotFound):
        make(wanted(theirs.id))


def test_a_hand_written_key_for_another_councils_service_breaks_a_constraint(
    council: Council, other_council: Council, as_login: Callable
) -> None:
    theirs = make_service(other_council)
    with as_login("web") as session, pytest.raises(psycopg.errors.ForeignKeyViolation):
        session.execute("SELECT set_config('app.organisation', %s, true)", [str(council.id)])
        session.execute(
            "INSERT INTO organisations_apikey (id, service_id, platform, kind, name, secret_digest, created_at,"
            " created_by, revoked_by) VALUES (gen_random_uuid(), %s, 'pay', 'live', 'x', 'x', now(), '', '')",
            [theirs.id],
        )
        session.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_ensuring_a_key_twice_makes_one(council: Council) -> None:
    service = make_service(council)
    key = wanted(service.id, secret="8b5a2f0e-0000-4000-8000-000000000001")
    first = operations.ensure_key(key, actor=None, now=NOW)
    assert operations.ensure_key(key, actor=None, now=NOW) == first


def test_a_service_goes_live_and_is_taken_off(council: Council) -> None:
    service = operations.create_service(operations.NewService("grants", Text("Grants")), actor=None, now=NOW)
    assert queries.list_services(only_live=True) == []
    with transaction():
        operations.put_service_online(service.id, actor=None, now=NOW)
        operations.put_service_online(service.id, actor=None, now=NOW)
    assert [live.slug for live in queries.list_services(only_live=True)] == ["grants"]
    with transaction():
        operations.take_service_off(service.id, actor=None, now=NOW)
        operations.take_service_off(service.id, actor=None, now=NOW)
    assert queries.list_services(only_live=True) == []
    actions = [line.action for line in queries.list_audit().rows]
    assert actions == ["service.taken_off", "service.went_live", "service.created"]
