"""What XGov calls components: some ask a question, some only say something."""

from collections.abc import Callable, Mapping
from typing import Any

from guildhall.kernel.outside import whole_number

Component = Mapping[str, Any]

CONTENT = frozenset({"Html", "Para", "Details", "InsetText", "List"})
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
}
"""The kind of question that asks what each field asks. Any other field is refused by name."""

LISTED = frozenset({"radios", "checkboxes"})

LOOKS = frozenset(
    {
        "allowPrePopulation",
        "autocomplete",
        "classes",
        "divider",
        "exposeToContext",
        "hideTitle",
        "isInset",
        "list",
        "optionalText",
        "rows",
        "showNoScriptWarning",
        "bold",
    }
)
"""Options that change how a field looks or is filled in, and not what may be answered."""

RULES: dict[str, Callable[[str, Any], dict[str, Any] | None]] = {
    "required": lambda kind, value: {} if isinstance(value, bool) else None,
    "prefix": lambda kind, value: {"prefix": value} if kind == "number" else None,
    "maxWords": lambda kind, value: _if_whole("max_words", value) if kind == "long_text" else None,
    "customValidationMessage": lambda kind, value: {},
    "behaviour": lambda kind, value: {} if (kind, value) == ("checkboxes", "exclusive") else None,
    "behaviourItemValue": lambda kind, value: {} if kind == "checkboxes" else None,
    "min": lambda kind, value: _if_whole("min", value) if kind == "number" else None,
    "max": lambda kind, value: _if_whole("max", value) if kind == "number" else None,
    "integer": lambda kind, value: {"whole": bool(value)} if kind == "number" else None,
}
"""Options and schema rules that decide what may be answered: the settings they become, or None where they cannot."""


def rules_of(component: Component) -> dict[str, Any]:
    """Return the options and schema of a field that are more than looks, without the empty ones."""
    options, schema = component.get("options") or {}, component.get("schema") or {}
    both = {**options, **schema} if isinstance(options, Mapping) and isinstance(schema, Mapping) else {}
    return {name: value for name, value in both.items() if name not in LOOKS and value not in ("", None)}


def option(component: Component, name: str) -> Any:
    """Return an option of a component."""
    options = component.get("options")
    return options.get(name) if isinstance(options, Mapping) else None


def is_question(component: Component) -> bool:
    """Return whether a component asks something."""
    return str(component.get("type")) not in CONTENT


def _if_whole(setting: str, value: Any) -> dict[str, Any] | None:
    number = value if isinstance(value, int) else whole_number(value) if isinstance(value, str) else None
    return None if number is None else {setting: number}
