"""Turning a request into a wanted letter, or into the list of what is wrong with it (contract: notify 1.6).

Schemas: alphagov/notifications-api:app/v2/notifications/notification_schemas.py, post_letter_request and
post_precompiled_letter_request.
"""

from collections.abc import Mapping

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.letter_address import LINE_NAMES
from guildhall.notify.domain.personalisation import key_of
from guildhall.notify.domain.template import Postage
from guildhall.notify.operations import NewMessage
from guildhall.notify.operations.letters.precompiled import PrecompiledLetter
from guildhall.notify.wire.notify_v2 import fields
from guildhall.notify.wire.notify_v2.fields import Body, Fault, Field, Window, not_of_type, read_fields


def is_precompiled(body: Body) -> bool:
    """Tell whether a request brings a letter that is ready to print."""
    return "content" in body


def read_letter(body: Body, window: Window) -> NewMessage:
    """Return the letter that a request wants written. Who it goes to is read from its values, with the template.

    :raises Malformed: it breaks the schema.
    """
    read = read_fields(body, _TEMPLATED, required=("template_id", "personalisation"), window=window)
    return NewMessage(
        channel=Channel.LETTER,
        recipient="",
        recipient_as_given="",
        number=None,
        template_id=read["template_id"],
        personalisation=_without_lines_of_other_names(read["personalisation"]),
        untrusted=frozenset(),
        reference=read.get("reference"),
        sender_id=None,
        unsubscribe_url=None,
    )


def read_precompiled(body: Body, window: Window) -> PrecompiledLetter:
    """Return the letter that a request brings.

    :raises Malformed: it breaks the schema.
    """
    read = read_fields(body, _PRECOMPILED, required=("reference", "content"), window=window)
    return PrecompiledLetter(read["content"], read["reference"], read.get("postage", Postage.SECOND))


def _without_lines_of_other_names(values: Mapping[str, object]) -> Mapping[str, object]:
    """Leave away the lines of an address that are not under their exact names: programs must use those.

    Source: alphagov/notifications-utils:notifications_utils/recipient_validation/postal_address.py. All other values
    are found however their names are spelled.
    """
    return {name: value for name, value in values.items() if name in _LINES or key_of(name) not in _KEYS_OF_LINES}


_LINES = frozenset({*LINE_NAMES, "postcode"})
_KEYS_OF_LINES = frozenset(map(key_of, _LINES))


def _text(value: object, window: Window) -> str:
    if not isinstance(value, str):
        raise Fault(not_of_type(value, "string"))
    return value


def _postage(value: object, window: Window) -> Postage:
    typed = _text(value, window)
    if typed not in list(Postage):
        raise Fault("invalid. It must be either first, second or economy.")
    return Postage(typed)


_TEMPLATED: Mapping[str, Field] = {
    "reference": fields.reference,
    "template_id": fields.identifier,
    "personalisation": fields.values,
}
_PRECOMPILED: Mapping[str, Field] = {"reference": _text, "content": _text, "postage": _postage}
