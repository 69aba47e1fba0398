"""The residents' pages of tracking: by reference and email address, by link, and signed in."""

import pytest
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.ids import new_reference
from guildhall.organisations.operations import load_councils
from guildhall.organisations.queries import get_council
from guildhall.organisations.testing import make_service
from guildhall.services.cases.testing import new_case, open_case
from guildhall.services.tracking import queries
from guildhall.services.tracking.domain.lookups import ON_A_THING


@pytest.fixture
def new(council):
    wanted = new_case(make_service(council).id)
    open_case(wanted)
    return wanted


def look_up(client: Client, council, reference: str, email: str):
    return client.post(f"/{council.slug}/track", {"reference": reference, "email": email})


def test_a_reference_and_an_email_address_lead_to_the_timeline(council, client, new):
    answer = look_up(client, council, new.reference.lower(), "FFION@example.com ")
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    for words in (
        new.reference,
        "Bulky waste collection",
        "What happens next",
        "An officer will check that we can take your items.",
        "We have received what you sent us.",
        "21 November 2026, midday",
    ):
        assert words in page


def test_the_timeline_in_welsh(council, client, new):
    client.cookies["guildhall_language"] = "cy"
    page = client.get(queries.link_to(new.reference)).content.decode()
    for words in ("Casglu gwastraff swmpus", "Wedi dod i law", "Beth sy’n digwydd nesaf", "21 Tachwedd 2026"):
        assert words in page


def test_the_timeline_shows_nobodys_answers_or_address(council, client, new):
    page = client.get(queries.link_to(new.reference)).content.decode()
    for secret in ("sofas", "Stryd Fawr", "ffion@example.com", "Ffion"):
        assert secret not in page


def test_a_wrong_address_and_an_unknown_reference_get_pages_that_differ_in_what_was_typed_only(council, client, new):
    typed = [(new.reference, "gwen@example.com"), (new_reference(), "gwen@example.com")]
    pages = [look_up(client, council, *pair) for pair in typed]
    texts = [page.content.decode().replace(pair[0], "REFERENCE") for page, pair in zip(pages, typed, strict=True)]
    assert [page.status_code for page in pages] == [200, 200]
    assert _without_token(texts[0]) == _without_token(texts[1])
    assert "We cannot find anything with that reference and email address" in texts[0]


def test_a_council_that_is_not_on_guildhall_has_nothing_to_look_up(client, as_owner):
    as_owner(load_councils)
    sleeping = get_council("leeds")
    assert client.get(f"/{sleeping.slug}/track").status_code == 404
    assert look_up(client, sleeping, "HK2DE5RT", "ffion@example.com").status_code == 404


def test_empty_boxes_are_asked_for_again(council, client):
    page = look_up(client, council, "", "").content.decode()
    assert "<title>Error: " in page
    assert "Enter your reference" in page
    assert "Enter your email address" in page


def test_after_ten_wrong_guesses_the_page_says_to_wait(council, client, new):
    for number in range(ON_A_THING.tries):
        look_up(client, council, new.reference, f"guess{number}@example.com")
    answer = look_up(client, council, new.reference, "ffion@example.com")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"


def test_a_link_that_was_changed_leads_to_the_look_up(council, client, new):
    link = queries.link_to(new.reference)
    answer = client.get(link[:-2] + "xx")
    assert answer.status_code == 404
    assert "This link does not work" in answer.content.decode()


def test_a_link_of_one_council_opens_nothing_at_another(council, other_council, client, new):
    link = queries.link_to(new.reference).replace(council.slug, other_council.slug)
    assert client.get(link).status_code == 404


def test_a_signed_in_resident_opens_their_own_and_not_a_neighbours(council, client):
    ffion, service = make_person(), make_service(council)
    mine, theirs = new_case(service.id, resident_id=ffion.id), new_case(service.id)
    open_case(mine)
    open_case(theirs)
    sign_in(client, ffion.id)
    assert client.get(f"/{council.slug}/track/mine/{mine.reference}").status_code == 200
    assert client.get(f"/{council.slug}/track/mine/{theirs.reference}").status_code == 404


def test_somebody_who_has_not_signed_in_is_asked_to(council, client, new):
    answer = client.get(f"/{council.slug}/track/mine/{new.reference}")
    assert answer.status_code == 302


def test_a_timeline_is_kept_by_no_browser_and_found_by_no_search_engine(council, client, new):
    answer = client.get(queries.link_to(new.reference))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def _without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf" not in line)
