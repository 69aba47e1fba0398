import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import ProgrammingError
from tests.conftest import AsOwner

from guildhall.design.domain.contrast import ContrastTooLow
from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations import queries
from guildhall.organisations.domain.councils import Kind, Scheme, UnreadableList
from guildhall.organisations.domain.stages import Stage
from guildhall.organisations.operations import (
    AddressTaken,
    Loaded,
    NewOrganisation,
    OwnWords,
    ReservedAddress,
    add_organisation,
    change_own_words,
    load_councils,
    remove_logo,
    set_logo,
)
from guildhall.organisations.operations.councils import THE_LIST, NameOfAnother, NotAnAddress, NotLatin
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import png, stand_at

SOMEBODY = PersonId(new_id())
TODAY = date(2026, 11, 21)


@pytest.fixture
def loaded(as_owner: AsOwner) -> None:
    as_owner(load_councils)


def changed_list(folder: Path, code: str, **changes: str) -> Path:
    with THE_LIST.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    path = folder / "councils.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys())
        writer.writeheader()
        writer.writerows(line | changes if line["code"] == code else line for line in lines)
    return path


def test_loading_the_list_twice_changes_nothing_the_second_time(loaded: None, as_owner: AsOwner) -> None:
    assert as_owner(load_councils) == Loaded(added=0, changed=0, unchanged=470)


def test_loading_a_changed_list_updates_the_council(loaded: None, as_owner: AsOwner, tmp_path: Path) -> None:
    path = changed_list(tmp_path, "DEB", name="Derbyshire Dales Council", custodian_code="99901", part_of="EMCA")
    assert as_owner(lambda: load_councils(path)) == Loaded(added=0, changed=1, unchanged=469)

    council = queries.get_council("derbyshire-dales")
    assert council.name == "Derbyshire Dales Council"
    assert queries.find_council_by_custodian_code("99901") == council
    assert queries.find_council_by_custodian_code("1045") is None
    assert [parent.code for parent in queries.list_parents(council.id)] == ["EMCA"]

    as_owner(load_councils)
    assert [parent.code for parent in queries.list_parents(council.id)] == ["DBY"]


def test_loading_a_list_leaves_what_a_council_said_of_itself(loaded: None, as_owner: AsOwner, tmp_path: Path) -> None:
    council = stand_at(queries.get_council("swansea"), Stage.OPEN)
    with acting_for(council.id):
        own = OwnWords("Swansea Council", "Cyngor Abertawe", "https://swansea.example/", "#003366")
        change_own_words(own, actor=SOMEBODY, now=clock.now())
    as_owner(
        lambda: load_councils(changed_list(tmp_path, "SWA", name="Swansea City", homepage_url="https://x.example/"))
    )

    council = queries.get_council("swansea")
    assert (council.name, council.name_cy) == ("Swansea Council", "Cyngor Abertawe")
    assert (council.homepage_url, council.brand.colour) == ("https://swansea.example/", "#003366")
    assert [found.slug for found in queries.list_councils("Swansea City", today=TODAY).rows] == ["swansea"]


def test_an_address_once_given_stays(loaded: None, as_owner: AsOwner, tmp_path: Path) -> None:
    as_owner(lambda: load_councils(changed_list(tmp_path, "CRF", slug="caerdydd")))
    assert queries.get_council("cardiff").code == "CRF"


def test_a_senseless_list_changes_nothing(loaded: None, as_owner: AsOwner, tmp_path: Path) -> None:
    with pytest.raises(UnreadableList):
        as_owner(lambda: load_councils(changed_list(tmp_path, "DEB", kind="village")))


def test_webs_login_cannot_change_a_listed_line(loaded: None, tmp_path: Path) -> None:
    with acting_for(None), pytest.raises(ProgrammingError):
        load_councils(changed_list(tmp_path, "DEB", name="Ours now"))


def test_a_council_is_found_by_its_names_in_either_language(loaded: None) -> None:
    def found(search: str) -> list[str]:
        return [council.slug for council in queries.list_councils(search, today=TODAY).rows]

    assert found("ynys mon") == ["isle-of-anglesey"]
    assert found("Pen-y-bont") == ["bridgend"]
    assert found("stoke on trent") == ["stoke-on-trent"]
    assert found("ards")[0] == "ards-and-north-down"
    assert found("ABERDEENSHIRE") == ["aberdeenshire"]
    assert found("nowhere at all") == []


def test_a_council_is_found_by_what_people_call_it(loaded: None) -> None:
    def first(search: str) -> str:
        return queries.list_councils(search, today=TODAY).rows[0].slug

    assert first("Hackney Council") == "hackney"
    assert first("Cyngor Abertawe") == "swansea"
    assert first("Western Isles") == "eilean-siar"
    assert first("Kingston upon Hull") == "kingston-upon-hull"
    assert queries.list_councils("council", today=TODAY).total > 300


def test_current_councils_come_before_abolished_ones(loaded: None) -> None:
    names = [council.slug for council in queries.list_councils("somerset", today=TODAY).rows]
    assert names[0] == "somerset"
    assert names.index("somerset-county-council") > names.index("north-somerset")


def test_a_long_list_comes_in_pages_without_the_platform(loaded: None) -> None:
    first = queries.list_councils("", today=TODAY, size=100)
    assert len(first.rows) == 100
    assert first.has_next
    every = [
        council.slug
        for number in range(1, first.pages + 1)
        for council in queries.list_councils("", today=TODAY, page=number, size=100).rows
    ]
    assert len(every) == len(set(every)) == first.total
    assert "guildhall" not in every


def test_an_abolished_council_leads_to_who_does_its_work_today(loaded: None) -> None:
    west_somerset = queries.get_council("west-somerset")
    assert west_somerset.has_ended(TODAY)
    assert [council.slug for council in queries.list_successors(west_somerset.id, today=TODAY)] == ["somerset"]
    cumbria = queries.get_council("cumbria")
    assert [council.slug for council in queries.list_successors(cumbria.id, today=TODAY)] == [
        "cumberland",
        "westmorland-and-furness",
    ]


def test_a_council_that_will_end_still_exists_until_its_last_day_is_over(
    loaded: None, as_owner: AsOwner, tmp_path: Path
) -> None:
    as_owner(lambda: load_councils(changed_list(tmp_path, "ELM", ended_on="2027-03-31", succeeded_by="SRY")))
    elmbridge = queries.get_council("elmbridge")
    assert [elmbridge.has_ended(day) for day in (date(2027, 3, 31), date(2027, 4, 1))] == [False, True]
    assert queries.list_councils("elmbridge", today=TODAY).rows[0] == elmbridge


def test_a_district_names_its_county_before_its_combined_authority(loaded: None) -> None:
    ashfield = queries.get_council("ashfield")
    assert [parent.slug for parent in queries.list_parents(ashfield.id)][:1] == ["nottinghamshire"]


def test_a_former_code_leads_to_the_council_that_has_it_now(loaded: None) -> None:
    council = queries.find_council_by_code(Scheme.FORMER_GSS, "S12000015")
    assert council is not None and council.slug == "fife"


def test_a_listed_council_is_not_live_until_an_operator_says_so(loaded: None) -> None:
    assert not queries.get_council("hart").is_open


def test_an_unknown_address_is_refused() -> None:
    with pytest.raises(queries.CouncilNotFound):
        queries.get_council("atlantis")


def test_the_installation_is_an_organisation_of_its_own() -> None:
    assert queries.get_platform().kind == Kind.PLATFORM


def test_an_address_can_be_taken_only_once(council: Council) -> None:
    with acting_for(None), pytest.raises(AddressTaken):
        add_organisation(NewOrganisation(council.slug, "Another"), now=clock.now())


@pytest.mark.parametrize("slug", ["staff", "v2", "Upper", "a--b", "", "two words"])
def test_some_addresses_cannot_be_a_councils(database: object, slug: str) -> None:
    with acting_for(None), pytest.raises(ReservedAddress):
        add_organisation(NewOrganisation(slug, "Somewhere"), now=clock.now())


def test_a_council_may_change_its_own_words_and_nobody_elses(council: Council, other_council: Council) -> None:
    change_own_words(OwnWords("Ours", "Ein un ni", "", ""), actor=SOMEBODY, now=clock.now())
    assert queries.get_council(council.slug).named("cy") == "Ein un ni"
    assert queries.get_council(other_council.slug).name == other_council.name


def test_a_hand_written_update_of_another_councils_words_changes_nothing(
    council: Council, other_council: Council, as_login: Callable
) -> None:
    with as_login("web") as connection:
        connection.execute("SELECT set_config('app.organisation', %s, true)", [str(council.id)])
        changed = connection.execute(
            "UPDATE organisations_organisation SET own_name = 'Taken' WHERE slug = %s", [other_council.slug]
        )
        assert changed.rowcount == 0


@pytest.mark.parametrize(
    ("name", "name_cy"),
    [
        ("Birmingham City Council", ""),
        ("  the BIRMINGHAM city-council", ""),
        ("Birmingham Council", ""),
        ("Birminghám", ""),
        ("", "Cyngor Caerdydd"),
        ("Cyngor Sir Ynys Môn", ""),
        ("Birm\u00adingham City Council", ""),
    ],
)
def test_no_council_names_itself_as_another_of_the_public_list(
    loaded: None, council: Council, name: str, name_cy: str
) -> None:
    with pytest.raises(NameOfAnother):
        change_own_words(OwnWords(name, name_cy, "", ""), actor=SOMEBODY, now=clock.now())
    assert queries.get_council(council.slug).name == council.name


def test_letters_that_look_like_others_make_no_name(council: Council) -> None:
    with pytest.raises(NotLatin):
        change_own_words(OwnWords("Вirmingham City Council", "", "", ""), actor=SOMEBODY, now=clock.now())


def test_the_database_keeps_a_name_from_another_council_whoever_writes(
    loaded: None, council: Council, as_login: Callable
) -> None:
    claim = "UPDATE organisations_organisation SET own_name = 'Leeds', calls_itself = %s WHERE id = %s"
    for login in ("web", "owner"):
        with as_login(login) as session, pytest.raises(psycopg.errors.UniqueViolation):
            session.execute("SELECT set_config('app.organisation', %s, true)", [str(council.id)])
            session.execute(claim, [["leeds"], council.id])


def test_nobody_adds_an_organisation_under_a_name_of_the_list(loaded: None) -> None:
    with acting_for(None), pytest.raises(AddressTaken):
        add_organisation(NewOrganisation(f"b-{new_id().hex}", "Birmingham City Council"), now=clock.now())


def test_a_council_may_be_called_as_it_is_on_the_list_and_as_its_predecessor(loaded: None) -> None:
    council = stand_at(queries.get_council("dorset"), Stage.OPEN)
    with acting_for(council.id):
        for name in ("Dorset", "Dorset County Council"):
            change_own_words(OwnWords(name, "", "", ""), actor=SOMEBODY, now=clock.now())
            assert queries.get_council("dorset").name == name


def test_the_list_prevails_over_who_had_the_name_before(
    loaded: None, council: Council, as_owner: AsOwner, tmp_path: Path
) -> None:
    change_own_words(OwnWords("Gwynfryd Council", "", "", ""), actor=SOMEBODY, now=clock.now())
    as_owner(lambda: load_councils(changed_list(tmp_path, "SWA", name="Gwynfryd City Council")))
    assert queries.get_council(council.slug).name == council.name
    as_owner(load_councils)


def test_a_pale_colour_is_refused_with_the_measured_contrast(council: Council) -> None:
    with pytest.raises(ContrastTooLow) as refusal:
        change_own_words(OwnWords("", "", "", "#ffdd00"), actor=SOMEBODY, now=clock.now())
    assert refusal.value.ratio == 1.34
    assert queries.get_council(council.slug).brand.colour != "#ffdd00"


def test_a_home_page_is_a_web_address(council: Council) -> None:
    with pytest.raises(NotAnAddress):
        change_own_words(OwnWords("", "", "javascript:alert(1)", ""), actor=SOMEBODY, now=clock.now())


def test_a_logo_is_shown_until_it_is_taken_off(council: Council) -> None:
    picture = png()
    set_logo(picture, actor=SOMEBODY, now=clock.now())
    assert queries.get_council(council.slug).brand.logo_url.startswith(f"/{council.slug}/logo.png?v=")
    assert queries.get_logo() == picture
    remove_logo(actor=SOMEBODY, now=clock.now())
    assert queries.get_council(council.slug).brand.logo_url == ""
