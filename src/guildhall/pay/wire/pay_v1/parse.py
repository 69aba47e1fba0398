"""A request to create a payment, checked in the contract's own order: types, then limits, then the account's rules.

The first failure answers. What is wrong in type or missing is a 400, what breaks a limit a 422; languages, modes and
metadata are exceptions (pay contract 2; the order is that of alphagov/pay-publicapi's RequestJsonParser.java).
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from guildhall.kernel.money import Pence
from guildhall.kernel.wire_json import NotJson, read_any_json
from guildhall.pay.domain.cards import contains_card_number, is_card_number, shows_a_card
from guildhall.pay.domain.creation import (
    LARGEST_AMOUNT,
    LONGEST_EMAIL,
    LONGEST_METADATA_KEY,
    LONGEST_METADATA_VALUE,
    LONGEST_POSTCODE,
    LONGEST_RETURN_URL,
    LONGEST_TEXT,
    MOST_METADATA,
    Address,
    NewPayment,
    is_web_address,
)
from guildhall.pay.operations import Repeatable
from guildhall.pay.queries import Account
from guildhall.pay.wire.pay_v1.refusals import (
    BLOCKED,
    UNPARSABLE,
    RequestRefused,
    WireError,
    missing,
    missing_for_the_account,
    unexpected,
    wrong,
    wrong_header,
)

IDEMPOTENCY_KEY = "Idempotency-Key"
_INT32 = range(-(2**31), 2**31)
_MODES = ("web", "moto_api", "agreement")
_AGREEMENT_PAYMENT_TYPES = ("instalment", "recurring", "unscheduled")
_AGREEMENT_ID_LENGTH = 26
_FORBIDDEN = frozenset("<>|")
_REPEAT_KEY = re.compile(r"[a-zA-Z0-9-]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_TYPED_BY_SOMEBODY = ("CARD_PAYMENT_LINK", "CARD_AGENT_INITIATED_MOTO")
_OTHER_SOURCES = ("CARD_API", "CARD_EXTERNAL_TELEPHONE")
_MOTO_OFF = WireError(
    422,
    "P0196",
    "MOTO payments are not enabled for this account. Please contact support if you would like to process MOTO payments "
    "- https://www.payments.service.gov.uk/support/ .",
)
_MOTO_API_OFF = WireError(422, "P0195", "Using authorisation_mode of moto_api is not allowed for this account")
_CARD_IN_REFERENCE = WireError(400, "P0105", "Card number entered in a payment link reference")
_NO_SUCH_AGREEMENT = WireError(
    400, "P0103", "Invalid attribute value: set_up_agreement. Agreement ID does not exist", "set_up_agreement"
)
_NOT_HTTPS = WireError(
    422,
    "P0920",
    "Invalid attribute value: return_url. Must begin with https:// for a live gateway account",
    "return_url",
)
_NOT_ZERO = "Must be greater than or equal to 1. Refer to https://docs.payments.service.gov.uk/making_payments/#amount"


@dataclass(frozen=True)
class Wanted:
    """A request that is right in itself: what to create, and under which key it may be repeated."""

    payment: NewPayment
    repeatable: Repeatable | None


@dataclass
class _Asked:
    """The attributes of a request, each of the right type."""

    amount: int
    reference: str
    description: str
    return_url: str | None
    is_moto: bool
    set_up_agreement: str | None
    mode: str
    agreement_id: str | None
    agreement_payment_type: str | None
    language: Literal["en", "cy"]
    delayed_capture: bool
    email: str | None
    cardholder: dict[str, str]
    metadata: dict[str, str | int | float | bool]
    source: str | None


def read_creation(body: bytes, *, repeat_key: str | None, account: Account) -> Wanted:
    """Read a request to create a payment for an account.

    :raises RequestRefused: something is wrong with it.
    """
    request = _read_json(body)
    asked = _read_types(request if isinstance(request, dict) else {})
    _refuse_card_numbers(asked)
    for error in _broken_limits(asked, repeat_key):
        raise RequestRefused(error)
    for error in _broken_rules(asked, account):
        raise RequestRefused(error)
    return Wanted(_payment(asked), Repeatable(repeat_key, _digest(request)) if repeat_key is not None else None)


def _digest(request: object) -> str:
    """Return what to compare of a request: the whole of it may be megabytes, or hold what no database keeps."""
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def _read_json(body: bytes) -> Any:
    try:
        return read_any_json(body)
    except NotJson:
        raise RequestRefused(UNPARSABLE) from None


# -- types, in the order of the contract ----------------------------------------------------------------------------


def _read_types(request: dict[str, Any]) -> _Asked:
    return _Asked(
        amount=_amount(request),
        reference=_text(request, "reference"),
        description=_text(request, "description"),
        return_url=_optional_text(request, "return_url", "Must be a valid URL format"),
        is_moto=_boolean(request, "moto"),
        set_up_agreement=_text_or_absent(request, "set_up_agreement"),
        mode=_one_of(request, "authorisation_mode", _MODES, f"Must be one of {', '.join(_MODES)}") or "web",
        agreement_id=_text_or_absent(request, "agreement_id"),
        agreement_payment_type=_one_of(
            request,
            "agreement_payment_type",
            _AGREEMENT_PAYMENT_TYPES,
            f"Must be one of {', '.join(_AGREEMENT_PAYMENT_TYPES)}",
        ),
        language="cy" if _one_of(request, "language", ("en", "cy"), 'Must be "en" or "cy"') == "cy" else "en",
        delayed_capture=_boolean(request, "delayed_capture"),
        email=_optional_text(request, "email", "Field must be a string"),
        cardholder=_cardholder(request.get("prefilled_cardholder_details")),
        metadata=_metadata(request["metadata"]) if "metadata" in request else {},
        source=_source(request.get("internal")),
    )


def _amount(request: dict[str, Any]) -> int:
    amount = request.get("amount")
    if amount is None:
        raise RequestRefused(missing("amount"))
    if type(amount) is not int or amount not in _INT32:
        raise RequestRefused(wrong("amount", "Must be a valid numeric format", status=400))
    return amount


def _text(request: dict[str, Any], field: str) -> str:
    text = request.get(field)
    if text is None or (isinstance(text, str) and not text.strip()):
        raise RequestRefused(missing(field))
    if not _is_storable(text) or not _FORBIDDEN.isdisjoint(text):
        raise RequestRefused(wrong(field, "Must be a valid string format", status=400))
    return text


def _optional_text(request: dict[str, Any], field: str, why: str) -> str | None:
    text = request.get(field)
    if text is not None and not _is_storable(text):
        raise RequestRefused(wrong(field, why, status=400))
    return text


def _text_or_absent(request: dict[str, Any], field: str) -> str | None:
    return request[field] if isinstance(request.get(field), str) else None


def _boolean(request: dict[str, Any], field: str) -> bool:
    value = request.get(field, False)
    if not isinstance(value, bool):
        raise RequestRefused(wrong(field, "Must be true or false", status=400))
    return value


def _one_of(request: dict[str, Any], field: str, choices: tuple[str, ...], why: str) -> str | None:
    if field not in request:
        return None
    value = request[field]
    if not isinstance(value, str) or not value.strip():
        raise RequestRefused(wrong(field, why, status=400))
    if value not in choices:
        raise RequestRefused(wrong(field, why, status=422))
    return value


def _cardholder(details: Any) -> dict[str, str]:
    """Flatten the prefilled details. Anything that is not an object where one is expected is ignored, as nationally."""
    details = details if isinstance(details, dict) else {}
    address = details.get("billing_address")
    address = address if isinstance(address, dict) else {}
    leaves = {"cardholder_name": details.get("cardholder_name")}
    leaves |= {field: address.get(field) for field in ("line1", "line2", "city", "postcode", "country")}
    for field, value in leaves.items():
        if value is not None and not _is_storable(value):
            raise RequestRefused(wrong(field, "Field must be a string", status=400))
    return {field: value for field, value in leaves.items() if value}


def _metadata(metadata: Any) -> dict[str, str | int | float | bool]:
    if metadata is None:
        raise RequestRefused(wrong("metadata", "Value must not be null", status=422))
    if not isinstance(metadata, dict):
        raise RequestRefused(wrong("metadata", "Must be an object of JSON key-value pairs", status=422))
    if faults := [why for is_wrong, why in _METADATA_RULES if is_wrong(metadata)]:
        raise RequestRefused(wrong("metadata", ". ".join(faults), status=422))
    return metadata


def _has_a_wrong_key(metadata: dict[str, Any]) -> bool:
    return any(not 1 <= len(key) <= LONGEST_METADATA_KEY or not _is_storable(key) for key in metadata)


def _has_a_long_value(metadata: dict[str, Any]) -> bool:
    return any(_length_of_value(value) > LONGEST_METADATA_VALUE for value in metadata.values())


def _has_a_value_of_another_type(metadata: dict[str, Any]) -> bool:
    return any(
        not isinstance(value, str | int | float | None) or (isinstance(value, str) and not _is_storable(value))
        for value in metadata.values()
    )


def _length_of_value(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    # A number has no limit nationally; one of thousands of digits serves nobody and cannot be printed again.
    return value.bit_length() // 4 if isinstance(value, int) and value.bit_length() > 400 else 0


_METADATA_RULES: tuple[tuple[Callable[[dict[str, Any]], bool], str], ...] = (
    (lambda metadata: len(metadata) > MOST_METADATA, f"Cannot have more than {MOST_METADATA} key-value pairs"),
    (_has_a_wrong_key, f"Keys must be between 1 and {LONGEST_METADATA_KEY} characters long"),
    (_has_a_long_value, f"Values must be no greater than {LONGEST_METADATA_VALUE} characters long"),
    (_has_a_value_of_another_type, "Values must be of type String, Boolean or Number"),
    (lambda metadata: None in metadata.values(), "Must not have null values"),
)


def _source(internal: Any) -> str | None:
    """Read who asks, which only payment links and agents' pages say (a hidden attribute)."""
    source = internal.get("source") if isinstance(internal, dict) else None
    if source is None or source in _TYPED_BY_SOMEBODY:
        return source
    why = f"Accepted values are only {', '.join(_TYPED_BY_SOMEBODY)}"
    is_text_unknown = isinstance(source, str) and source not in _OTHER_SOURCES
    raise RequestRefused(wrong("source", why, status=422 if is_text_unknown else 400))


def _is_storable(text: object) -> bool:
    """Tell whether it is text without U+0000, which JSON can write and the database cannot keep."""
    return isinstance(text, str) and "\x00" not in text


# -- limits -----------------------------------------------------------------------------------------------------------


def _refuse_card_numbers(asked: _Asked) -> None:
    """Stop a card number from being stored where no card belongs (pay contract 2 and 16; decision 20)."""
    if asked.source is not None and is_card_number(asked.reference):
        raise RequestRefused(_CARD_IN_REFERENCE)
    identifying = [asked.reference, asked.description, asked.return_url or ""]
    identifying += [str(word) for pair in asked.metadata.items() for word in pair]
    personal = [asked.email or "", *asked.cardholder.values()]
    if any(map(shows_a_card, identifying)) or any(map(contains_card_number, personal)):
        raise RequestRefused(BLOCKED)


def _broken_limits(asked: _Asked, repeat_key: str | None) -> Iterator[WireError]:
    if asked.amount < 0:
        yield wrong("amount", "Must be greater than or equal to 1", status=422)
    if asked.amount > LARGEST_AMOUNT:
        yield wrong("amount", f"Must be less than or equal to {LARGEST_AMOUNT}", status=422)
    yield from _too_long("reference", asked.reference, LONGEST_TEXT)
    yield from _too_long("description", asked.description, LONGEST_TEXT)
    yield from _too_long("return_url", asked.return_url, LONGEST_RETURN_URL)
    if asked.return_url is not None and not is_web_address(asked.return_url):
        yield wrong("return_url", "Must be a valid URL format", status=422)
    for field, agreement in (("set_up_agreement", asked.set_up_agreement), ("agreement_id", asked.agreement_id)):
        if agreement is not None and len(agreement) != _AGREEMENT_ID_LENGTH:
            yield wrong(field, f"Field [{field}] length must be {_AGREEMENT_ID_LENGTH}", status=422)
    yield from _too_long("email", asked.email, LONGEST_EMAIL)
    for field, value in asked.cardholder.items():
        yield from _too_long(field, value, LONGEST_POSTCODE if field == "postcode" else LONGEST_TEXT)
    yield from _wrong_repeat_key(repeat_key)


def _too_long(field: str, text: str | None, longest: int) -> Iterator[WireError]:
    if text is not None and len(text) > longest:
        yield wrong(field, f"Must be less than or equal to {longest} characters length", status=422)


def _wrong_repeat_key(repeat_key: str | None) -> Iterator[WireError]:
    if repeat_key is None:
        return
    if not 1 <= len(repeat_key) <= 255:
        yield wrong_header(IDEMPOTENCY_KEY, "can have a size between 1 and 255")
    if not _REPEAT_KEY.fullmatch(repeat_key):
        yield wrong_header(IDEMPOTENCY_KEY, "can only contain alphanumeric characters and hyphens")


# -- the account's rules ----------------------------------------------------------------------------------------------


def _broken_rules(asked: _Asked, account: Account) -> Iterator[WireError]:
    """Yield what the account does not allow. No account has telephone payments or agreements yet."""
    if asked.mode == "moto_api":
        yield _MOTO_API_OFF
    yield from _broken_agreement_rules(asked)
    if asked.mode == "web" and asked.return_url is None:
        yield missing_for_the_account("return_url")
    if account.kind == "live" and not (asked.return_url or "").lower().startswith("https://"):
        yield _NOT_HTTPS
    if asked.is_moto:
        yield _MOTO_OFF
    if asked.amount == 0 and not account.may_be_nothing:
        yield wrong("amount", _NOT_ZERO, status=422)


def _broken_agreement_rules(asked: _Asked) -> Iterator[WireError]:
    has_agreement = asked.mode == "agreement"
    forbidden = {
        "moto": has_agreement and asked.is_moto,
        "email": has_agreement and asked.email is not None,
        "prefilled_cardholder_details": has_agreement and bool(asked.cardholder),
        "set_up_agreement": has_agreement and asked.set_up_agreement is not None,
        "return_url": has_agreement and asked.return_url is not None,
        "agreement_id": not has_agreement and asked.agreement_id is not None,
        "agreement_payment_type": asked.agreement_payment_type is not None
        and not (has_agreement or asked.set_up_agreement),
    }
    yield from (unexpected(field) for field, is_there in forbidden.items() if is_there)
    if has_agreement and asked.agreement_id is None:
        yield missing_for_the_account("agreement_id")
    if has_agreement:
        yield wrong("agreement_id", "Agreement does not exist", status=400)
    if asked.set_up_agreement is not None:
        yield _NO_SUCH_AGREEMENT


def _payment(asked: _Asked) -> NewPayment:
    cardholder = dict(asked.cardholder)
    name = cardholder.pop("cardholder_name", None)
    if "country" in cardholder and not _COUNTRY.fullmatch(cardholder["country"]):
        cardholder["country"] = "GB"
    return NewPayment(
        amount=Pence(asked.amount),
        reference=asked.reference,
        description=asked.description,
        return_url=asked.return_url or "",
        language=asked.language,
        email=asked.email or None,
        metadata=asked.metadata,
        is_capture_delayed=asked.delayed_capture,
        cardholder_name=name,
        billing_address=Address(**cardholder) if cardholder else None,
    )
