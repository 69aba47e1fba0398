"""What we write for spreadsheet programs opens as it is meant, and comes back as it was."""

from guildhall.spreadsheets.opening import open_spreadsheet
from guildhall.spreadsheets.writing import write_csv

ROWS = [("Enw", "note"), ("Siân", "=1+1"), ('Jo "JJ" Lee', "two\nlines"), ("-5", "a, b")]


def test_a_table_is_read_again_as_it_was_written() -> None:
    table = open_spreadsheet(list(write_csv(ROWS)))
    assert [row.cells for row in table.rows] == ROWS
    assert (table.encoding, table.is_guess) == ("UTF-8", False)


def test_no_cell_is_a_formula_for_a_spreadsheet_program() -> None:
    written = b"".join(write_csv([("=a", "+b"), ("-c", "@d")])).decode("utf-8-sig")
    assert written == "'=a,'+b\r\n'-c,'@d\r\n"


def test_a_long_table_is_handed_over_while_it_is_written() -> None:
    def rows() -> object:
        yield from ((str(number),) for number in range(1_000))
        raise AssertionError("read to its end before anything was handed over")

    assert next(write_csv(rows())).count(b"\r\n") < 1_000  # type: ignore[arg-type]
