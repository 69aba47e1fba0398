"""Make councils.csv from five open data files. See README.md beside this file for the sources, licences and choices.

    python make_councils.py FOLDER [OUTPUT]

FOLDER holds ``govuk_local_authorities.csv`` (GOV.UK), ``councils.csv`` and ``council_name_lookup.csv`` (mySociety),
``council_to_region.csv`` (planning.data.gov.uk) and ``registers/principal-local-authority.csv`` (the Welsh register).
The result is sorted, so that a newer edition of a source shows as a small difference in version control.
"""

import csv
import re
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

COLUMNS = [
    *("code", "slug", "name", "name_cy", "other_words", "kind", "tier", "nation", "region", "gss", "former_gss"),
    *("snac", "custodian_code", "homepage_url", "part_of", "succeeded_by", "started_on", "ended_on"),
]

# Words of other names that tell no council from another, or are not words.
NO_HELP = {
    *("authority", "borough", "charter", "city", "combined", "corporation", "coucil", "council", "county", "cyngor"),
    *("district", "metropolitan", "of", "royal", "the", "unitary"),
}

KIND_OF_COUNCIL = re.compile(r"Council|Corporation|Borough|City of|Comhairle")
WORD = re.compile(r"[a-z]+")
NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")

KINDS = {
    "CTY": "county",
    "NMD": "district",
    "UA": "unitary",
    "WPA": "unitary",
    "SCO": "unitary",
    "NID": "unitary",
    "LBO": "london_borough",
    "CC": "city_corporation",
    "MD": "metropolitan_district",
    "COMB": "combined_authority",
    "SRA": "combined_authority",
}

# The eleven councils of Northern Ireland took over from twenty-six on 1 April 2015; the source does not say which from
# which. Each old district went, but for pieces at its edges, to the council that bears its name or its town
# (Local Government (Boundaries) Act (Northern Ireland) 2008, schedule 1).
NORTHERN_IRELAND_2015 = {
    "Armagh City, Banbridge and Craigavon": ("Armagh City", "Banbridge", "Craigavon"),
    "Antrim and Newtownabbey": ("Antrim", "Newtownabbey"),
    "Ards and North Down": ("Ards", "North Down"),
    "Causeway Coast and Glens": ("Ballymoney", "Coleraine", "Limavady", "Moyle"),
    "Derry City and Strabane": ("Derry", "Strabane"),
    "Fermanagh and Omagh": ("Fermanagh", "Omagh"),
    "Lisburn and Castlereagh": ("Castlereagh", "Lisburn"),
    "Mid and East Antrim": ("Ballymena", "Carrickfergus", "Larne"),
    "Mid Ulster": ("Cookstown", "Dungannon and South Tyrone", "Magherafelt"),
    "Newry, Mourne and Down": ("Down", "Newry and Mourne"),
}


def main(folder: Path, output: Path) -> None:
    known = {row["local_authority_code"]: row for row in read(folder / "councils.csv")}
    gov_uk = {row["local_custodian_code"]: row for row in read(folder / "govuk_local_authorities.csv")}
    welsh = {row["key"]: row for row in read(folder / "registers/principal-local-authority.csv")}
    others: dict[str, list[str]] = {}
    for row in read(folder / "council_name_lookup.csv"):
        others.setdefault(row["local-authority-code"], []).append(row["la-name"])
    regions = {row["organisation"].partition(":")[2]: row["region"] for row in read(folder / "council_to_region.csv")}
    rows = list(councils(known, gov_uk, welsh, regions))
    for row in rows:
        row["other_words"] = other_words(
            row, known[row["code"]], welsh.get(row["code"], {}), others.get(row["code"], [])
        )
    check(rows, gov_uk)
    with output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["code"]))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def councils(
    known: dict[str, dict[str, str]],
    gov_uk: dict[str, dict[str, str]],
    welsh: dict[str, dict[str, str]],
    regions: dict[str, str],
) -> Iterator[dict[str, str]]:
    successors = successors_in_northern_ireland(known)
    former_gss = {row["gss"] for row in known.values() if row["current"] != "True"}
    slugs = {row["slug"] for row in gov_uk.values()}
    for code, row in known.items():
        listed = gov_uk[row["local_custodian_code"]] if is_principal(row) else {}
        slug = listed.get("slug") or free_slug(row, slugs)
        slugs.add(slug)
        yield {
            "code": code,
            "slug": slug,
            "name": name(row, listed, former_gss),
            "name_cy": welsh.get(code, {}).get("official-name-cy", ""),
            "kind": KINDS[row["type"]],
            "tier": listed.get("tier", ""),
            "nation": row["nation"],
            "region": region(row, regions),
            "gss": row["gss"],
            "former_gss": ";".join(older_gss(row, listed, former_gss)),
            "snac": row["snac"],
            "custodian_code": listed.get("local_custodian_code", ""),
            "homepage_url": listed.get("homepage_url", ""),
            "part_of": ";".join(filter(None, (row["county_code"], row["combined_authority_code"]))),
            "succeeded_by": row["replaced_by"].replace(",", ";") or successors.get(code, ""),
            "started_on": "" if row["start_date"].startswith("2005-") else row["start_date"],
            "ended_on": last_day(row["end_date"]),
        }


def is_principal(row: dict[str, str]) -> bool:
    return row["current"] == "True" and KINDS[row["type"]] != "combined_authority"


def name(row: dict[str, str], listed: dict[str, str], former_gss: set[str]) -> str:
    """GOV.UK's name is the fresher one, unless GOV.UK still lists the council that was abolished, or shortened it."""
    is_stale = listed.get("gss") in former_gss
    is_short = not KIND_OF_COUNCIL.search(listed.get("name", ""))
    return " ".join((row["official_name"] if is_stale or is_short else listed["name"]).split())


def other_words(row: dict[str, str], known: dict[str, str], welsh: dict[str, str], others: list[str]) -> str:
    """Words that people look for the council by and that its names do not have: Western Isles, Kingston, Benfro."""
    ours = words(f"{row['name']} {row['name_cy']} {row['slug']} {row['code']}")
    certain = words(f"{known['name']} {welsh.get('name', '')} {welsh.get('name-cy', '')}")
    likely = {word for word in words(" ".join(others)) if len(word) > 4}
    return " ".join(sorted((certain | likely) - ours - NO_HELP))


def words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return set(WORD.findall(plain))


def region(row: dict[str, str], regions: dict[str, str]) -> str:
    """planning.data.gov.uk's region: mySociety puts two counties outside the region of their districts."""
    slug = regions.get(row["local_authority_code"])
    return slug.replace("-", " ").title().replace(" Of ", " of ").replace(" And ", " and ") if slug else row["region"]


def older_gss(row: dict[str, str], listed: dict[str, str], former_gss: set[str]) -> list[str]:
    """Codes this council had before: mySociety's, and GOV.UK's where it differs and was not another council's."""
    older = {code for code in row["former_gss"].split(",") if code}
    if listed and listed["gss"] != row["gss"] and listed["gss"] not in former_gss:
        older.add(listed["gss"])
    return sorted(older)


def free_slug(row: dict[str, str], taken: set[str]) -> str:
    """Authorities that GOV.UK's list leaves out get the shortest readable address that nobody has."""
    is_combined = KINDS[row["type"]] == "combined_authority"
    choices = (
        [row["official_name"]] if is_combined else [row["govuk_slug"] or row["name"], row["name"], row["official_name"]]
    )
    slugs = (NOT_IN_SLUGS.sub("-", choice.lower()).strip("-") for choice in choices)
    return next(slug for slug in slugs if slug and slug not in taken)


def last_day(text: str) -> str:
    """The last day on which the council existed; the source writes some as the first day on which it did not."""
    if text.endswith("-04-01"):
        return (date.fromisoformat(text) - timedelta(days=1)).isoformat()
    return text


def successors_in_northern_ireland(known: dict[str, dict[str, str]]) -> dict[str, str]:
    by_name = {row["name"].strip(): code for code, row in known.items() if row["type"] == "NID"}
    return {by_name[old]: by_name[new] for new, olds in NORTHERN_IRELAND_2015.items() for old in olds}


def check(rows: list[dict[str, str]], gov_uk: dict[str, dict[str, str]]) -> None:
    """Stop rather than write a list that is not what the README says."""
    codes = {row["code"] for row in rows}
    principal = [row for row in rows if row["custodian_code"]]
    assert len({row["slug"] for row in rows}) == len(rows), "two councils share an address"
    assert {row["slug"] for row in principal} == {row["slug"] for row in gov_uk.values()}, (
        "a council of GOV.UK is missing"
    )
    for row in rows:
        related = filter(None, (row["part_of"] + ";" + row["succeeded_by"]).split(";"))
        assert codes.issuperset(related), f"{row['code']} names an authority that is not in the list"
        assert not row["ended_on"] or row["succeeded_by"], f"{row['code']} has ended and nobody succeeded it"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).with_name("councils.csv"))
