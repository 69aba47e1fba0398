"""A payment as this wire writes it (pay contract 3). Members that are empty are left out, but for those of a card."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from guildhall.pay.domain.creation import Address
from guildhall.pay.domain.ids import public_id
from guildhall.pay.domain.states import State, Status
from guildhall.pay.operations import OpenPayment
from guildhall.pay.queries import CardView, PaymentView

_NOT_REFUNDABLE_YET = frozenset({Status.CREATED, Status.STARTED, Status.SUBMITTED, Status.SUCCESS})


def payment_body(opened: OpenPayment) -> dict[str, Any]:
    """Return the whole body of a payment, with links that open its page once."""
    payment = opened.payment
    members = {
        "amount": payment.amount,
        "description": payment.description,
        "reference": payment.reference,
        "language": payment.language,
        "metadata": dict(payment.metadata),
        "email": payment.email,
        "card_details": _card(payment.card) if payment.card else None,
        "state": _state(payment),
        "payment_id": public_id(payment.id),
        "payment_provider": payment.account.provider,
        "created_date": _instant(payment.created_at),
        "refund_summary": _refunds(payment),
        "delayed_capture": payment.is_capture_delayed,
        "moto": False,
        "provider_id": payment.provider_id,
        "return_url": payment.return_url,
        "authorisation_mode": "web",
    }
    present = {name: value for name, value in members.items() if value not in (None, "", {})}
    return present | {"settlement_summary": _settlement(payment), "_links": _links(opened)}


def payment_address(payment: PaymentView) -> str:
    """Return the address of a payment on this wire."""
    return f"{settings.BASE_URL}/v1/payments/{public_id(payment.id)}"


def _state(payment: PaymentView) -> dict[str, Any]:
    standing = payment.standing
    members = {"code": standing.code, "message": standing.message}
    always = {"status": standing.status.value, "finished": standing.is_finished}
    return always | {name: value for name, value in members.items() if value}


def _refunds(payment: PaymentView) -> dict[str, Any]:
    return {"status": _refund_status(payment), "amount_available": payment.amount, "amount_submitted": 0}


def _refund_status(payment: PaymentView) -> str:
    if payment.state is State.CAPTURED:
        return "available"
    if payment.status in _NOT_REFUNDABLE_YET and payment.state is not State.CAPTURE_QUEUED:
        return "pending"
    return "unavailable"


def _settlement(payment: PaymentView) -> dict[str, str]:
    summary = {}
    if payment.capture_submitted_at:
        summary["capture_submit_time"] = _instant(payment.capture_submitted_at)
    if payment.captured_at:
        summary["captured_date"] = payment.captured_at.astimezone(UTC).date().isoformat()
    return summary


def _card(card: CardView) -> dict[str, Any]:
    """A card's members are written as null while they are unknown; those of its address are left out."""
    return {
        "last_digits_card_number": card.last_four,
        "first_digits_card_number": card.first_six,
        "cardholder_name": card.cardholder_name,
        "expiry_date": card.expiry,
        "billing_address": _address(card.address) if card.address else None,
        "card_brand": card.brand,
        "card_type": card.card_type,
        "wallet_type": None,
    }


def _address(address: Address) -> dict[str, str]:
    members = {
        "line1": address.line1,
        "line2": address.line2,
        "postcode": address.postcode,
        "city": address.city,
        "country": address.country,
    }
    return {name: value for name, value in members.items() if value}


def _links(opened: OpenPayment) -> dict[str, Any]:
    payment, address = opened.payment, payment_address(opened.payment)
    links: dict[str, Any] = {"self": _link(address, "GET")}
    if opened.token:
        page = f"{settings.BASE_URL}/secure"
        links["next_url"] = _link(f"{page}/{opened.token}", "GET")
        links["next_url_post"] = {
            "type": "application/x-www-form-urlencoded",
            "params": {"chargeTokenId": opened.token},
            **_link(page, "POST"),
        }
    links |= {"events": _link(f"{address}/events", "GET"), "refunds": _link(f"{address}/refunds", "GET")}
    if not payment.is_finished:
        links["cancel"] = _link(f"{address}/cancel", "POST")
    if payment.status is Status.CAPTURABLE:
        links["capture"] = _link(f"{address}/capture", "POST")
    return links


def _link(href: str, method: str) -> dict[str, str]:
    return {"href": href, "method": method}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
