"""Letters that ask officers in. The invitation itself belongs to the council that sent it."""

from datetime import datetime
from uuid import UUID

from babel.dates import format_date

from guildhall.contact.email_address import EmailAddress
from guildhall.identity.domain.letters import INVITATION
from guildhall.identity.operations import letters
from guildhall.kernel import clock
from guildhall.kernel.visitor import Language
from guildhall.organisations import queries as organisations


def day_in(language: Language, at: datetime) -> str:
    """Write the London day of ``at`` out in a language."""
    return format_date(clock.london_day(at), "d MMMM y", locale="cy" if language == "cy" else "en_GB")


def send_invitation(invitation_id: UUID, *, now: datetime) -> None:
    """Email the current council's invitation, once for each time that it is sent. A closed one is not emailed.

    Nobody knows yet which language the officer reads, so the letter is in both.
    """
    invitation = organisations.get_invitation(invitation_id)
    if not invitation.is_open:
        return
    words = {
        "inviter": invitation.invited_by_name,
        "council": invitation.council.named("en"),
        "council_cy": invitation.council.named("cy"),
        "expires_on": day_in("en", invitation.expires_at),
        "expires_on_cy": day_in("cy", invitation.expires_at),
        "link": letters.link_to("identity:invitation", invitation.token),
    }
    with letters.in_the_installations_name():
        address = letters.Address(EmailAddress(invitation.email), None)
        letters.send(
            INVITATION, address, words, now=now, once_key=f"identity:invitation:{invitation_id}:{invitation.times_sent}"
        )
