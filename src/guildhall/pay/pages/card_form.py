"""The card page's questions: which boxes there are, what was typed into them, and what is wrong with it."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from babel import Locale
from django.http import QueryDict
from django.utils.translation import gettext as _

from guildhall.design.forms import EmailField, Form, NumberField, Option, Problem, SelectField, TextField, taking
from guildhall.design.pages.speaking import current_language
from guildhall.kernel.clock import london_day
from guildhall.pay.domain.card_form import Faults, Typed, may_be_shown_again
from guildhall.pay.pages.labels import label
from guildhall.pay.queries import PaymentView

# The box of each fault's field: pay contract 10 names the boxes.
BOXES: Mapping[str, str] = {
    "cardNo": "card-no",
    "expiryMonth": "expiry-month",
    "cardholderName": "cardholder-name",
    "cvc": "cvc",
    "addressLine1": "address-line-1",
    "addressLine2": "address-line-2",
    "addressCity": "address-city",
    "addressPostcode": "address-postcode",
    "addressCountry": "address-country",
    "email": "email",
}

_TYPED = {
    "card_number": "card-no",
    "security_code": "cvc",
    "expiry_month": "expiry-month",
    "expiry_year": "expiry-year",
    "cardholder_name": "cardholder-name",
    "line1": "address-line-1",
    "line2": "address-line-2",
    "city": "address-city",
    "postcode": "address-postcode",
    "country": "address-country",
    "email": "email",
}
_MOST_READ = 1_000
"""Of each box: far more than any takes, so that what is cut is refused all the same."""

_NEVER_SHOWN_AGAIN = frozenset({"card_number", "security_code"})


def read(submitted: QueryDict) -> Typed:
    """Return what a payer typed."""
    return Typed(**{name: _bounded(submitted.get(box, "")).replace("\x00", "") for name, box in _TYPED.items()})


def empty_form(payment: PaymentView) -> Form:
    """Return the page's form with what the service knew beforehand."""
    card = payment.card
    address = card.address if card else None
    known = Typed(email=payment.email or "", cardholder_name=(card and card.cardholder_name) or "")
    values = _shown(known)
    if address:
        values |= {
            "address-line-1": address.line1,
            "address-line-2": address.line2,
            "address-city": address.city,
            "address-postcode": address.postcode,
            "address-country": address.country or "GB",
        }
    return Form(*_fields(), values=values)


def refused_form(typed: Typed, faults: Faults) -> Form:
    """Return the form again with what is wrong. Number and code, and what looks like them, are never shown again."""
    problems = [Problem(BOXES[field], label(key)) for field, key in faults.items()]
    return Form(*_fields(), values=_shown(typed), problems=problems)


def example_year(now: datetime) -> str:
    """Return the two digits of next year, for the example of an expiry date."""
    return f"{(london_day(now).year + 1) % 100:02d}"


def _bounded(text: str) -> str:
    return text if len(text) <= _MOST_READ else f"{text[:_MOST_READ]}…"


def _shown(typed: Typed) -> dict[str, str]:
    texts = {box: getattr(typed, name) for name, box in _TYPED.items() if name not in _NEVER_SHOWN_AGAIN}
    return {box: text for box, text in texts.items() if may_be_shown_again(text)}


def _fields() -> tuple[TextField | SelectField, ...]:
    hint = _("The council may use this to contact you about your payment")
    return (*_card_fields(), *_address_fields(), EmailField("email", label("cardDetails.emailOptional"), hint=hint))


def _card_fields() -> tuple[TextField, ...]:
    name = label("cardDetails.cardholderName")
    code, hint = label("cardDetails.cvc"), _security_code_hint()
    return (
        NumberField("card-no", label("cardDetails.cardNo"), width="20", autocomplete="cc-number"),
        NumberField("expiry-month", label("cardDetails.expiryMonth"), width="2", autocomplete="cc-exp-month"),
        NumberField("expiry-year", label("cardDetails.expiryYear"), width="2", autocomplete="cc-exp-year"),
        TextField("cardholder-name", name, autocomplete="cc-name", spellcheck=False, takes=taking.words),
        NumberField("cvc", code, hint=hint, width="4", autocomplete="cc-csc"),
    )


def _address_fields() -> tuple[TextField | SelectField, ...]:
    city, postcode = label("cardDetails.city"), label("cardDetails.postcode")
    town, code = "billing address-level2", "billing postal-code"
    return (
        SelectField("address-country", label("cardDetails.country"), options=_countries(current_language())),
        TextField("address-line-1", label("cardDetails.addressLine1"), autocomplete="billing address-line1"),
        TextField("address-line-2", label("cardDetails.addressLine2"), autocomplete="billing address-line2"),
        TextField("address-city", city, width="20", autocomplete=town, takes=taking.words),
        TextField("address-postcode", postcode, width="10", autocomplete=code, takes=taking.identifier),
    )


def _security_code_hint() -> str:
    where = label("cardDetails.amexcvcTip")
    return f"{label('cardDetails.cvcTip')}. {label('cardDetails.amexcvcNonjs')} {where[0].lower()}{where[1:]}."


@lru_cache(maxsize=2)
def _countries(language: str) -> tuple[Option, ...]:
    """Return every country and territory by name; the codes are ISO 3166's, the names Unicode's."""
    names = Locale(language).territories
    not_countries = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
    found = [(name, code) for code, name in names.items() if len(code) == 2 and code not in not_countries]
    return tuple(Option(code, name) for name, code in sorted(found))
