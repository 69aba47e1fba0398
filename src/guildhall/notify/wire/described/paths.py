"""The addresses of the message API, each with what it takes and every status it answers with."""

from collections.abc import Iterable
from http import HTTPStatus

from guildhall.notify.wire.described.parts import ID, SCHEMAS, TEXT, Json, of, several, thing
from guildhall.notify.wire.notify_v2.questions import STATUSES, TYPES

ALWAYS = (401, 403, 405, 503)
"""No token, one that is not believed, another method, a database that is away."""


def describe(base_url: str) -> Json:
    """Return the OpenAPI description of the API as an installation serves it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Guildhall messages",
            "version": "2",
            "description": "Emails, text messages and letters, on the API of GOV.UK Notify. A request is signed with a "
            "JSON Web Token (HS256): iss is the service's id, iat the time in seconds, the key its secret.",
        },
        "servers": [{"url": base_url}],
        "security": [{"token": []}],
        "paths": {**_sending(), **_reading(), **_templates(), **_our_own()},
        "components": {
            "schemas": dict(SCHEMAS),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _sending() -> Json:
    kinds = (("email", "Email", "an email"), ("sms", "Text", "a text message"), ("letter", "Letter", "a letter"))
    return {
        f"/v2/notifications/{channel}": {
            "post": _operation(
                f"Send {what}",
                answers={201: of(f"Sent{name}")},
                refusals=(400, 409, 413, 429),
                asked=[_ONCE],
                body=of(f"Wanted{name}"),
            )
        }
        for channel, name, what in kinds
    }


def _reading() -> Json:
    pages = thing({"notifications": several(of("Message")), "links": of("Links")})
    texts = thing({"received_text_messages": several(of("ReceivedText")), "links": of("Links")})
    return {
        "/v2/notifications": {
            "get": _operation(
                "List what was sent with keys of this key's kind, the newest first",
                answers={200: pages},
                refusals=(400,),
                asked=[
                    _asked("template_type", several({"enum": list(TYPES)})),
                    _asked("status", several({"enum": list(STATUSES)})),
                    _asked("reference", TEXT),
                    _asked("older_than", ID),
                    _asked("include_jobs", {"enum": ["true", "True"]}),
                ],
            )
        },
        "/v2/notifications/{notification_id}": {
            "get": _operation(
                "Tell all about one message",
                answers={200: of("Message")},
                refusals=(400, 404),
                places=("notification_id",),
            )
        },
        "/v2/notifications/{notification_id}/pdf": {
            "get": _operation(
                "Return a letter as it is printed",
                answers={200: None},
                refusals=(400, 404),
                places=("notification_id",),
            )
        },
        "/v2/received-text-messages": {
            "get": _operation(
                "List the texts that residents sent to the service, the newest first",
                answers={200: texts},
                refusals=(400,),
                asked=[_asked("older_than", ID)],
            )
        },
    }


def _templates() -> Json:
    one, several_ = of("Template"), several(of("Template"))
    return {
        "/v2/templates": {
            "get": _operation(
                "List the templates in use",
                answers={200: thing({"templates": several_})},
                refusals=(400,),
                asked=[_asked("type", {"enum": list(TYPES)})],
            )
        },
        "/v2/template/{template_id}": {
            "get": _operation("Return a template", answers={200: one}, refusals=(400, 404), places=("template_id",))
        },
        "/v2/template/{template_id}/version/{version}": {
            "get": _operation(
                "Return a template as one of its versions says it",
                answers={200: one},
                refusals=(400, 404),
                places=("template_id", "version"),
            )
        },
        "/v2/template/{template_id}/preview": {
            "post": _operation(
                "Show what a message would say",
                answers={200: of("Preview")},
                refusals=(400, 404, 413),
                places=("template_id",),
                body=thing({"personalisation": {"type": "object", "additionalProperties": True}}, required=()),
            )
        },
        "/service/{service_id}/template/{template_id}/versions": {
            "get": _operation(
                "Return every version of a template, the newest first",
                answers={200: thing({"data": several_})},
                refusals=(400, 404),
                places=("service_id", "template_id"),
            )
        },
    }


def _our_own() -> Json:
    """What no national API has."""
    return {
        "/guildhall/v1/notifications/batch": {
            "post": _operation(
                "Send one template to up to 10,000 recipients, each of whom is accepted or refused by itself",
                answers={201: of("SentBatch")},
                refusals=(400, 409, 413, 429),
                asked=[_ONCE],
                body=of("WantedBatch"),
            )
        },
        "/guildhall/v1/notifications/{notification_id}/cancel": {
            "post": _operation(
                "Take back a message that was to go later",
                answers={200: thing({"id": ID, "status": {"const": "cancelled"}})},
                refusals=(400, 404, 409),
                places=("notification_id",),
            )
        },
    }


def _operation(
    summary: str,
    *,
    answers: dict[int, Json | None],
    refusals: Iterable[int],
    places: Iterable[str] = (),
    asked: Iterable[Json] = (),
    body: Json | None = None,
) -> Json:
    in_path: list[Json] = [{"name": name, "in": "path", "required": True, "schema": _PLACES[name]} for name in places]
    told = {str(status): _answer(status, schema) for status, schema in answers.items()}
    told |= {str(status): _refusal(status) for status in sorted({*refusals, *ALWAYS})}
    operation: Json = {"summary": summary, "parameters": [*in_path, *asked], "responses": told}
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


_PLACES: Json = {
    "notification_id": ID,
    "template_id": ID,
    "service_id": ID,
    "version": {"type": "integer", "minimum": 0},
}


_ONCE: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key with the same body gets the first answer again for 24 hours; another body is refused.",
}


def _asked(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "required": False, "schema": schema, "explode": True}


def _answer(status: int, schema: Json | None) -> Json:
    content = {"application/pdf": {}} if schema is None else {"application/json": {"schema": schema}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def _refusal(status: int) -> Json:
    schema = {405: of("NoSuchAddress"), 404: {"anyOf": [of("Error"), of("NoSuchAddress")]}}.get(status, of("Error"))
    return {"description": HTTPStatus(status).phrase, "content": {"application/json": {"schema": schema}}}
