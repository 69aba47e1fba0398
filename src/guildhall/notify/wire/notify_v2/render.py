"""What the API says of what was accepted, sent and written (contract: notify 1.4, 1.5, 1.7)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from guildhall.contact.phone_number import normalise_sender
from guildhall.contact.postal_address import PostalAddress
from guildhall.kernel.clock import london_day
from guildhall.metering.domain.letter_tariff import published_letter_tariff
from guildhall.metering.domain.meters import letter_meter
from guildhall.metering.domain.tariff import published_tariff
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.email_message import write_html
from guildhall.notify.domain.letter_address import values_of
from guildhall.notify.domain.letter_timing import LetterClass, letter_timing
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Postage, fill_email, fill_text, personalisation_asked_for
from guildhall.notify.operations import Prepared
from guildhall.notify.operations.letters.precompiled import AcceptedFile
from guildhall.notify.queries import MessageView, NotifyServiceView, TemplateView
from guildhall.notify.wire.notify_v2.questions import Question

DEFAULT_TEXT_SENDER = "GUILDHALL"

Json = dict[str, object]


def render_accepted(accepted: Prepared) -> Json:
    """Tell what was accepted."""
    template, root = accepted.template, settings.BASE_URL
    shown: Json = {
        "id": accepted.id,
        "reference": accepted.wanted.reference,
        "content": _CONTENT[template.channel](accepted),
        "uri": f"{root}/v2/notifications/{accepted.id}",
        "template": {
            "id": template.id,
            "version": template.version,
            "uri": f"{root}/services/{accepted.service.id}/templates/{template.id}",
        },
        "scheduled_for": _moment(accepted.scheduled_for),
    }
    if template.channel is Channel.EMAIL:
        shown["sanitised_content"] = {
            name: {"unsanitised": each.before, "sanitised": each.after} for name, each in accepted.sanitised.items()
        }
    return shown


def render_messages(messages: Sequence[MessageView], question: Question) -> Json:
    """Tell a page of a list. Clients turn pages until one is empty, which is why only that one names no next."""
    address = f"{settings.BASE_URL}/v2/notifications"
    links = {"current": question.address(address)}
    if messages:
        links["next"] = question.address(address, older_than=messages[-1].id)
    return {"notifications": [render_message(each) for each in messages], "links": links}


def render_accepted_file(accepted: AcceptedFile) -> Json:
    """Tell of a letter that came ready to print."""
    return {"id": accepted.id, "reference": accepted.reference, "postage": accepted.postage}


def render_message(message: MessageView) -> Json:
    """Tell all about a message."""
    is_email, template = message.channel is Channel.EMAIL, message.template
    cost, details = _cost(message)
    return {
        "id": message.id,
        "reference": message.reference,
        "email_address": message.recipient_as_given if is_email else None,
        "phone_number": message.recipient_as_given if message.channel is Channel.SMS else None,
        **_address_of(message),
        "type": message.channel,
        "status": _status_of(message),
        "template": {
            "id": template.id,
            "version": template.version,
            "uri": f"{settings.BASE_URL}/v2/template/{template.id}/version/{template.version}",
        },
        "body": message.body,
        "subject": message.subject,
        "created_at": _moment(message.accepted_at),
        "created_by_name": message.sent_by or None,
        "sent_at": _moment(message.sent_at),
        "completed_at": _moment(message.completed_at),
        "scheduled_for": _moment(message.scheduled_for),
        "postage": message.postage or None,
        "one_click_unsubscribe_url": message.unsubscribe_url,
        "cost_in_pounds": cost,
        "cost_details": details,
        "is_cost_data_ready": cost is not None,
        **_delivery_of(message),
    }


def render_template(template: TemplateView, contact_block: str | None) -> Json:
    """Tell what a template says in English: the language that an unaware program sends."""
    words = template.pair.english
    postage = template.choices.postage or Postage.SECOND
    return {
        "id": template.id,
        "type": template.channel,
        "created_at": _moment(template.created_at),
        "updated_at": _moment(template.updated_at),
        "created_by": template.saved_by,
        "version": template.version,
        "body": words.body,
        "subject": None if template.channel is Channel.SMS else words.subject,
        "name": template.name,
        "postage": postage if template.channel is Channel.LETTER else None,
        "letter_contact_block": contact_block,
        "personalisation": personalisation_asked_for(template.pair),
    }


def render_preview(template: TemplateView, values: Mapping[str, object]) -> Json:
    """Show what a message would say."""
    given, words = Personalisation(values), template.pair.english
    shown: Json = {"id": template.id, "type": template.channel, "version": template.version, "postage": None}
    if template.channel is Channel.LETTER:
        filled = fill_email(words, given)
        postage = template.choices.postage or Postage.SECOND
        return shown | {"body": filled.body, "subject": filled.subject, "html": None, "postage": postage}
    if template.channel is Channel.EMAIL:
        filled = fill_email(words, given)
        return shown | {"body": filled.body, "subject": filled.subject, "html": write_html(words.body, given)}
    return shown | {"body": fill_text(words, given, prefix=None).content, "subject": None, "html": None}


def from_email(service: NotifyServiceView) -> str:
    """Return the address that a service's emails come from."""
    return f"{service.from_local_part}@{settings.EMAIL_DOMAIN}"


def _email_content(accepted: Prepared) -> Json:
    return {
        "from_email": from_email(accepted.service),
        "body": accepted.body,
        "subject": accepted.subject,
        "one_click_unsubscribe_url": accepted.wanted.unsubscribe_url,
    }


def _text_content(accepted: Prepared) -> Json:
    return {"body": accepted.body, "from_number": normalise_sender(accepted.sender or DEFAULT_TEXT_SENDER)}


def _letter_content(accepted: Prepared) -> Json:
    return {"body": accepted.body, "subject": accepted.subject}


_CONTENT = {Channel.EMAIL: _email_content, Channel.SMS: _text_content, Channel.LETTER: _letter_content}


def _address_of(message: MessageView) -> Json:
    """Return the lines of a letter's address; None for lines that it does not have, and for other messages."""
    given = message.recipient_as_given if message.channel is Channel.LETTER else ""
    lines = values_of(PostalAddress(given, may_be_abroad=True))
    return {
        **{f"line_{number}": lines[f"address_line_{number}"] or None for number in range(1, 7)},
        "postcode": lines["postcode"] or None,
    }


def _status_of(message: MessageView) -> str:
    """Return a status as programs know it: of a letter they learn that it was accepted, and that it was received."""
    return _LETTER_STATUSES.get(message.status, message.status) if message.channel is Channel.LETTER else message.status


_LETTER_STATUSES: Mapping[str, str] = {
    Status.CREATED: "accepted",
    Status.SENDING: "accepted",
    Status.DELIVERED: "received",
    Status.RETURNED_LETTER: "received",
}


def _delivery_of(message: MessageView) -> Json:
    if message.channel is not Channel.LETTER:
        return {}
    timing = letter_timing(message.accepted_at, LetterClass(message.postage))
    return {"estimated_delivery": _moment(timing.earliest_delivery)}


def _cost_of_letter(message: MessageView) -> tuple[float | None, Json]:
    """Return what a letter costs: nothing if it is never sent, and None while it is still being looked through.

    Source: alphagov/notifications-api:tests/app/test_model.py, test_notification_serialize_with_cost_data_for_letter….
    """
    if message.status is Status.PENDING_VIRUS_CHECK:
        return None, {}
    day, meter = london_day(message.sent_at or message.accepted_at), letter_meter(message.postage)
    is_charged = not message.is_test and message.status not in _NEVER_SENT and message.sheets > 0
    cost = published_letter_tariff().price_on(day, meter, sheets=message.sheets) if is_charged else Decimal(0)
    return float(cost), {"billable_sheets_of_paper": message.sheets if is_charged else 0, "postage": message.postage}


_NEVER_SENT = frozenset(
    {Status.VALIDATION_FAILED, Status.TECHNICAL_FAILURE, Status.CANCELLED, Status.VIRUS_SCAN_FAILED}
)


def _cost(message: MessageView) -> tuple[float | None, Json]:
    """Return what a message costs before any free allowance, and how that comes about; None while nobody knows."""
    if message.channel is Channel.EMAIL:
        return 0.0, {}
    if message.channel is Channel.LETTER:
        return _cost_of_letter(message)
    rate = published_tariff().rate_on(london_day(message.accepted_at))
    fragments = 0 if message.is_test else message.fragments
    cost = Decimal(fragments * message.rate_multiplier) * rate
    return float(cost), {
        "billable_sms_fragments": fragments,
        "international_rate_multiplier": float(message.rate_multiplier),
        "sms_rate": float(rate),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
