"""What is said of letters, in both languages."""

from guildhall.contact.postal_address import (
    CountryAfterBfpo,
    FirstLinesEmpty,
    LastLineUnknown,
    NoFixedAbode,
    StrangeStart,
    TooFewLines,
    TooManyLines,
)
from guildhall.design.languages import Text
from guildhall.notify.domain.paper.problems import Problem

CLASSES = {
    "first": Text("First class", "Dosbarth cyntaf"),
    "second": Text("Second class", "Ail ddosbarth"),
    "economy": Text("Economy", "Economi"),
    "europe": Text("International, in Europe", "Rhyngwladol, yn Ewrop"),
    "rest-of-world": Text("International, outside Europe", "Rhyngwladol, y tu allan i Ewrop"),
}

ADDRESS_PROBLEMS = {
    TooFewLines: Text("The address must have at least 3 lines", "Rhaid i’r cyfeiriad gael o leiaf 3 llinell"),
    TooManyLines: Text("The address must have 7 lines or fewer", "Rhaid i’r cyfeiriad gael 7 llinell neu lai"),
    FirstLinesEmpty: Text(
        "The first 2 lines of the address must have a letter or a number in them",
        "Rhaid i 2 linell gyntaf y cyfeiriad gynnwys llythyren neu rif",
    ),
    CountryAfterBfpo: Text("A BFPO address must not end with a country", "Ni chaiff cyfeiriad BFPO orffen â gwlad"),
    LastLineUnknown: Text(
        "The last line of the address must be a real UK postcode or, if this service may write abroad, a country",
        "Rhaid i linell olaf y cyfeiriad fod yn god post go iawn yn y DU neu, os caiff y gwasanaeth ysgrifennu dramor, "
        "yn wlad",
    ),
    StrangeStart: Text(
        "Lines of the address must not start with @ ( ) = [ ] ” \\ / , < > or ~",
        "Ni chaiff llinellau’r cyfeiriad ddechrau â @ ( ) = [ ] ” \\ / , < > neu ~",
    ),
    NoFixedAbode: Text("Enter a real address", "Rhowch gyfeiriad go iawn"),
}

PROBLEMS = {
    Problem.NOT_A4_PORTRAIT: Text("A page is not A4 portrait", "Nid yw tudalen yn A4 portread"),
    Problem.OUTSIDE_PRINTABLE_AREA: Text(
        "Something stands where nothing is printed", "Mae rhywbeth lle nad oes dim yn cael ei argraffu"
    ),
    Problem.TOO_LONG: Text("It has more than 10 pages", "Mae ganddo fwy na 10 tudalen"),
    Problem.NOTHING_SENT: Text("No file came with it", "Ni ddaeth ffeil gydag ef"),
    Problem.UNREADABLE: Text("The file cannot be read as a PDF", "Ni ellir darllen y ffeil fel PDF"),
    Problem.NO_ADDRESS: Text("There is no address in the window", "Nid oes cyfeiriad yn y ffenestr"),
    Problem.NOT_A_POSTCODE: Text(
        "The address does not end with a UK postcode", "Nid yw’r cyfeiriad yn gorffen â chod post yn y DU"
    ),
    Problem.ABROAD_NOT_ALLOWED: Text(
        "It goes abroad, and this service may not write there",
        "Mae’n mynd dramor, ac ni chaiff y gwasanaeth ysgrifennu yno",
    ),
    Problem.NOT_A_POSTCODE_OR_COUNTRY: Text(
        "The address ends with neither a UK postcode nor a country",
        "Nid yw’r cyfeiriad yn gorffen â chod post yn y DU na gwlad",
    ),
    Problem.TOO_FEW_ADDRESS_LINES: Text("The address has fewer than 3 lines", "Mae gan y cyfeiriad lai na 3 llinell"),
    Problem.TOO_MANY_ADDRESS_LINES: Text("The address has more than 7 lines", "Mae gan y cyfeiriad fwy na 7 llinell"),
    Problem.STRANGE_ADDRESS_LINE: Text(
        "A line of the address starts with a character that no address starts with",
        "Mae llinell o’r cyfeiriad yn dechrau â nod nad yw cyfeiriad yn dechrau ag ef",
    ),
    Problem.COUNTRY_AFTER_BFPO: Text("A BFPO address ends with a country", "Mae cyfeiriad BFPO yn gorffen â gwlad"),
    Problem.MARK_IN_CONTENT: Text(
        "A later page carries the printer’s mark", "Mae tudalen ddiweddarach yn dwyn marc yr argraffydd"
    ),
    Problem.SEEN_OTHERWISE: Text(
        "It looks different on paper than on a screen. Take out hidden layers, comments and form fields, "
        "then save it as a PDF again",
        "Mae’n edrych yn wahanol ar bapur nag ar sgrin. Tynnwch haenau cudd, sylwadau a meysydd ffurflen, "
        "yna cadwch ef fel PDF eto",
    ),
    Problem.NO_FIXED_ABODE: Text("The address says no fixed abode", "Mae’r cyfeiriad yn dweud dim preswylfa sefydlog"),
    Problem.FIRST_LINES_EMPTY: Text(
        "One of the first 2 lines of the address is empty", "Mae un o 2 linell gyntaf y cyfeiriad yn wag"
    ),
}
