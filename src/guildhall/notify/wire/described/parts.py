"""What descriptions of many addresses have in common: schemas, parameters, answers (contract: notify 1.1 to 1.7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from guildhall.notify.wire.notify_v2.questions import STATUSES, TYPES

Json = dict[str, Any]

ID: Json = {"type": "string", "format": "uuid"}
TEXT: Json = {"type": "string"}
MOMENT: Json = {"type": "string", "format": "date-time"}


def maybe(schema: Json) -> Json:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def thing(properties: Mapping[str, Json], *, required: Sequence[str] | None = None, is_open: bool = False) -> Json:
    """Return the schema of an object; every property is required unless told."""
    wanted = list(properties) if required is None else list(required)
    return {"type": "object", "properties": dict(properties), "required": wanted, "additionalProperties": is_open}


def several(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def of(name: str) -> Json:
    """Return a reference to one of ``SCHEMAS``."""
    return {"$ref": f"#/components/schemas/{name}"}


_TEMPLATE_OF_MESSAGE = thing({"id": ID, "version": {"type": "integer"}, "uri": TEXT})
_SENT: Json = {"id": ID, "reference": maybe(TEXT), "uri": TEXT, "template": _TEMPLATE_OF_MESSAGE}
_SENT |= {"scheduled_for": maybe(MOMENT)}
_PERSONALISATION: Json = {"type": "object", "additionalProperties": True}
_WANTED: Json = {
    "template_id": ID,
    "personalisation": _PERSONALISATION,
    "reference": {"type": "string", "maxLength": 1000},
}
_SCHEDULE: Json = {"scheduled_for": maybe(TEXT)}
_RECIPIENT = thing(
    {
        "email_address": {"type": "string", "examples": ["jo@example.com"]},
        "phone_number": {"type": "string", "examples": ["07700 900123"]},
        "personalisation": _PERSONALISATION,
        "reference": {"type": "string", "maxLength": 1000},
        "language": {"enum": ["en", "cy", "both"]},
        "one_click_unsubscribe_url": {"type": "string", "format": "uri", "pattern": "^https"},
    },
    required=(),
)
_LINES = [f"line_{number}" for number in range(1, 7)]

SCHEMAS: Mapping[str, Json] = {
    "Error": thing(
        {
            "status_code": {"type": "integer"},
            "errors": several(thing({"error": TEXT, "message": TEXT}, is_open=True)),
        }
    ),
    "NoSuchAddress": thing({"result": {"const": "error"}, "message": TEXT}),
    "WantedEmail": thing(
        _WANTED
        | _SCHEDULE
        | {
            "email_address": {"type": "string", "examples": ["jo@example.com"]},
            "email_reply_to_id": ID,
            "one_click_unsubscribe_url": {"type": "string", "format": "uri", "pattern": "^https"},
            "sanitise_content_for": maybe(several(TEXT)),
        },
        required=("email_address", "template_id"),
    ),
    "WantedText": thing(
        _WANTED | _SCHEDULE | {"phone_number": {"type": "string", "examples": ["07700 900123"]}, "sms_sender_id": ID},
        required=("phone_number", "template_id"),
    ),
    "WantedLetter": {
        "anyOf": [
            thing(_WANTED, required=("template_id", "personalisation")),
            thing(
                {
                    "reference": TEXT,
                    "content": {"type": "string", "contentEncoding": "base64"},
                    "postage": {"enum": ["first", "second", "economy"]},
                },
                required=("reference", "content"),
            ),
        ]
    },
    "WantedBatch": thing(
        {
            "template_id": ID,
            "recipients": {**several(_RECIPIENT), "minItems": 1, "maxItems": 10_000},
            **_SCHEDULE,
            "email_reply_to_id": ID,
            "sms_sender_id": ID,
            "sanitise_content_for": maybe(several(TEXT)),
        },
        required=("template_id", "recipients"),
    ),
    "SentBatch": thing(
        {
            "template": _TEMPLATE_OF_MESSAGE,
            "accepted": {"type": "integer"},
            "refused": {"type": "integer"},
            "results": several({"type": "object"}),
        }
    ),
    "SentEmail": thing(
        _SENT
        | {
            "content": thing(
                {"from_email": TEXT, "body": TEXT, "subject": TEXT, "one_click_unsubscribe_url": maybe(TEXT)}
            ),
            "sanitised_content": {"type": "object"},
        }
    ),
    "SentText": thing(_SENT | {"content": thing({"body": TEXT, "from_number": TEXT})}),
    "SentLetter": {
        "anyOf": [
            thing(_SENT | {"content": thing({"body": TEXT, "subject": TEXT})}),
            thing({"id": ID, "reference": TEXT, "postage": TEXT}),
        ]
    },
    "Message": thing(
        {
            "id": ID,
            "reference": maybe(TEXT),
            "email_address": maybe(TEXT),
            "phone_number": maybe(TEXT),
            **{line: maybe(TEXT) for line in _LINES},
            "postcode": maybe(TEXT),
            "type": {"enum": list(TYPES)},
            "status": {"enum": list(STATUSES)},
            "template": _TEMPLATE_OF_MESSAGE,
            "body": TEXT,
            "subject": maybe(TEXT),
            "created_at": MOMENT,
            "created_by_name": maybe(TEXT),
            "sent_at": maybe(MOMENT),
            "completed_at": maybe(MOMENT),
            "scheduled_for": maybe(MOMENT),
            "postage": maybe(TEXT),
            "one_click_unsubscribe_url": maybe(TEXT),
            "cost_in_pounds": maybe({"type": "number"}),
            "cost_details": {"type": "object"},
            "is_cost_data_ready": {"type": "boolean"},
        },
        is_open=True,
    ),
    "Template": thing(
        {
            "id": ID,
            "type": {"enum": list(TYPES)},
            "created_at": MOMENT,
            "updated_at": maybe(MOMENT),
            "created_by": TEXT,
            "version": {"type": "integer"},
            "body": TEXT,
            "subject": maybe(TEXT),
            "name": TEXT,
            "postage": maybe(TEXT),
            "letter_contact_block": maybe(TEXT),
            "personalisation": {"type": "object"},
        },
        is_open=True,
    ),
    "Preview": thing(
        {
            "id": ID,
            "type": {"enum": list(TYPES)},
            "version": {"type": "integer"},
            "body": TEXT,
            "subject": maybe(TEXT),
            "html": maybe(TEXT),
            "postage": maybe(TEXT),
        }
    ),
    "ReceivedText": thing(
        {"id": ID, "user_number": TEXT, "notify_number": TEXT, "created_at": MOMENT, "service_id": ID, "content": TEXT}
    ),
    "Links": thing({"current": TEXT, "next": TEXT}, required=("current",)),
}
