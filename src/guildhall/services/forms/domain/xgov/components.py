"""What XGov calls components: some ask a question, some only say something."""

from collections.abc import Callable, Mapping
from typing import Any

from guildhall.kernel.outside import whole_number

Component = Mapping[str, Any]
Settings = dict[str, Any]

CONTENT = frozenset({"Html", "Para", "Details", "InsetText", "List", "FlashCard", "Markdown"})
"""Components that only say something."""

KINDS = {
    "TextField": "text",
    "WebsiteField": "text",
    "FreeTextField": "long_text",
    "MultilineTextField": "long_text",
    "NumberField": "number",
    "YesNoField": "yes_no",
    "EmailAddressField": "email",
    "TelephoneNumberField": "phone_number",
    "UkAddressField": "address",
    "RadiosField": "radios",
    "SelectField": "radios",
    "AutocompleteField": "radios",
    "CheckboxesField": "checkboxes",
    "DateField": "date",
    "DatePartsField": "date",
    "NationalInsuranceField": "national_insurance_number",
}
"""The kind of question that asks what each field asks. Any other field is refused by name."""

LISTED = frozenset({"radios", "checkboxes"})
_WORDED = frozenset({"text", "long_text"})
_LONGEST = {"text": 499, "long_text": 4_999}
_MANY_WORDS = 5_000
_MANY_DAYS = 100_000

LOOKS = frozenset(
    {
        *("allowPrePopulation", "allowPrePopulationOverwrite", "autocomplete", "bold", "classes", "divider"),
        *("exposeToContext", "finalValue", "hideTitle", "isInset", "isInternational", "list", "optionalText"),
        *("rows", "showNoScriptWarning", "type", "format", "fieldName", "noReturnUrlOnSummaryPage", "textFieldType"),
        *("behaviourItemValue", "required"),
    }
)
"""Options that change how a field looks or is filled in, or that are read by whoever reads another."""

_SAID_ENDINGS = ("text", "title", "titles", "label", "labels", "legend", "caption", "heading", "hint", "content")
_SAID = frozenset({"prefix", "suffix", "customValidation", "disableChangingFromSummary"})


def is_wording(name: str) -> bool:
    """Tell whether an option changes only what people read, and never what they may answer."""
    return name in _SAID or name.lower().endswith(_SAID_ENDINGS)


def is_message(name: str) -> bool:
    """Tell whether an option is what people read when an answer is refused."""
    return name.lower().endswith(("message", "messages"))


def _words_at_most(kind: str, value: Any) -> Settings | None:
    most = whole(value)
    return {"max_words": min(most, _MANY_WORDS)} if most and kind in _WORDED else None


def _at_most(kind: str, value: Any) -> Settings | None:
    most = whole(value)
    if most is None:
        return None
    if kind == "number":
        return {"max": most}
    if kind in _WORDED:
        return {"max_length": most} if 0 < most < _LONGEST[kind] else {} if most else None
    return {} if most >= _LONGEST["text"] else None


def _at_least(kind: str, value: Any) -> Settings | None:
    least = whole(value)
    if least is None:
        return None
    if kind == "number":
        return {"min": least}
    if least <= 1:
        return {}
    return {"min_length": least} if kind in _WORDED and least <= _LONGEST[kind] else None


def _exactly(kind: str, value: Any) -> Settings | None:
    length = whole(value)
    exact = {"min_length": length, "max_length": length}
    return exact if length and kind in _WORDED and length < _LONGEST[kind] else None


def _decimals(kind: str, value: Any) -> Settings | None:
    places = whole(value)
    if places is None or kind != "number" or places > 20:
        return None
    return {"decimals": places} if places else {"whole": True}


def _days(setting: str) -> Callable[[str, Any], Settings | None]:
    def read(kind: str, value: Any) -> Settings | None:
        days = whole(value)
        return {setting: days} if days is not None and days <= _MANY_DAYS and kind == "date" else None

    return read


RULES: dict[str, Callable[[str, Any], Settings | None]] = {
    "prefix": lambda kind, value: {"prefix": value} if kind == "number" and _is_short(value) else None,
    "suffix": lambda kind, value: {"suffix": value} if kind == "number" and _is_short(value) else None,
    "maxWords": _words_at_most,
    "max": _at_most,
    "maxlength": _at_most,
    "maxLength": _at_most,
    "min": _at_least,
    "minlength": _at_least,
    "minLength": _at_least,
    "length": _exactly,
    "precision": _decimals,
    "integer": lambda kind, value: {"whole": True} if kind == "number" and value is True else {} if not value else None,
    "maxDaysInPast": _days("days_back"),
    "maxDaysInFuture": _days("days_ahead"),
    "behaviour": lambda kind, value: {} if (kind, value) == ("checkboxes", "exclusive") else None,
}
"""Options and schema rules that decide what may be answered: the settings they become, or None where they cannot."""


def rules_of(component: Component) -> dict[str, Any]:
    """Return the options and schema of a field that are more than looks, without the empty ones."""
    options, schema = component.get("options"), component.get("schema")
    both = {**(options if isinstance(options, Mapping) else {}), **(schema if isinstance(schema, Mapping) else {})}
    return {name: value for name, value in both.items() if name not in LOOKS and value not in ("", None, [], {})}


def option(component: Component, name: str) -> Any:
    """Return an option of a component."""
    options = component.get("options")
    return options.get(name) if isinstance(options, Mapping) else None


def is_question(component: Component) -> bool:
    """Return whether a component asks something."""
    return str(component.get("type")) not in CONTENT


def whole(value: Any) -> int | None:
    """Return the whole number that a rule says, as a number or in digits; None where it says anything else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value) if abs(value) < 10**12 else None
    if isinstance(value, str):
        value = whole_number(value.strip(), most=10**12)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= 10**12 else None


def _is_short(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 10
