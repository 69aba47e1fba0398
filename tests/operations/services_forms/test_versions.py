"""Versions of a form: published ones do not change, one is online, and what is unfit stays offline."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, transaction
from tests.conftest import AsLogin
from tests.operations.services_forms.conftest import AtOnce

from guildhall.kernel import clock
from guildhall.kernel.ids import ServiceId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.kernel.transactions import transaction as unit_of_work
from guildhall.organisations import queries as organisations
from guildhall.organisations.queries import Council, ServiceNotFound
from guildhall.organisations.testing import make_service
from guildhall.services.forms import models, operations, queries
from guildhall.services.forms.domain.definition import fingerprint
from guildhall.services.forms.domain.parsing import DefinitionInvalid
from guildhall.services.forms.queries import LiveForm
from guildhall.services.forms.testing import BULKY_ANSWERS, EVERY_KIND, asked, document, page

NOW = clock.now()
SMALL = document(page(asked("mail", "email")))


@pytest.fixture
def service_id(council: Council) -> ServiceId:
    return make_service(council, slug="small").id


def add(service_id: ServiceId, definition: Mapping[str, Any] = SMALL) -> UUID:
    return operations.add_version(operations.NewVersion(service_id, definition), actor=None, now=NOW)


def test_a_version_is_numbered_and_carries_the_fingerprint_of_its_definition(service_id: ServiceId) -> None:
    first, second = add(service_id), add(service_id, EVERY_KIND)
    assert [queries.get_version(version).number for version in (first, second)] == [1, 2]
    assert queries.get_version(second).sha256 == fingerprint(EVERY_KIND).hex()


def test_two_uploads_at_the_same_moment_are_two_versions(service_id: ServiceId, at_once: AtOnce) -> None:
    versions = at_once(*[lambda: add(service_id)] * 4)
    assert sorted(queries.get_version(version).number for version in versions) == [1, 2, 3, 4]


def test_what_is_no_form_is_not_kept(service_id: ServiceId) -> None:
    with pytest.raises(DefinitionInvalid):
        add(service_id, {"title": "x"})
    with reading():
        assert not models.FormVersion.objects.exists()


def test_a_form_for_no_service_is_not_kept(council: Council) -> None:
    with pytest.raises(ServiceNotFound):
        add(ServiceId(new_id()))


def test_publishing_puts_a_version_online_in_place_of_the_one_before(service_id: ServiceId) -> None:
    first, second = add(service_id), add(service_id, EVERY_KIND)
    operations.publish(first, actor=None, now=NOW)
    assert queries.get_live_form("small").version_id == first
    operations.publish(second, actor=None, now=NOW)
    assert queries.get_live_form("small").version_id == second
    assert queries.get_version(first).state == "archived"
    assert organisations.get_service("small").is_live
    assert queries.list_online_services() == {service_id}


def test_publishing_two_versions_at_the_same_moment_leaves_one_online(service_id: ServiceId, at_once: AtOnce) -> None:
    versions = [add(service_id) for _ in range(3)]
    at_once(*[lambda version=version: operations.publish(version, actor=None, now=NOW) for version in versions])
    with reading():
        assert models.FormVersion.objects.filter(state="published").count() == 1


def test_a_version_is_published_once(service_id: ServiceId) -> None:
    version = add(service_id)
    operations.publish(version, actor=None, now=NOW)
    with pytest.raises(operations.NotADraft):
        operations.publish(version, actor=None, now=NOW)


def test_what_the_linter_calls_an_error_stays_offline(service_id: ServiceId) -> None:
    version = add(service_id, {**SMALL, "submit": []})
    with pytest.raises(operations.NotFitToPublish) as refusal:
        operations.publish(version, actor=None, now=NOW)
    assert [problem.path for problem in refusal.value.problems] == ["submit"]


def test_archiving_takes_a_service_offline_and_who_has_begun_can_finish(bulky: LiveForm) -> None:
    token = operations.start_draft(operations.NewDraft(bulky.service.id, bulky.version_id), now=NOW)
    operations.archive(bulky.version_id, actor=None, now=NOW)
    with pytest.raises(queries.NotOnline):
        queries.get_live_form("bulky-waste")
    with pytest.raises(operations.NotPublished):
        operations.archive(bulky.version_id, actor=None, now=NOW)
    draft = queries.find_draft(token, now=NOW)
    assert draft is not None
    operations.keep_answers(draft.id, BULKY_ANSWERS, now=NOW)
    assert operations.submit(draft.id, by=operations.Sender("en"), now=NOW).reference


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE services_forms_formversion SET document = '{}'",
        "UPDATE services_forms_formversion SET sha256 = '\\x00'",
        "UPDATE services_forms_formversion SET state = 'draft'",
        "UPDATE services_forms_formversion SET service_id = id",
        "DELETE FROM services_forms_formversion",
    ],
)
def test_nobody_changes_a_published_version_not_even_the_owner(
    bulky: LiveForm, council: Council, as_login: AsLogin, change: str
) -> None:
    with as_login("owner") as owner:
        owner.execute("SELECT set_config('app.organisation', %s, true)", [str(council.id)])
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(change)


def test_web_may_not_touch_a_definition_at_all(bulky: LiveForm, council: Council, as_login: AsLogin) -> None:
    with as_login("web") as web:
        web.execute("SELECT set_config('app.organisation', %s, true)", [str(council.id)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("UPDATE services_forms_formversion SET document = '{}'")


def test_the_database_keeps_one_version_online_per_service(service_id: ServiceId) -> None:
    versions = [add(service_id), add(service_id)]
    with unit_of_work(), pytest.raises(IntegrityError, match="forms_one_published_version"), transaction.atomic():
        models.FormVersion.objects.filter(id__in=versions).update(state="published", published_at=NOW)


def test_another_councils_form_is_not_found_although_it_is_in_memory(bulky: LiveForm, other_council: Council) -> None:
    assert queries.get_version(bulky.version_id).number == 1
    with acting_for(other_council.id), pytest.raises(queries.FormNotFound):
        queries.get_version(bulky.version_id)


def test_the_sandboxes_forms_are_put_online_once(council: Council) -> None:
    for _ in range(2):
        for slug in operations.SANDBOX_FORMS:
            operations.ensure_form(slug, now=NOW)
    assert sorted(version.number for version in queries.list_versions()) == [1, 1]


def test_a_sandbox_form_that_somebody_replaced_is_not_put_back(bulky: LiveForm) -> None:
    replacement = add(bulky.service.id)
    operations.publish(replacement, actor=None, now=NOW)
    operations.ensure_form("bulky-waste", now=NOW)
    assert queries.get_live_form("bulky-waste").version_id == replacement
