"""The kinds of question there are. Each class says all about one: settings, rules, how it is shown and compared."""

from guildhall.services.forms.domain.questions.asking import Answer, Checked, Fact, Fault, Question, Typed
from guildhall.services.forms.domain.questions.choice import Checkboxes, Declaration, Radios, YesNo
from guildhall.services.forms.domain.questions.contact import Email, PhoneNumber
from guildhall.services.forms.domain.questions.day import Day
from guildhall.services.forms.domain.questions.number import Number
from guildhall.services.forms.domain.questions.person import Address, Name
from guildhall.services.forms.domain.questions.text import (
    LongText,
    NationalInsuranceNumber,
    OrganisationName,
    SingleLine,
)

KINDS: dict[str, type[Question]] = {
    each.kind: each
    for each in (
        SingleLine,
        LongText,
        OrganisationName,
        NationalInsuranceNumber,
        Email,
        PhoneNumber,
        Number,
        Day,
        Name,
        Address,
        Radios,
        Checkboxes,
        YesNo,
        Declaration,
    )
}

__all__ = ["KINDS", "Answer", "Checked", "Fact", "Fault", "Question", "Typed"]
