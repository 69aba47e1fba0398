"""Words about uploaded lists, in both languages: what is wrong, where a list is, what became of a row."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import ngettext

from guildhall.design.languages import Text
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.lists.life import FileFault, State, Unsent
from guildhall.notify.domain.lists.problems import Kind, Problem
from guildhall.notify.pages.messages import STATUSES
from guildhall.notify.queries.lists import ListView, Outcome

# The texts of numbers and addresses are Notify's (contract: notify 1.6 and 1.13, the texts of the screen).
PROBLEMS: Mapping[Kind, Text] = {
    Kind.MISSING: Text("Missing", "Ar goll"),
    Kind.EMAIL: Text("Not a valid email address", "Nid yw’n gyfeiriad e-bost dilys"),
    Kind.PHONE_TOO_LONG: Text("Mobile number is too long", "Mae’r rhif ffôn symudol yn rhy hir"),
    Kind.PHONE_TOO_SHORT: Text("Mobile number is too short", "Mae’r rhif ffôn symudol yn rhy fyr"),
    Kind.PHONE_CHARACTERS: Text(
        "Mobile numbers can only include: 0 1 2 3 4 5 6 7 8 9 ( ) + -",
        "Dim ond y rhain all fod mewn rhif ffôn symudol: 0 1 2 3 4 5 6 7 8 9 ( ) + -",
    ),
    Kind.PHONE_COUNTRY: Text(
        "Country code not found - double check the mobile number you entered",
        "Ni chafwyd hyd i god y wlad - gwiriwch y rhif ffôn symudol a roesoch",
    ),
    Kind.PHONE_UNKNOWN: Text(
        "Number is not valid – double check the phone number you entered",
        "Nid yw’r rhif yn ddilys – gwiriwch y rhif ffôn a roesoch",
    ),
    Kind.PHONE_NOT_MOBILE: Text(
        "This does not look like a UK mobile number – double check the mobile number you entered",
        "Nid yw hwn yn edrych fel rhif ffôn symudol yn y DU – gwiriwch y rhif a roesoch",
    ),
    Kind.PHONE_ABROAD: Text(
        "This service may not send text messages to other countries",
        "Ni chaiff y gwasanaeth hwn anfon negeseuon testun i wledydd eraill",
    ),
    Kind.ADDRESS_TOO_SHORT: Text("Address must be at least 3 lines", "Rhaid i’r cyfeiriad fod yn 3 llinell o leiaf"),
    Kind.ADDRESS_TOO_LONG: Text(
        "Address must be no more than 7 lines", "Rhaid i’r cyfeiriad beidio â bod yn fwy na 7 llinell"
    ),
    Kind.ADDRESS_FIRST_LINES: Text(
        "The first 2 lines of the address must both include at least one alphanumeric character",
        "Rhaid i ddwy linell gyntaf y cyfeiriad gynnwys o leiaf un llythyren neu rif",
    ),
    Kind.ADDRESS_BFPO: Text(
        "The last line of a BFPO address must not be a country.",
        "Rhaid i linell olaf cyfeiriad BFPO beidio â bod yn wlad.",
    ),
    Kind.ADDRESS_LAST_LINE: Text(
        "Last line of address must be a real UK postcode or another country",
        "Rhaid i linell olaf y cyfeiriad fod yn god post go iawn yn y DU neu’n wlad arall",
    ),
    Kind.ADDRESS_CHARACTERS: Text(
        "Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >",
        "Rhaid i linellau’r cyfeiriad beidio â dechrau ag un o’r rhain: @ ( ) = [ ] ” \\ / , < >",
    ),
    Kind.ADDRESS_NOT_REAL: Text("Must be a real address", "Rhaid iddo fod yn gyfeiriad go iawn"),
    Kind.NOT_ALLOWED: Text(
        "In trial mode this service can only write to your team and to people on its guest list",
        "Yn y modd prawf dim ond at eich tîm ac at bobl ar ei restr westeion y gall y gwasanaeth hwn ysgrifennu",
    ),
    Kind.LANGUAGE: Text("Not a language: English, Welsh or both", "Nid yw’n iaith: Saesneg, Cymraeg neu’r ddwy"),
    Kind.SWALLOWED: Text(
        "Seems to hold other rows: a quotation mark is missing or one too many. "
        "If these words belong to one cell, upload the list as a spreadsheet",
        "Mae’n ymddangos ei bod yn cynnwys rhesi eraill: mae dyfynnod ar goll neu mae un yn ormod. "
        "Os yw’r geiriau hyn yn perthyn i un gell, uwchlwythwch y rhestr fel taenlen",
    ),
    Kind.NOT_DRAWN: Text("Letters cannot show some of its characters", "Ni all llythyrau ddangos rhai o’i nodau"),
    Kind.FORMULA_ERROR: Text(
        "A formula’s error. Mend the formula, or write what the cell should say",
        "Gwall fformiwla. Cywirwch y fformiwla, neu ysgrifennwch yr hyn y dylai’r gell ei ddweud",
    ),
    Kind.FORMULA_WITHOUT_VALUE: Text(
        "A formula that nobody has worked out. Open the file in a spreadsheet program and save it again",
        "Fformiwla nad oes neb wedi’i chyfrifo. Agorwch y ffeil mewn rhaglen daenlenni a’i chadw eto",
    ),
    Kind.TOO_NARROW: Text(
        "The column was too narrow when the file was saved. Make it wider and save the file again",
        "Roedd y golofn yn rhy gul pan gadwyd y ffeil. Gwnewch hi’n lletach a chadwch y ffeil eto",
    ),
    Kind.SHORTENED: Text(
        "A number that a spreadsheet program has shortened, so that its digits are lost. "
        "Format the column as text and write it again",
        "Rhif y mae rhaglen daenlenni wedi’i fyrhau, fel bod ei ddigidau wedi’u colli. "
        "Fformatiwch y golofn fel testun a’i ysgrifennu eto",
    ),
    Kind.DATE: Text(
        "A date, which a spreadsheet program may have made of something else. "
        "Format the column as text and write it again",
        "Dyddiad, y gall rhaglen daenlenni fod wedi’i wneud o rywbeth arall. "
        "Fformatiwch y golofn fel testun a’i ysgrifennu eto",
    ),
    Kind.LOST_LETTER: Text(
        "There is a letter that cannot be read. Write it again",
        "Mae llythyren na ellir ei darllen. Ysgrifennwch hi eto",
    ),
    Kind.TOO_LONG: Text("The message is too long", "Mae’r neges yn rhy hir"),
    Kind.EMPTY: Text("The message would be empty", "Byddai’r neges yn wag"),
}
FAULTS: Mapping[FileFault, Text] = {
    FileFault.EMPTY: Text("The file is empty", "Mae’r ffeil yn wag"),
    FileFault.TOO_LARGE: Text(
        "The file is too large, or unpacks to far more than it seems to hold",
        "Mae’r ffeil yn rhy fawr, neu’n dadbacio i lawer mwy nag y mae’n ymddangos ei bod yn ei ddal",
    ),
    FileFault.NOT_A_LIST: Text(
        "The file is not a spreadsheet that we can read, or it is damaged. "
        "Save it as CSV, Excel (.xlsx) or OpenDocument (.ods)",
        "Nid yw’r ffeil yn daenlen y gallwn ei darllen, neu mae wedi’i difrodi. "
        "Cadwch hi fel CSV, Excel (.xlsx) neu OpenDocument (.ods)",
    ),
    FileFault.LOCKED: Text(
        "The file has a password. Save it without one", "Mae cyfrinair ar y ffeil. Cadwch hi heb gyfrinair"
    ),
    FileFault.TOO_MANY_ROWS: Text(
        "The file has more than 100,000 rows. Split it into several files",
        "Mae gan y ffeil fwy na 100,000 o resi. Rhannwch hi’n sawl ffeil",
    ),
    FileFault.TOO_MANY_COLUMNS: Text("The file has more than 1,000 columns", "Mae gan y ffeil fwy na 1,000 o golofnau"),
    FileFault.CELL_TOO_LONG: Text(
        "A cell is far too long. Perhaps a quotation mark is never closed",
        "Mae cell yn llawer rhy hir. Efallai nad yw dyfynnod wedi’i gau",
    ),
    FileFault.QUOTE_NEVER_ENDS: Text(
        "A cell begins with a quotation mark and never ends. Close it, "
        "or write the mark twice if it belongs to the words",
        "Mae cell yn dechrau â dyfynnod ac nid yw byth yn gorffen. Caewch hi, "
        "neu ysgrifennwch y dyfynnod ddwywaith os yw’n perthyn i’r geiriau",
    ),
    FileFault.QUOTE_INSIDE_CELL: Text(
        "A quotation mark stands inside a cell. Take it out, or, if it belongs to the words, write it twice "
        "and put the whole cell in quotation marks",
        "Mae dyfynnod y tu mewn i gell. Tynnwch ef, neu, os yw’n perthyn i’r geiriau, ysgrifennwch ef ddwywaith "
        "a rhowch y gell gyfan mewn dyfynodau",
    ),
    FileFault.HEADING_SWALLOWED: Text(
        "The row of headings seems to hold other rows: a quotation mark is missing or one too many",
        "Mae’n ymddangos bod rhes y penawdau’n cynnwys rhesi eraill: mae dyfynnod ar goll neu mae un yn ormod",
    ),
    FileFault.HEADINGS_BELOW: Text(
        "These look like the headings. Delete the rows above them",
        "Mae’r rhain yn edrych fel y penawdau. Dilëwch y rhesi uwch eu pen",
    ),
    FileFault.CELLS_MERGED: Text(
        "Cells of several rows are merged, and only the first of those rows has what is in them. Undo the merging of",
        "Mae celloedd sawl rhes wedi’u huno, a dim ond y gyntaf o’r rhesi hynny sydd â’r hyn sydd ynddynt. "
        "Dadwnewch uno",
    ),
    FileFault.NO_ROWS: Text(
        "There is nobody in the file: it has headings and no other row",
        "Nid oes neb yn y ffeil: mae ganddi benawdau a dim rhes arall",
    ),
    FileFault.COLUMNS_MISSING: Text(
        "The file does not have all the columns that the template needs",
        "Nid oes gan y ffeil bob colofn sydd ei hangen ar y templed",
    ),
    FileFault.COLUMNS_REPEATED: Text(
        "The file says twice whom to write to", "Mae’r ffeil yn dweud ddwywaith at bwy i ysgrifennu"
    ),
}
STATES: Mapping[State, Text] = {
    State.CHECKING: Text("Being checked", "Yn cael ei gwirio"),
    State.UNREADABLE: Text("Cannot be used", "Ni ellir ei defnyddio"),
    State.WRONG: Text("Has rows to mend", "Mae rhesi i’w cywiro"),
    State.READY: Text("Ready to send", "Yn barod i’w hanfon"),
    State.SCHEDULED: Text("Scheduled", "Wedi’i hamserlennu"),
    State.SENDING: Text("Being sent", "Yn cael ei hanfon"),
    State.FINISHED: Text("Sent", "Wedi’i hanfon"),
    State.CANCELLED: Text("Cancelled", "Wedi’i chanslo"),
}
STATE_COLOURS: Mapping[State, str] = {
    State.UNREADABLE: "govuk-tag--red",
    State.WRONG: "govuk-tag--red",
    State.READY: "govuk-tag--turquoise",
    State.FINISHED: "govuk-tag--green",
    State.CANCELLED: "govuk-tag--grey",
}
UNSENT: Mapping[Unsent, Text] = {
    Unsent.TEMPLATE_GONE: Text(
        "Not sent: the template was put away", "Heb ei hanfon: cafodd y templed ei roi o’r neilltu"
    ),
    Unsent.NOT_IN_ORDER: Text(
        "Not sent: something had changed since the list was checked",
        "Heb ei hanfon: roedd rhywbeth wedi newid ers gwirio’r rhestr",
    ),
    Unsent.CAP_REACHED: Text("Not sent: the spending cap was reached", "Heb ei hanfon: cyrhaeddwyd y cap gwario"),
    Unsent.MAY_NOT_SEND: Text(
        "Not sent: the service was in trial mode", "Heb ei hanfon: roedd y gwasanaeth yn y modd prawf"
    ),
}
NOT_YET = Text("Not sent yet", "Heb ei hanfon eto")
ONLY_PRETENDED = Text("Only pretended to be sent", "Dim ond esgus anfon")
_NO_COLUMN = {"": Text("the message", "y neges"), "address": Text("the address", "y cyfeiriad")}
REPORT_HEADINGS = (
    Text("Row", "Rhes"),
    Text("Status", "Statws"),
    Text("Sent", "Anfonwyd"),
    Text("Finished", "Gorffennwyd"),
)


def fault_words(fault: FileFault, about: Sequence[str]) -> Text:
    """Return why a file cannot be used: in which row and on which line of the file, or about which columns."""
    words = FAULTS[fault]
    if not about:
        return words
    place = _PLACES.get(fault)
    if place is None:
        return Text(f"{words.en}: {', '.join(about)}", f"{words.cy}: {', '.join(about)}")
    where = place(*about)
    return Text(f"{where.en}: {_lower(words.en)}", f"{where.cy}: {_lower(words.cy)}")


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _row(row: str, begins: str = "", at: str = "") -> Text:
    """Return which row is meant, and on which line of a text file: cells over several lines make the two differ."""
    if not begins:
        return Text(f"Row {row}", f"Rhes {row}")
    if begins == at:
        return Text(f"Row {row}, on line {at} of the file", f"Rhes {row}, ar linell {at} y ffeil")
    return Text(
        f"Row {row}, which begins on line {begins} of the file, and there on line {at}",
        f"Rhes {row}, sy’n dechrau ar linell {begins} y ffeil, ac yno ar linell {at}",
    )


_PLACES: Mapping[FileFault, Callable[..., Text]] = {
    FileFault.CELL_TOO_LONG: _row,
    FileFault.QUOTE_NEVER_ENDS: _row,
    FileFault.QUOTE_INSIDE_CELL: _row,
    FileFault.HEADING_SWALLOWED: _row,
    FileFault.HEADINGS_BELOW: _row,
}


def name_of_place(problem: Problem) -> Text:
    """Return where a problem is: its column as the file calls it, or what it concerns where that is no column."""
    return _NO_COLUMN.get(problem.column, Text(problem.column))


def words_of(problem: Problem) -> Text:
    """Return what is wrong with a cell or a message: by how much, or which characters, where that helps."""
    words = PROBLEMS[problem.kind]
    if problem.kind is Kind.TOO_LONG and problem.extent:
        over = f"{problem.extent:,}"
        return Text(f"{words.en} by {over} characters", f"{words.cy} o {over} nod")
    if problem.characters:
        named = " ".join(problem.characters)
        return Text(f"{words.en}: {named}", f"{words.cy}: {named}")
    return words


def outcome_words(outcome: Outcome, *, is_over: bool) -> Text:
    """Return what became of a row. A finished list's row without a message was for a recipient who is none."""
    if outcome.unsent is not None:
        return UNSENT[outcome.unsent]
    if outcome.status is not None:
        return status_words(outcome.status)
    return ONLY_PRETENDED if is_over else NOT_YET


def messages_in(view: ListView) -> str:
    """Return what a list sends: ``3 emails``."""
    counted = {
        Channel.EMAIL: ngettext("%(count)s email", "%(count)s emails", view.rows),
        Channel.SMS: ngettext("%(count)s text message", "%(count)s text messages", view.rows),
        Channel.LETTER: ngettext("%(count)s letter", "%(count)s letters", view.rows),
    }
    return counted[view.channel] % {"count": f"{view.rows:,}"}


def status_words(status: Status) -> Text:
    return STATUSES.get(status, Text(str(status), str(status)))
