"""Service managers bring forms in, look at them, put them online and take them off."""

import json
import re
from importlib.resources import files

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import new_reference
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.organisations.operations import NewOrganisation, add_organisation
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer
from guildhall.services.forms import models, operations, queries
from guildhall.services.forms.testing import EVERY_KIND

XGOV = files("guildhall.services.forms") / "data" / "xgov"
NEW = {"service": "new", "name": "Every kind", "name_cy": "Pob math", "slug": "every-kind", "workflow": "grant"}


@pytest.fixture
def manager(client: Client, council: Council) -> Client:
    return officer(client, council, Role.SERVICE_MANAGER)


def officer(client: Client, council: Council, role: Role) -> Client:
    person = make_person()
    make_officer(council, role, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client


def words_of(response: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))  # type: ignore[attr-defined]


def file_of(document: object, name: str = "form.json") -> SimpleUploadedFile:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return SimpleUploadedFile(name, content, content_type="application/json")


def test_a_form_is_uploaded_looked_at_published_and_archived(manager: Client, council: Council) -> None:
    home = f"/staff/{council.slug}/forms"
    assert "There are no forms yet" in words_of(manager.get(home))
    uploaded = manager.post(f"{home}/upload", NEW | {"file": file_of(EVERY_KIND)})
    version = uploaded["Location"]
    page = words_of(manager.get(version))
    assert "Version 1" in page
    assert "“Two at once” asks more than one question" in page
    assert manager.get(f"/{council.slug}/every-kind").status_code == 404
    assert manager.post(f"{version}/publish")["Location"] == version
    assert "Start now" in words_of(manager.get(f"/{council.slug}/every-kind"))
    assert "Online" in words_of(manager.get(home))
    assert manager.post(f"{version}/archive")["Location"] == version
    assert manager.get(f"/{council.slug}/every-kind").status_code == 404


def test_a_file_that_is_no_form_is_refused_with_everything_that_is_wrong(manager: Client, council: Council) -> None:
    wrong = {**EVERY_KIND, "pages": [{"id": "a", "slug": "payment"}], "fees": [{}]}
    page = words_of(manager.post(f"/staff/{council.slug}/forms/upload", NEW | {"file": file_of(wrong)}))
    assert "The file cannot be used" in page
    assert "pages[0].slug : “payment” is an address that every form needs for itself." in page
    assert "fees[0].amount_pence : This is missing." in page
    with reading():
        assert not models.FormVersion.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "The file is not JSON: it goes wrong at line 1, character 2."),
        (b'{"startPage":\n"/a"', "The file is not JSON: it goes wrong at line 2, character 5."),
        (b"\xff\xfe", "The file is not JSON"),
        (b'{"title": "\xe9"}', "The file is not text in UTF-8."),
        (b"[" * 100_000, "The document is nested too deeply to be a form."),
        (b'{"startPage": NaN}', "The file holds a number that is too big."),
        (b'{"startPage": 1e999}', "The file holds a number that is too big."),
        (b'{"startPage": ' + b"9" * 400 + b"}", "The file holds a number that is too big."),
        (b'{"startPage": ' + b"9" * 9_000 + b"}", "The file holds a number that is too big."),
        (b'{"startPage": "\\u0000", "pages": [{}]}', "characters in it that cannot be written down."),
        (b'{"startPage": "\\ud800", "pages": [{}]}', "characters in it that cannot be written down."),
        (b'{"startPage": "/a", "pages": [' + b"{}," * 9_999 + b"{}]}", "There may be at most 300 pages."),
        (b'{"__proto__": {}, "startPage": [], "pages": [{"path": []}]}', "This must list at least one thing."),
        (b'{"startPage": "/a", "pages": 5}', "This is not an XGov form"),
        (b'{"title": "a", "title": "b"}', "An object in the file has “title” twice."),
        (b"[]", "This must be an object."),
    ],
)
def test_a_file_that_is_not_json_is_refused_in_words(
    manager: Client, council: Council, content: bytes, said: str
) -> None:
    page = manager.post(f"/staff/{council.slug}/forms/upload", NEW | {"file": file_of(content)})
    assert page.status_code == 200
    assert said in words_of(page)


def test_what_a_service_manager_left_out_is_asked_for(manager: Client, council: Council) -> None:
    page = words_of(manager.post(f"/staff/{council.slug}/forms/upload", {"service": "new", "workflow": "x"}))
    for said in ("Enter the name of the new service", "Enter the address", "Select a workflow", "Select a file"):
        assert said in page


def test_an_address_that_cannot_be_a_services_is_refused(manager: Client, council: Council) -> None:
    upload = f"/staff/{council.slug}/forms/upload"
    reserved = manager.post(upload, NEW | {"slug": "track", "file": file_of(EVERY_KIND)})
    assert "Use small letters, digits and hyphens" in words_of(reserved)
    manager.post(upload, NEW | {"file": file_of(EVERY_KIND)})
    taken = manager.post(upload, NEW | {"file": file_of(EVERY_KIND)})
    assert "Another service has this address" in words_of(taken)


def test_an_xgov_form_is_imported_with_its_welsh_twin_and_says_what_was_left_out(
    manager: Client, council: Council
) -> None:
    english = file_of((XGOV / "your-funding-request.json").read_bytes())
    welsh = file_of((XGOV / "eich-cais-am-gyllid.json").read_bytes())
    uploaded = manager.post(f"/staff/{council.slug}/forms/upload", NEW | {"file": english, "welsh": welsh})
    page = words_of(manager.get(uploaded["Location"]))
    assert "What was left out when it was imported" in page
    assert "“outputs” is left out." in page
    assert manager.post(f"{uploaded['Location']}/publish").status_code == 302
    assert "Dechrau nawr" in words_of(manager.get(f"/{council.slug}/every-kind?lang=cy", follow=True))


def test_an_english_form_cannot_be_published_by_a_council_in_wales(client: Client, council: Council) -> None:
    slug = f"cyngor-{new_reference().lower()}"
    in_wales = NewOrganisation(slug, "Test County Council", "Cyngor Sir Prawf", nation="Wales")
    with acting_for(None):
        welsh_council = add_organisation(in_wales, now=clock.now())
    manager = officer(client, welsh_council, Role.SERVICE_MANAGER)
    english = {**EVERY_KIND, "languages": {"default": "en", "required": ["en"]}, "title": {"en": "Every kind"}}
    uploaded = manager.post(f"/staff/{slug}/forms/upload", NEW | {"file": file_of(english)})
    assert "title : “Every kind” has no Welsh." in words_of(manager.get(uploaded["Location"]))
    refused = manager.post(f"{uploaded['Location']}/publish")
    assert "Mend what stands in the way before you publish" in words_of(refused)
    assert manager.get(f"/{slug}/every-kind").status_code == 404


def test_a_form_with_fees_is_not_published_where_nobody_can_pay(manager: Client, council: Council) -> None:
    document = {**EVERY_KIND, "fees": [{"amount_pence": 100, "description": {"en": "Fee", "cy": "Ffi"}}]}
    uploaded = manager.post(f"/staff/{council.slug}/forms/upload", NEW | {"file": file_of(document)})
    assert "The service has no account to take payments with." in words_of(manager.get(uploaded["Location"]))


def test_a_preview_is_walked_like_the_form_and_submits_nothing(manager: Client, council: Council) -> None:
    operations.ensure_form("bulky-waste", now=clock.now())
    version = queries.list_versions()[0]
    preview = f"/staff/{council.slug}/forms/{version.id}/preview"
    assert "Preview" in words_of(manager.get(preview))
    first = manager.post(preview)["Location"]
    assert first == f"{preview}/is-it-from-a-home"
    assert "A yw’r gwastraff" in words_of(manager.get(f"{first}?lang=cy", follow=True))
    left = manager.post(first, {"is-from-a-home": "no"})
    assert left["Location"] == f"{preview}/exit"
    assert manager.post(f"{preview}/check-your-answers").status_code == 405
    with reading():
        assert not models.Submission.objects.exists()


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.FINANCE_VIEWER, Role.AUDITOR])
def test_officers_with_other_roles_do_not_manage_forms(client: Client, council: Council, role: Role) -> None:
    officer(client, council, role)
    for page in ("", "/upload"):
        assert client.get(f"/staff/{council.slug}/forms{page}").status_code == 403


def test_the_managers_of_one_council_reach_nothing_of_another(
    manager: Client, council: Council, other_council: Council
) -> None:
    operations.ensure_form("bulky-waste", now=clock.now())
    version = queries.list_versions()[0].id
    assert manager.get(f"/staff/{other_council.slug}/forms").status_code == 403
    stranger = officer(Client(), other_council, Role.SERVICE_MANAGER)
    home = f"/staff/{other_council.slug}/forms/{version}"
    assert stranger.get(home).status_code == 404
    assert stranger.get(f"{home}/preview").status_code == 404
    assert stranger.post(f"{home}/archive").status_code == 404
    assert stranger.post(f"{home}/publish").status_code == 404
