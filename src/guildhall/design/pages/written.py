"""Facts as people write them, in the language of the page: dates written out, money with a pound sign.

In a template: ``{{ case.opened_at|day }}``, ``{{ payment.amount|pounds }}``.
"""

from datetime import date, datetime

from babel.dates import format_date

from guildhall.design.languages import Text
from guildhall.design.pages.speaking import current_language
from guildhall.kernel.clock import LONDON
from guildhall.kernel.money import in_pounds

_MIDDAY, _MIDNIGHT = Text("midday", "hanner dydd"), Text("midnight", "hanner nos")


def day(when: date | datetime) -> str:
    """Write a day out, as it was in London: ``21 November 2026``, ``21 Tachwedd 2026``."""
    return format_date(_in_london(when), "d MMMM y", locale=_locale())


def weekday(when: date | datetime) -> str:
    """Write a day out with its name: ``Saturday 21 November 2026``."""
    return format_date(_in_london(when), "EEEE d MMMM y", locale=_locale())


def time_of_day(when: datetime) -> str:
    """Write the time in London as GOV.UK does: ``9am``, ``2:30pm``, ``midday``; in Welsh ``9yb``, ``2:30yp``."""
    local = when.astimezone(LONDON)
    if local.hour % 12 == local.minute == 0:
        return words(_MIDDAY if local.hour else _MIDNIGHT)  # nobody is sure which is 12am
    minutes = f":{local.minute:02d}" if local.minute else ""
    before_noon, after_noon = ("yb", "yp") if current_language() == "cy" else ("am", "pm")
    return f"{local.hour % 12 or 12}{minutes}{before_noon if local.hour < 12 else after_noon}"


def moment(when: datetime) -> str:
    """Write a day and a time: ``21 November 2026, 2:30pm``."""
    return f"{day(when)}, {time_of_day(when)}"


def words(text: Text | str) -> str:
    """Return words that exist in both languages in the language of the page."""
    return text.in_(current_language()) if isinstance(text, Text) else text


def iso(when: date | datetime) -> str:
    """Write a day or an instant for machines, as a ``<time datetime>`` wants it."""
    return (when.astimezone(LONDON) if isinstance(when, datetime) else when).isoformat()


def _in_london(when: date | datetime) -> date:
    return when.astimezone(LONDON).date() if isinstance(when, datetime) else when


def _locale() -> str:
    return "cy" if current_language() == "cy" else "en_GB"


FILTERS = {
    "day": day,
    "weekday": weekday,
    "time_of_day": time_of_day,
    "moment": moment,
    "words": words,
    "iso": iso,
    "pounds": in_pounds,
}
