"""How files with lists are made of a text."""

import io
import zipfile
from xml.sax.saxutils import escape

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.lists.checking import check_row
from guildhall.notify.domain.lists.columns import read_columns
from guildhall.notify.domain.lists.rules import Rules
from guildhall.notify.domain.lists.swallowed import find_swallowed
from guildhall.notify.domain.template import Pair, Words
from guildhall.spreadsheets.opening import open_spreadsheet
from guildhall.spreadsheets.table import Row, Table
from tests.linear_time.made import split
from tests.linear_time.readers import heard


def open_list(content: str) -> Table:
    return open_spreadsheet([content.encode()], is_expected={"name"}.__contains__)


def read_list(text: str) -> None:
    rules = Rules(Channel.EMAIL, Pair(Words("((name))", "Dear ((name))")), None)
    for content in (f"email address,name\n{text}", f'email address,name\na@b.example,"{text}"\n', f"{text}\na,b\n"):
        rows = iter(heard(lambda content=content: list(open_list(content).rows)) or ())
        for number, row in enumerate(rows):
            if number == 0:
                columns = read_columns(row.cells, Channel.EMAIL, asked_for=["name"], delimiter=",")
                continue
            check_row(row, columns, rules)
            find_swallowed(row.cells, columns, Channel.EMAIL)
    many = read_columns(split(text), Channel.LETTER, asked_for=split(text))
    check_row(Row(2, tuple(split(text))), many, Rules(Channel.LETTER, Pair(Words("", "Dear ((name))")), None))
    find_swallowed(("a", text), read_columns(("a", "b"), Channel.SMS, asked_for=(), delimiter=","), Channel.SMS)


def zipped(**members: str) -> bytes:
    """Return an archive of texts by the names of its members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def _xml(text: str) -> str:
    return escape("".join(each for each in text if each.isprintable() or each == "\n"), {'"': "&quot;"})


_ROW = "<table:table-row><table:table-cell>%s</table:table-cell></table:table-row>"
_RELATIONS = '<a><b Id="r1" Type="x/{}" Target="{}"/></a>'


def workbook(sheet: str) -> bytes:
    """Return a workbook of which a text is the only sheet."""
    return zipped(
        **{
            "[Content_Types].xml": "<a/>",
            "_rels/.rels": _RELATIONS.format("officeDocument", "w.xml"),
            "w.xml": '<w><sheet r:id="r1"/></w>',
            "_rels/w.xml.rels": _RELATIONS.format("worksheet", "s.xml"),
            "s.xml": sheet,
        }
    )


def read_workbook(text: str) -> None:
    """Read a text as a cell, as many cells, as a number's format and as a document of its own."""
    words = _xml(text)
    sheets = (
        f'<s><row r="1"><c t="inlineStr"><is><t>{words}</t></is></c></row></s>',
        f"<s>{''.join(f'<row><c><v>{number}</v></c></row>' for number in range(len(text) // 30))}</s>",
        f'<s><row><c t="inlineStr"><is>{"<t>_x0041_</t>" * (len(text) // 14)}</is></c></row></s>',
        text,
    )
    for content in map(workbook, sheets):
        heard(lambda content=content: list(open_spreadsheet([content]).rows))


def read_opendocument(text: str) -> None:
    words = _xml(text)
    rows = (
        _ROW % f"<text:p>{words}</text:p>",
        _ROW % "<text:p>a</text:p>" * (len(text) // 80),
        _ROW % ("<text:p><text:s/></text:p>" * (len(text) // 26)),
    )
    for each in rows:
        content = zipped(
            mimetype="application/vnd.oasis.opendocument.spreadsheet",
            **{"content.xml": f"<office><table:table>{each}</table:table></office>"},
        )
        heard(lambda content=content: list(open_spreadsheet([content]).rows))
