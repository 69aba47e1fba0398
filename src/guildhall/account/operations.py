"""Loading postcodes. Both as the owner's login: everybody else only reads them."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.db import connection

from guildhall.account.domain.directory import ListedPostcode, UnreadableDirectory, read_directory
from guildhall.account.models import Postcode, PostcodeAddress
from guildhall.contact.postcode import parse_postcode
from guildhall.kernel.transactions import transaction

SYNTHETIC = Path(__file__).parent / "data" / "synthetic_postcodes.csv"

_COPY = "COPY arriving_postcodes (postcode, gss, is_large_user, retired_on, latitude, longitude, source) FROM STDIN"

# A directory may list a postcode twice when it was retired and used again: the one in use counts.
_MERGE = """
    INSERT INTO account_postcode AS old
    SELECT DISTINCT ON (postcode) * FROM arriving_postcodes ORDER BY postcode, retired_on DESC NULLS FIRST
    ON CONFLICT (postcode) DO UPDATE SET
        gss = excluded.gss, is_large_user = excluded.is_large_user, retired_on = excluded.retired_on,
        latitude = excluded.latitude, longitude = excluded.longitude, source = excluded.source
    WHERE (old.gss, old.is_large_user, old.retired_on, old.latitude, old.longitude, old.source)
        IS DISTINCT FROM (excluded.gss, excluded.is_large_user, excluded.retired_on, excluded.latitude,
            excluded.longitude, excluded.source)
"""


@dataclass(frozen=True)
class Imported:
    """What an import did: postcodes in the file, and those among them that are new or changed."""

    read: int
    written: int


def import_onspd(path: Path) -> Imported:
    """Bring postcodes up to date with an edition of the ONS Postcode Directory: its CSV file, or the zip as published.

    The file is streamed, so memory stays small; all of it is taken or none. Importing an edition again changes nothing.
    Postcodes that an edition does not have stay: ONS retires postcodes, it does not remove them.

    :raises UnreadableDirectory: the file is no postcode directory, or a line is broken; nothing is changed.
    """
    with _opened(path) as lines:
        return import_lines(lines)


@transaction
def import_lines(lines: Iterable[str]) -> Imported:
    """Bring postcodes up to date with the lines of a directory; promises and refusals as ``import_onspd``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE arriving_postcodes (LIKE account_postcode INCLUDING DEFAULTS) ON COMMIT DROP"
        )
    read = _copy(read_directory(lines))
    with connection.cursor() as cursor:
        cursor.execute(_MERGE)
        return Imported(read=read, written=cursor.rowcount)


@transaction
def load_synthetic_postcodes() -> None:
    """Load the invented postcodes of the sandbox (area ZZ). Loading them again changes nothing."""
    with SYNTHETIC.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    codes = sorted({parse_postcode(line["postcode"]).compact for line in lines})
    Postcode.objects.bulk_create(
        [Postcode(postcode=code, gss="", is_large_user=False, source=Postcode.SYNTHETIC) for code in codes],
        ignore_conflicts=True,
    )
    PostcodeAddress.objects.bulk_create(
        [
            PostcodeAddress(
                postcode=parse_postcode(line["postcode"]).compact,
                address=line["address"],
                custodian_code=line["custodian_code"],
                source=Postcode.SYNTHETIC,
            )
            for line in lines
        ],
        update_conflicts=True,
        unique_fields=["postcode", "address"],
        update_fields=["custodian_code"],
    )


def _copy(postcodes: Iterator[ListedPostcode]) -> int:
    read = 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for listed in postcodes:
            copy.write_row(
                (
                    listed.postcode.compact,
                    listed.gss,
                    listed.is_large_user,
                    listed.retired_on,
                    listed.latitude,
                    listed.longitude,
                    Postcode.ONSPD,
                )
            )
            read += 1
    return read


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Open a directory: a CSV, or the whole UK's CSV inside the zip that ONS publishes."""
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        # Besides the one file of all postcodes, the zip has one for each postcode area, and lists of names.
        whole = [
            name for name in archive.namelist() if name.lower().endswith("_uk.csv") and "multi" not in name.lower()
        ]
        if len(whole) != 1:
            raise UnreadableDirectory("the zip does not have one file of all postcodes (…_UK.csv)")
        with archive.open(whole[0]) as file:
            yield io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
