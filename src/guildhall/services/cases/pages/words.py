"""Boxes for what an officer writes to a resident, in the language or languages the resident reads."""

from dataclasses import replace

from django.utils.translation import gettext as _

from guildhall.design.forms import Form, LongTextField
from guildhall.design.languages import Text
from guildhall.kernel.visitor import Language

LONGEST = 5_000


def fields_for_the_resident(reads: Language | None, *, label: str, rows: int = 5) -> list[LongTextField]:
    """Ask for words in what the resident reads; in both languages when nobody knows."""
    english = LongTextField(
        "message_en",
        label,
        hint=_("The resident reads this in an email and on their timeline."),
        rows=rows,
        longest=LONGEST,
        called=_("What you write"),
    )
    welsh = replace(english, name="message_cy", label=_("%(label)s, in Welsh") % {"label": label}, hint="")
    if reads == "en":
        return [english]
    if reads == "cy":
        return [_hinted(welsh, _("This resident reads Welsh. They read this in an email and on their timeline."))]
    return [english, _hinted(welsh, _("We do not know which language they read. Without Welsh, both get the English."))]


def written(form: Form) -> Text:
    """Return what was written in each language."""
    return Text(form.text("message_en"), form.text("message_cy"))


def first_box(form: Form) -> str:
    """Return the name of the first box, which a problem about all of them is shown at."""
    return form.fields[0].name


def _hinted(box: LongTextField, hint: str) -> LongTextField:
    return replace(box, hint=hint)
