from datetime import date

import pytest

from guildhall.account.domain.directory import ListedPostcode, UnreadableDirectory, read_directory
from guildhall.contact.postcode import Postcode

# Editions of the ONS Postcode Directory, cut down: the columns that we read, in the places that they have had.
OLD = "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,lat,long"
NEW = "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,lad25cd,wd25cd,lat,long"
LOOKUP = "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,laua,ward,lat,long"


def test_the_directory_is_read_whatever_its_edition_calls_its_columns() -> None:
    expected = [ListedPostcode(Postcode("E1", "8QS"), "E09000030", False, None, 51.51, -0.07)]
    old = [OLD, '"E1  8QS","E1   8QS","E1 8QS","198001","","E99999999","E99999999","E09000030","x","y","0",51.51,-0.07']
    new = [NEW, "E1  8QS,E1   8QS,E1 8QS,198001,,0,1,E09000030,x,51.51,-0.07"]
    lookup = [LOOKUP, "E1  8QS,E1   8QS,E1 8QS,198001,,0,1,E09000030,x,51.51,-0.07"]
    assert [list(read_directory(lines)) for lines in (old, new, lookup)] == [expected] * 3


def test_retired_postcodes_large_users_and_postcodes_without_a_place_are_told() -> None:
    [listed] = read_directory([NEW, "AB1 0AA,AB1  0AA,AB1 0AA,198001,199606,1,,S12000033,x,99.999999,0.000000"])
    assert listed.retired_on == date(1996, 6, 1)
    assert listed.is_large_user
    assert (listed.latitude, listed.longitude) == (None, None)


def test_the_channel_islands_have_no_council_of_ours() -> None:
    [listed] = read_directory([NEW, "JE2 3AB,JE2  3AB,JE2 3AB,199501,,0,,L99999999,x,99.999999,0.000000"])
    assert listed.gss == ""


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["name,colour", "a,b"], "no column for council"),
        ([], "no column for council"),
        ([NEW, "E1 8QS,E1 8QS,E1 8QS,198001,,0,1"], "line 2"),
        ([NEW, "x,x,nonsense,198001,,0,1,E09000030,x,51.51,-0.07"], "line 2"),
        ([NEW, "x,x,E1 8QS,198001,soon,0,1,E09000030,x,51.51,-0.07"], "line 2"),
    ],
)
def test_another_file_or_a_broken_line_is_refused_with_the_reason(lines: list[str], reason: str) -> None:
    with pytest.raises(UnreadableDirectory, match=reason):
        list(read_directory(lines))
