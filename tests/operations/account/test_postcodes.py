import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.db import ProgrammingError
from tests.conftest import AsOwner

from guildhall.account import queries
from guildhall.account.domain.directory import UnreadableDirectory
from guildhall.account.operations import Imported, import_lines, import_onspd, load_synthetic_postcodes
from guildhall.contact.postcode import parse_postcode
from guildhall.organisations.queries import Council

TODAY = date(2026, 11, 21)
HEADER = "pcd7,pcd8,pcds,dointr,doterm,usrtypind,lad25cd,lat,long"


def line(postcode: str, gss: str, retired: str = "", latitude: str = "51.5") -> str:
    return f"x,x,{postcode},198001,{retired},0,{gss},{latitude},-0.1"


def council_of(typed: str) -> str | None:
    found = queries.find_council_of_postcode(parse_postcode(typed), today=TODAY)
    return found.council.slug if found.council else None


def test_a_postcode_of_one_council_leads_there(places: Council) -> None:
    assert council_of("zz1 1aa") == "sandbox-borough"
    assert council_of("ZZ3 1AA") == "swansea"


def test_a_border_through_a_postcode_leaves_the_choice_to_the_resident(places: Council) -> None:
    found = queries.find_council_of_postcode(parse_postcode("ZZ1 2AA"), today=TODAY)
    assert found.council is None
    assert [(words.split(",")[0], council.slug) for words, council in found.choices] == [
        ("10 Border Road", "sandbox-borough"),
        ("11 Border Road", "ashfield"),
    ]


def test_addresses_that_ordnance_survey_keeps_itself_lead_nowhere(places: Council) -> None:
    with pytest.raises(queries.NoCouncilForPostcode):
        council_of("ZZ6 1AA")


def test_an_unknown_postcode_leads_nowhere(places: Council) -> None:
    with pytest.raises(queries.NoCouncilForPostcode):
        council_of("ZZ9 9ZZ")


def test_a_district_is_named_before_its_county(places: Council) -> None:
    found = queries.find_council_of_postcode(parse_postcode("ZZ2 1AA"), today=TODAY)
    assert found.council is not None
    assert [council.slug for council in queries.list_authorities(found.council)] == ["ashfield", "nottinghamshire"]


def test_the_directory_is_imported_and_an_edition_twice_changes_nothing(places: Council, as_owner: AsOwner) -> None:
    lines = [HEADER, line("E1 8QS", "E09000030"), line("AB1 0AA", "S12000033", "199606", "99.999999")]
    assert as_owner(lambda: import_lines(lines)).read == 2
    assert as_owner(lambda: import_lines(lines)) == Imported(read=2, written=0)
    assert (council_of("E1 8QS"), council_of("AB1 0AA")) == ("tower-hamlets", "aberdeen")


def test_a_newer_edition_changes_what_it_changed(places: Council, as_owner: AsOwner) -> None:
    as_owner(lambda: import_lines([HEADER, line("E2 8QS", "E09000030"), line("E3 8QS", "E09000030")]))
    newer = [HEADER, line("E2 8QS", "E09000012"), line("E3 8QS", "E09000030")]
    assert as_owner(lambda: import_lines(newer)) == Imported(read=2, written=1)
    assert council_of("E2 8QS") == "hackney"


def test_a_postcode_that_was_retired_and_used_again_counts_once(places: Council, as_owner: AsOwner) -> None:
    as_owner(lambda: import_lines([HEADER, line("E4 8QS", "E09000012", "199001"), line("E4 8QS", "E09000030")]))
    assert council_of("E4 8QS") == "tower-hamlets"


def test_codes_of_old_editions_lead_to_the_council_of_today(places: Council, as_owner: AsOwner) -> None:
    lines = [HEADER, line("KY1 1AA", "S12000015"), line("TA1 1AA", "E07000191"), line("YO1 1AA", "E10000023")]
    as_owner(lambda: import_lines(lines))
    assert [council_of(typed) for typed in ("KY1 1AA", "TA1 1AA", "YO1 1AA")] == ["fife", "somerset", "north-yorkshire"]


def test_a_postcode_outside_the_kingdom_leads_nowhere(places: Council, as_owner: AsOwner) -> None:
    as_owner(lambda: import_lines([HEADER, line("JE2 3AB", "L99999999")]))
    with pytest.raises(queries.NoCouncilForPostcode):
        council_of("JE2 3AB")


def test_of_a_broken_directory_nothing_is_taken(places: Council, as_owner: AsOwner) -> None:
    with pytest.raises(UnreadableDirectory):
        as_owner(lambda: import_lines([HEADER, line("E5 8QS", "E09000012"), "broken"]))
    with pytest.raises(queries.NoCouncilForPostcode):
        council_of("E5 8QS")


def test_the_zip_that_ons_publishes_is_read_as_it_is(places: Council, as_owner: AsOwner, tmp_path: Path) -> None:
    path = tmp_path / "ONSPD_AUG_2026.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Data/ONSPD_AUG_2026_UK.csv", f"{HEADER}\r\n{line('E6 8QS', 'E09000012')}\r\n")
        archive.writestr("Data/multi_csv/ONSPD_AUG_2026_UK_E.csv", "not read")
        archive.writestr("Documents/names.csv", "not read")
    assert as_owner(lambda: import_onspd(path)) == Imported(read=1, written=1)
    assert council_of("E6 8QS") == "hackney"


def test_loading_the_invented_postcodes_twice_changes_nothing(places: Council, as_owner: AsOwner) -> None:
    as_owner(load_synthetic_postcodes)
    assert len(queries.find_council_of_postcode(parse_postcode("ZZ1 2AA"), today=TODAY).choices) == 2


def test_webs_login_cannot_import() -> None:
    with pytest.raises(ProgrammingError):
        load_synthetic_postcodes()
