"""Finding out whether a letter may be sent, how it will travel, and how much paper it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from guildhall.contact.postal_address import PostalAddress, check_address
from guildhall.kernel.clock import london_day
from guildhall.kernel.refusals import Forbidden
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.letter_address import address_from
from guildhall.notify.domain.letter_timing import LetterClass, class_of, pick_up_of
from guildhall.notify.domain.paper.printing import print_letter
from guildhall.notify.domain.personalisation import Personalisation, missing_names
from guildhall.notify.domain.template import Postage, Shown
from guildhall.notify.operations.own_messages import PlaceholdersMissing
from guildhall.notify.queries.letters import language_of, letter_names, letter_on
from guildhall.notify.queries.services import NotifyServiceView
from guildhall.notify.queries.templates import TemplateView
from guildhall.organisations.domain.keys import KeyKind


class LettersByTeamKey(Forbidden):
    """A key for the team writes no letters: a letter goes to whoever lives at an address."""


class LettersInTrial(Forbidden):
    """A service in trial mode writes no letters."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter that was found in order: where it goes, how, and on how many sheets."""

    language: Shown
    address: PostalAddress
    letter_class: LetterClass
    sheets: int
    picked_up_at: datetime


def check_may_write(service: NotifyServiceView, kind: KeyKind) -> None:
    """Refuse letters of those who may not send any. With a test key everybody may: nothing is printed.

    :raises LettersByTeamKey: the key is for the team.
    :raises LettersInTrial: the service is not live.
    """
    if kind is KeyKind.TEAM:
        raise LettersByTeamKey("the key writes to the team only")
    if kind is KeyKind.LIVE and not service.is_live:
        raise LettersInTrial("the service is in trial mode")


def check_letter(
    template: TemplateView,
    values: Mapping[str, object],
    *,
    language: Shown,
    service: NotifyServiceView,
    kind: KeyKind,
    now: datetime,
) -> Paper:
    """Return what a letter takes, or say what is wrong with it first.

    :raises PlaceholdersMissing: its Welsh words or the sender's block ask for values that were not given.
    :raises LettersByTeamKey: or ``LettersInTrial``: nobody may write letters this way.
    :raises NotAnAddress: it would not arrive.
    :raises QrCodeTooLong: a code in it would hold too much.
    :raises LetterTooLong: it has more than ten pages.
    """
    given, shown = Personalisation(values), language_of(template, language)
    with acting_for(service.organisation_id):
        if missing := missing_names(letter_names(template, shown), given):
            raise PlaceholdersMissing(f"Missing personalisation: {', '.join(missing)}")
        check_may_write(service, kind)
        address = address_from(values, may_be_abroad=service.may_send_letters_abroad)
        check_address(address)
        letter = letter_on(template, given, language=shown, address=address.lines, day=london_day(now))
    printed = print_letter(letter)
    chosen = template.choices.postage or Postage.SECOND
    picked_up_at = now if kind is KeyKind.TEST else pick_up_of(now)
    return Paper(shown, address, class_of(address.zone, chosen), printed.sheets, picked_up_at)
