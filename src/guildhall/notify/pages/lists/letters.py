"""A row of a list of letters as it will be printed, and what a list of such letters costs."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.kernel import clock
from guildhall.kernel.money import Pence
from guildhall.metering.domain.charging import in_pence
from guildhall.metering.domain.letter_tariff import published_letter_tariff
from guildhall.metering.domain.meters import letter_meter
from guildhall.notify.domain.letter_timing import class_of
from guildhall.notify.domain.lists.checking import CheckedRow
from guildhall.notify.domain.paper.printing import UNPRINTABLE, picture_letter
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Postage
from guildhall.notify.queries.letters import language_of, letter_on
from guildhall.notify.queries.lists import ListView


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """A letter's pages as pictures, its price, and that of the whole list if every letter is like it."""

    pages: Sequence[str]
    sheets: int
    each: Pence
    all: Pence


def show_letter(view: ListView, checked: CheckedRow) -> ShownLetter | None:
    """Return a row's letter as it will be printed; None when it is for nobody, or cannot be printed."""
    if checked.addressee is None or checked.addressee.address is None:
        return None
    address, today = checked.addressee.address, clock.london_day(clock.now())
    language = language_of(view.template, checked.language)
    letter = letter_on(
        view.template, Personalisation(checked.values), language=language, address=address.lines, day=today
    )
    try:
        pages = picture_letter(letter)
    except UNPRINTABLE:
        return None
    sheets = (len(pages) + 1) // 2
    letter_class = class_of(address.zone, view.template.choices.postage or Postage.SECOND)
    price = published_letter_tariff().price_on(today, letter_meter(letter_class), sheets=sheets)
    pictures = [f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in pages]
    return ShownLetter(pictures, sheets, in_pence(price), in_pence(price * view.rows))
