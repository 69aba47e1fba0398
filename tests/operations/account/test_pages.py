import re

import pytest
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.domain.stages import Stage
from guildhall.organisations.queries import Council, get_council
from guildhall.organisations.testing import make_officer, make_service, stand_at
from guildhall.services.cases.testing import new_case, open_case

STATEMENTS = ["privacy", "cookies", "accessibility"]


def words_of(response: object) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def search(client: Client, where: str) -> tuple[int, str]:
    response = client.post("/find-local-council", {"where": where})
    return response.status_code, response.headers.get("Location", "")


def test_the_front_door_asks_for_a_postcode_or_a_name(places: Council, client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Your postcode, or the name of your council" in words_of(page)


def test_a_postcode_leads_to_its_council(places: Council, client: Client) -> None:
    assert search(client, "zz1 1aa") == (302, "/find-local-council/sandbox-borough")
    page = client.get("/find-local-council/sandbox-borough")
    assert "See services of Sandbox Borough Council" in words_of(page)


def test_a_postcode_of_two_councils_asks_for_the_address(places: Council, client: Client) -> None:
    status, address = search(client, "ZZ1 2AA")
    assert (status, address) == (302, "/find-local-council/multiple_authorities?postcode=ZZ12AA")
    assert "10 Border Road" in words_of(client.get(address))
    assert "<title>Error: " in client.post(address, {}).content.decode()
    assert client.post(address, {"address": "7"}).status_code == 200
    chosen = client.post(address, {"address": "1"})
    assert chosen["Location"] == "/find-local-council/ashfield"


def test_a_split_postcode_that_is_none_leads_back_to_the_question(places: Council, client: Client) -> None:
    assert client.get("/find-local-council/multiple_authorities?postcode=x")["Location"] == "/find-local-council"


def test_where_there_are_two_tiers_the_district_comes_before_the_county(places: Council, client: Client) -> None:
    page = words_of(client.get("/find-local-council/ashfield"))
    assert page.index("Ashfield District Council") < page.index("Nottinghamshire County Council")


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("", "Enter a postcode or the name of a council"),
        ("E1 8Q", "This isn’t a valid postcode."),
        ("ZZ9 9ZZ", "We couldn’t find a council for this postcode."),
        ("ZZ6 1AA", "We couldn’t find a council for this postcode."),
    ],
)
def test_what_cannot_be_found_is_said_on_the_page(places: Council, client: Client, where: str, message: str) -> None:
    response = client.post("/find-local-council", {"where": where})
    assert response.status_code == 200
    assert "<title>Error: " in response.content.decode()
    assert message in words_of(response)


def test_a_name_of_one_council_leads_straight_there(places: Council, client: Client) -> None:
    status, address = search(client, "Ynys Môn")
    assert (status, client.get(address)["Location"]) == (302, "/find-local-council/isle-of-anglesey")


def test_a_name_of_several_councils_lists_them_in_pages(places: Council, client: Client) -> None:
    page = client.get("/find-local-council?name=council")
    assert "Pages" in page.content.decode()
    assert "/find-local-council/" in page.content.decode()
    some = words_of(client.get("/find-local-council?name=newcastle"))
    assert "Newcastle City Council" in some
    assert "Newcastle-under-Lyme" in some


def test_a_name_that_nobody_has_is_said_on_the_page(places: Council, client: Client) -> None:
    page = client.get("/find-local-council?name=Atlantis")
    assert "We couldn’t find a council with this name." in words_of(page)


def test_a_real_council_says_that_it_is_not_here_yet_and_where_it_is(places: Council, client: Client) -> None:
    page = client.get("/isle-of-anglesey")
    assert "Isle of Anglesey County Council is not on Guildhall yet." in words_of(page)
    assert 'href="https://www.anglesey.gov.uk' in page.content.decode()


def test_a_combined_authority_without_a_known_website_says_so(places: Council, client: Client) -> None:
    page = words_of(client.get("/greater-manchester-combined-authority"))
    assert "We do not know the address of its own website." in page


def test_an_abolished_council_names_who_does_its_work_now(places: Council, client: Client) -> None:
    page = words_of(client.get("/cumbria"))
    assert "Cumbria County Council no longer exists. Its last day was 31 March 2023." in page
    assert "Westmorland and Furness" in page


def test_a_live_council_lists_its_services(council: Council, client: Client) -> None:
    assert "has not put any services here yet" in words_of(client.get(f"/{council.slug}"))
    make_service(council)
    page = client.get(f"/{council.slug}")
    assert "Bulky waste collection" in words_of(page)
    assert f'href="/{council.slug}/bulky-waste"' in page.content.decode()


def test_a_councils_page_speaks_welsh(council: Council, client: Client) -> None:
    make_service(council)
    client.get(f"/{council.slug}?lang=cy")
    page = client.get(f"/{council.slug}")
    assert '<html lang="cy"' in page.content.decode()
    assert "Casglu gwastraff swmpus" in words_of(page)
    assert "Cyngor Bwrdeistref Testford" in words_of(page)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_open_council_has_the_three_statements(places: Council, client: Client, statement: str) -> None:
    stand_at(get_council("isle-of-anglesey"), Stage.OPEN)
    for slug in ("sandbox-borough", "isle-of-anglesey"):
        assert client.get(f"/{slug}/{statement}").status_code == 200


def test_the_statement_names_who_enforces_the_law_in_that_nation(places: Council, client: Client) -> None:
    for slug in ("belfast", "hackney"):
        stand_at(get_council(slug), Stage.OPEN)
    assert "ECNI" in words_of(client.get("/belfast/accessibility"))
    assert "EASS" in words_of(client.get("/hackney/accessibility"))


def test_somebody_who_has_asked_for_nothing_is_told_what_will_show(client: Client, database: object) -> None:
    person = make_person()
    sign_in(client, person.id)
    page = words_of(client.get("/account"))
    assert "Nothing yet." in page
    assert "Go to the council you work for" not in page


def test_an_officer_finds_the_way_from_their_account_to_work(council: Council, client: Client) -> None:
    person = make_person()
    make_officer(council, person_id=person.id)
    sign_in(client, person.id)
    assert "Go to the council you work for" in words_of(client.get("/account"))


def test_a_resident_sees_what_they_asked_of_two_councils(
    council: Council, other_council: Council, client: Client
) -> None:
    person, stranger = make_person(), make_person()
    for where, who, reference in (
        (council, person, "AB2CD3EF"),
        (other_council, person, "GH2JK3LM"),
        (other_council, stranger, "NP2RS3TU"),
    ):
        service = make_service(where, slug=f"service-{reference.lower()}")
        with acting_for(where.id):
            open_case(new_case(service.id, reference=reference, resident_id=who.id))
    sign_in(client, person.id)
    page = client.get("/account").content.decode()
    assert f"/{council.slug}/track/mine/AB2CD3EF" in page
    assert f"/{other_council.slug}/track/mine/GH2JK3LM" in page
    assert "NP2RS3TU" not in page
