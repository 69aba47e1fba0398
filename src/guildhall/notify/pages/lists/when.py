"""The question when a list goes out, and its answer as a moment: nothing is chosen beforehand, nothing is guessed."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from guildhall.design.domain.time_of_day import LONGEST, HalfOfDayMissing, NotATime, read_time_of_day
from guildhall.design.forms import Form, Option, RadiosField, SelectField, TextField, taking
from guildhall.design.pages.written import time_of_day, weekday
from guildhall.kernel import clock
from guildhall.notify.domain.lists.life import MAY_WAIT, may_start_at

NOW, LATER = "now", "later"


def when_form(now: datetime) -> Form:
    """Ask whether a list goes out now or on a day and at a time within the days that it may wait."""
    today = clock.london_day(now)
    days = [today + timedelta(days=ahead) for ahead in range(MAY_WAIT.days + 1)]
    return Form(
        RadiosField("when", _("When should it be sent?"), options=[Option(NOW, _("Now")), Option(LATER, _("Later"))]),
        SelectField(
            "day",
            _("Day"),
            options=[Option("", _("Choose a day")), *(Option(day.isoformat(), weekday(day)) for day in days)],
        ),
        TextField(
            "time",
            _("Time"),
            _("In the UK, for example 9am, 2:30pm or 14:30"),
            width="10",
            autocomplete="off",
            longest=LONGEST,
            takes=taking.identifier,
        ),
    )


def now_form() -> Form:
    """Return the answer of a list that cannot wait."""
    return Form(RadiosField("when", ""), values={"when": NOW})


def read_when(form: Form, *, now: datetime) -> Form:
    """Return the form with what is wrong with its answer."""
    if form.is_refused:
        return form
    if form.text("when") == NOW:
        return _refuse_both(form) if form.text("day") or form.text("time") else form
    if form.text("when") != LATER:
        return form.refuse("when", _("Select when it should be sent"))
    form = form if _day(form) else form.refuse("day", _("Select a day"))
    return _read_time(form, now)


def moment_of(form: Form) -> datetime | None:
    """Return when the list goes out, by an answer that nothing is wrong with; None is now."""
    day = _day(form)
    return (
        None if form.text("when") == NOW or day is None else clock.in_london(day, read_time_of_day(form.text("time")))
    )


def is_ambiguous(at: datetime) -> bool:
    """Whether that time comes twice on its day, because clocks go back. The first is meant."""
    return clock.comes_twice(at)


def day_before_midnight(at: datetime) -> date | None:
    """Return the day that ends at a moment, when one does: people may take midnight for the end of its day."""
    local = at.astimezone(clock.LONDON)
    return local.date() - timedelta(days=1) if local.time() == time(0) else None


def _refuse_both(form: Form) -> Form:
    words = _("You chose Now, but filled in when to send it later. Select Later, or clear the day and the time")
    return form.refuse("when", words)


def _read_time(form: Form, now: datetime) -> Form:
    typed = form.text("time")
    try:
        at = read_time_of_day(typed)
        day = _day(form)
        return _check_moment(form, day, at, now) if day else form
    except HalfOfDayMissing:
        words = _("Say whether it is in the morning or the afternoon, like %(hour)sam or %(hour)spm")
        return form.refuse("time", words % {"hour": int(typed)})
    except NotATime:
        return form.refuse("time", _("Enter a time, like 9am, 2:30pm or 14:30"))


def _check_moment(form: Form, day: date, at: time, now: datetime) -> Form:
    try:
        moment = clock.in_london(day, at)
    except clock.NoSuchTime:
        return form.refuse("time", _("Clocks go forward on that day from 1am to 2am. Enter a time before or after"))
    if moment < now:
        told = {"time": time_of_day(moment), "now": time_of_day(now)}
        return form.refuse("time", _("%(time)s has passed: it is %(now)s. Choose a later time or another day") % told)
    if not may_start_at(moment, now=now):
        return form.refuse("time", _("The time must be in the next 7 days"))
    return form


def _day(form: Form) -> date | None:
    try:
        return date.fromisoformat(form.text("day"))
    except ValueError:
        return None
