"""Pages on which nothing is entered: the payment waits, is over, or is not this browser's."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.pages import render
from guildhall.pay.domain.ids import public_id
from guildhall.pay.domain.states import Status
from guildhall.pay.pages.labels import label
from guildhall.pay.queries import PaymentView


@dataclass(frozen=True)
class Ending:
    """What a payer is told when there is nothing left to enter."""

    heading: str
    text: str


def ended(request: HttpRequest, payment: PaymentView) -> HttpResponse:
    """Say how the payment ended, with the way back to the service."""
    return _show(request, payment, _ending_of(payment))


def waiting(request: HttpRequest, payment: PaymentView) -> HttpResponse:
    """Say that the provider has not answered yet, with a link that looks again."""
    ending = Ending(
        _("We are checking your payment"),
        _("This can take a minute. Do not pay again: check this page first."),
    )
    return _show(request, payment, ending, is_waiting=True)


def not_yours(request: HttpRequest) -> HttpResponse:
    """Say that this browser has not opened the payment: its address was used before, or is somebody else's."""
    return render(request, "pay/not-yours.html", status=403)


def _show(request: HttpRequest, payment: PaymentView, ending: Ending, *, is_waiting: bool = False) -> HttpResponse:
    words = {"payment": payment, "id": public_id(payment.id), "label": label, "ending": ending}
    return render(request, "pay/ended.html", words | {"is_waiting": is_waiting})


def _ending_of(payment: PaymentView) -> Ending:
    nothing_taken = _("No money has been taken from your account.")
    endings = {
        "P0010": Ending(
            _("Your payment has been declined"),
            f"{nothing_taken} {_('Go back to the service to try again, for example with another card.')}",
        ),
        "P0020": Ending(_("Your payment has expired"), nothing_taken),
        "P0030": Ending(_("Your payment has been cancelled"), nothing_taken),
        "P0040": Ending(_("The service has cancelled your payment"), nothing_taken),
        "P0050": Ending(
            _("There was a problem with the payment"),
            f"{nothing_taken} {_('Go back to the service to try again.')}",
        ),
    }
    if payment.code:
        return endings[payment.code]
    if payment.status is Status.CAPTURABLE:
        return Ending(_("Your payment is waiting for the service"), _("The money is reserved on your card."))
    return Ending(_("Your payment was successful"), _("You can go back to the service."))
