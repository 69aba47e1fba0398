"""What was noticed about a list, in words: how often, where at first, and what to look at."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guildhall.design.languages import Text
from guildhall.notify.domain.lists.noticed import Noticed, in_order
from guildhall.notify.domain.lists.remarks import Remark
from guildhall.notify.queries.lists import ListView, find_row
from guildhall.spreadsheets.noticed import Place, Seen

_EXAMPLES = 3
_THE_ROW = Text("the row", "y rhes")


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that was noticed, the first places of it, and of how many more nothing is shown."""

    words: Text
    count: int
    places: Sequence[str]
    more: int = 0


def notices_of(view: ListView) -> list[Notice]:
    """Return everything that was noticed about a list, for its page."""
    return [_notice(view, noticed, seen) for noticed, seen in in_order(view.noticed)]


def remark_words(remark: Remark) -> Text:
    """Return what was noticed about a row, for its own page and the sheet of problems."""
    if remark.kind is Noticed.SAME_RECIPIENT:
        return Text(f"Same recipient as row {remark.about}", f"Yr un derbynnydd â rhes {remark.about}")
    if remark.kind is Noticed.DEARER:
        characters, dear, cheap = _dearer(remark.about)
        return Text(
            f"Because of {characters} it counts as {dear} instead of {cheap}",
            f"Oherwydd {characters} mae’n cyfrif fel {dear} yn lle {cheap}",
        )
    return _REMARKS[remark.kind]


def remark_about(remark: Remark) -> Text:
    """Return which column a remark is about, or that it is the whole row."""
    return Text(remark.column) if remark.column else _THE_ROW


def _notice(view: ListView, noticed: Noticed, seen: Seen) -> Notice:
    words = _dearer_words(view, seen) if noticed is Noticed.DEARER else _WORDS[noticed]
    if noticed is Noticed.GUESSED_LETTERS:
        examples = list(_examples(view, seen.places))
        return Notice(words, seen.count, examples, seen.count - len(examples))
    write = _PLACES.get(noticed, _rows_and_column)
    shown = sum(place.last - place.first + 1 for place in seen.places)
    return Notice(words, seen.count, [write(place) for place in seen.places], seen.count - shown)


def _examples(view: ListView, places: Iterable[Place]) -> Iterable[str]:
    """Return some cells as they were read: whether letters are right only eyes can tell."""
    for place in list(places)[:_EXAMPLES]:
        found = find_row(view.id, place.first)
        cell = view.columns.cell(place.about, found.listed.row.cells) if found else ""
        yield _("row %(row)s: “%(cell)s”") % {"row": place.first, "cell": cell[:100]} if cell else _rows(place)


def _rows(place: Place) -> str:
    if place.first == place.last:
        return _("row %(row)s") % {"row": f"{place.first:,}"}
    return _("rows %(first)s to %(last)s") % {"first": f"{place.first:,}", "last": f"{place.last:,}"}


def _rows_and_column(place: Place) -> str:
    return f"{_rows(place)} ({place.about})" if place.about else _rows(place)


def _about(place: Place) -> str:
    return place.about


def _same_as(place: Place) -> str:
    return _("%(rows)s as row %(earlier)s") % {"rows": _rows(place), "earlier": f"{int(place.about):,}"}


def _dearer_words(view: ListView, seen: Seen) -> Text:
    """Return by how much certain characters make a list of texts dearer."""
    dear = sum(multiplier * count for multiplier, count in view.units.items())
    cheap = dear - seen.extent
    return Text(
        f"Because of certain characters the list counts as {dear:,} text messages instead of {cheap:,}",
        f"Oherwydd nodau penodol mae’r rhestr yn cyfrif fel {dear:,} o negeseuon testun yn lle {cheap:,}",
    )


def _dearer(about: str) -> tuple[str, str, str]:
    """Return which characters make a text dearer, how many it counts as, and as how many without them."""
    characters, dear, cheap = about.rsplit(" ", 2)
    return characters, dear, cheap


def _characters(place: Place) -> str:
    characters, dear, cheap = _dearer(place.about)
    said = {"rows": _rows(place), "characters": characters, "dear": dear, "cheap": cheap}
    return _("%(rows)s (%(characters)s: %(dear)s instead of %(cheap)s)") % said


_PLACES: Mapping[Noticed, Callable[[Place], str]] = {
    Noticed.HIDDEN_ROWS: _rows,
    Noticed.HIDDEN_COLUMNS: _about,
    Noticed.OTHER_SHEETS: _about,
    Noticed.SAME_HEADING: _about,
    Noticed.MORE_CELLS: _rows,
    Noticed.SAME_RECIPIENT: _same_as,
    Noticed.DEARER: _characters,
}


_WORDS: Mapping[Noticed, Text] = {
    Noticed.HIDDEN_ROWS: Text(
        "Rows that are hidden in the spreadsheet, by hand or by a filter, are left out. Nothing is sent for them",
        "Mae rhesi sydd wedi’u cuddio yn y daenlen, â llaw neu gan hidlydd, wedi’u gadael allan. "
        "Nid oes dim yn cael ei anfon ar eu cyfer",
    ),
    Noticed.HIDDEN_COLUMNS: Text(
        "Columns that are hidden in the spreadsheet are left out",
        "Mae colofnau sydd wedi’u cuddio yn y daenlen wedi’u gadael allan",
    ),
    Noticed.OTHER_SHEETS: Text(
        "Only the first sheet that is not hidden is read, and there is something in others",
        "Dim ond y ddalen gyntaf nad yw wedi’i chuddio sy’n cael ei darllen, ac mae rhywbeth mewn eraill",
    ),
    Noticed.SAME_HEADING: Text(
        "Columns whose headings are almost the same are read as one list of values",
        "Mae colofnau y mae eu penawdau bron yr un fath yn cael eu darllen fel un rhestr o werthoedd",
    ),
    Noticed.GUESSED_LETTERS: Text(
        "The file does not say how its letters are written. If these are wrong, save it as “CSV UTF-8” and "
        "upload it again",
        "Nid yw’r ffeil yn dweud sut mae ei llythrennau wedi’u hysgrifennu. Os yw’r rhain yn anghywir, cadwch hi fel "
        "“CSV UTF-8” a’i huwchlwytho eto",
    ),
    Noticed.GARBLED_LETTERS: Text(
        "Words seem to have been garbled by another program, like “Ã©” for “é”",
        "Mae’n ymddangos bod geiriau wedi’u llygru gan raglen arall, fel “Ã©” yn lle “é”",
    ),
    Noticed.SAME_RECIPIENT: Text(
        "Rows are for the same recipient as an earlier row. Each row is a message of its own",
        "Mae rhesi ar gyfer yr un derbynnydd â rhes gynharach. Mae pob rhes yn neges ar wahân",
    ),
    Noticed.UNLIKELY_NUMBER: Text(
        "Phone numbers begin like a mobile’s and do not have its length, like 0770090. Perhaps digits are missing",
        "Mae rhifau ffôn yn dechrau fel rhif ffôn symudol ond nid oes ganddynt yr un hyd, fel 0770090. "
        "Efallai fod digidau ar goll",
    ),
    Noticed.MORE_CELLS: Text(
        "Rows have more cells than there are headings, and those are left out. "
        "Perhaps words with a comma should stand in quotation marks",
        "Mae gan resi fwy o gelloedd nag sydd o benawdau, ac mae’r rheini wedi’u gadael allan. "
        "Efallai y dylai geiriau â choma fod mewn dyfynodau",
    ),
    Noticed.DATE: Text(
        "There are dates in columns for addresses or numbers. Spreadsheet programs make dates of 3/4 and 2-1",
        "Mae dyddiadau mewn colofnau ar gyfer cyfeiriadau neu rifau. Mae rhaglenni taenlenni’n gwneud dyddiadau o 3/4 "
        "a 2-1",
    ),
    Noticed.LOST_DIGITS: Text(
        "Numbers have more than 15 digits and end in noughts. Spreadsheet programs lose the digits after the 15th",
        "Mae gan rifau fwy na 15 digid ac maent yn gorffen â seroau. Mae rhaglenni taenlenni’n colli’r digidau ar ôl y "
        "15fed",
    ),
    Noticed.LOST_ZEROS: Text(
        "Numbers are shorter than the others in their column. Perhaps they have lost noughts at the beginning",
        "Mae rhifau’n fyrrach na’r lleill yn eu colofn. Efallai eu bod wedi colli seroau ar y dechrau",
    ),
}
_REMARKS: Mapping[Noticed, Text] = {
    Noticed.GUESSED_LETTERS: Text("May be read wrong", "Gall fod wedi’i darllen yn anghywir"),
    Noticed.GARBLED_LETTERS: Text("Seems to be garbled", "Mae’n ymddangos ei bod wedi’i llygru"),
    Noticed.UNLIKELY_NUMBER: Text("May lack digits", "Gall fod digidau ar goll"),
    Noticed.MORE_CELLS: Text("More cells than there are headings", "Mwy o gelloedd nag sydd o benawdau"),
    Noticed.DATE: Text("A date", "Dyddiad"),
    Noticed.LOST_DIGITS: Text("May have lost its last digits", "Gall fod wedi colli ei ddigidau olaf"),
}
REMARKED = frozenset({*_REMARKS, Noticed.SAME_RECIPIENT, Noticed.DEARER})
"""What the sheet of problems says of each row."""
