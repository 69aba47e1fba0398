import csv
from pathlib import Path

import pytest
from django.utils import translation

import guildhall.organisations
from guildhall.organisations.domain.councils import (
    Kind,
    Scheme,
    Tier,
    UnreadableList,
    parse_list,
    searchable,
    told_apart_by,
)
from guildhall.organisations.pages.wording import place_of

THE_LIST = Path(guildhall.organisations.__file__).parent / "data" / "councils.csv"
LINE = {
    "code": "AGY",
    "slug": "isle-of-anglesey",
    "name": "Isle of Anglesey County Council",
    "name_cy": "Cyngor Sir Ynys Môn",
    "other_words": "",
    "kind": "unitary",
    "tier": "unitary",
    "nation": "Wales",
    "region": "Wales",
    "gss": "W06000001",
    "former_gss": "",
    "snac": "00NA",
    "custodian_code": "6805",
    "homepage_url": "https://www.anglesey.gov.uk/",
    "part_of": "",
    "succeeded_by": "",
    "started_on": "1996-04-01",
    "ended_on": "",
}


def the_list() -> list[dict[str, str]]:
    with THE_LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_has_every_principal_council_every_combined_authority_and_those_that_were() -> None:
    councils = parse_list(the_list())
    principal = [council for council in councils if council.tier]
    assert len(principal) == 382
    assert [sum(1 for council in principal if council.tier == tier) for tier in ("county", "district", "unitary")] == [
        21,
        164,
        197,
    ]
    assert sum(1 for council in councils if council.kind == Kind.COMBINED_AUTHORITY) == 15
    assert sum(1 for council in councils if council.ended_on) == 73


def test_every_council_of_wales_has_its_welsh_name() -> None:
    welsh = [council for council in parse_list(the_list()) if council.nation == "Wales"]
    assert len(welsh) == 22
    assert all(council.name_cy for council in welsh)


def test_every_abolished_council_leads_to_one_that_exists() -> None:
    by_code = {council.code: council for council in parse_list(the_list())}

    def today(code: str) -> set[str]:
        council = by_code[code]
        return set().union(*(today(other) for other in council.succeeded_by)) if council.ended_on else {code}

    assert today("WSO") == {"SMT"}  # West Somerset, by way of Somerset West and Taunton
    assert all(today(council.code) for council in by_code.values())


def test_no_council_began_in_2005_when_somebody_made_a_list() -> None:
    assert not [
        council.code for council in parse_list(the_list()) if council.started_on and council.started_on.year == 2005
    ]


def test_every_district_is_part_of_its_county() -> None:
    councils = parse_list(the_list())
    counties = {council.code for council in councils if council.tier == Tier.COUNTY}
    assert not [
        council.code for council in councils if council.tier == Tier.DISTRICT and not council.part_of & counties
    ]


def test_north_yorkshire_is_the_council_of_today_under_its_address_of_old() -> None:
    north_yorkshire = next(council for council in parse_list(the_list()) if council.slug == "north-yorkshire")
    assert north_yorkshire.name == "North Yorkshire Council"
    assert (Scheme.GSS, "E06000065") in north_yorkshire.codes


def test_a_line_becomes_a_council_with_its_codes() -> None:
    [council] = parse_list([LINE])
    assert (council.kind, council.tier, council.name_cy) == (Kind.UNITARY, Tier.UNITARY, "Cyngor Sir Ynys Môn")
    assert (Scheme.CUSTODIAN, "6805") in council.codes


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "village"},
        {"started_on": "last spring"},
        {"name": ""},
        {"succeeded_by": "NOBODY"},
    ],
)
def test_a_list_with_a_senseless_line_is_refused_whole(change: dict[str, str]) -> None:
    with pytest.raises(UnreadableList):
        parse_list([LINE, LINE | {"code": "NEW", "slug": "new"} | change])


def test_a_list_with_an_address_twice_is_refused() -> None:
    with pytest.raises(UnreadableList):
        parse_list([LINE, LINE | {"code": "NEW"}])


def test_names_are_found_without_accents_capitals_or_hyphens() -> None:
    assert searchable("Cyngor Sir Ynys Môn") == "cyngor sir ynys mon"
    assert searchable("Hammersmith & Fulham") == searchable("hammersmith AND fulham")
    assert searchable("King's Lynn") == "kings lynn"


def test_every_nation_and_region_of_the_list_has_a_welsh_name() -> None:
    places = {(line["nation"], line["region"]) for line in the_list()}
    with translation.override("cy"):
        welsh = {place: place_of(*place) for place in places}
    assert [place for place, name in welsh.items() if set(place) & set(name.split(", "))] == []
    assert welsh["England", "East Midlands"] == "Lloegr, Dwyrain Canolbarth Lloegr"
    assert welsh["Wales", "Wales"] == "Cymru"


def test_a_name_of_words_that_are_said_of_many_is_told_apart_by_all_of_them() -> None:
    assert told_apart_by("City Council", "The Borough Council") == sorted({"city council", "the borough council"})
