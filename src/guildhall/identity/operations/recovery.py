"""Getting back in with a new password, and shutting others out."""

from dataclasses import replace
from datetime import datetime

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models, queries
from guildhall.identity.domain.letters import NO_ACCOUNT, PASSWORD_CHANGED, RESET_LINK
from guildhall.identity.domain.source import Source
from guildhall.identity.domain.tries import Action
from guildhall.identity.operations import letters, passwords
from guildhall.identity.operations.accounts import begin_a_generation, keep_password
from guildhall.identity.operations.passwords import GoodPassword
from guildhall.identity.operations.tries import count_a_try, reset_strangers_tries, trier_at
from guildhall.identity.queries import PersonView, ResetLinkLapsed
from guildhall.kernel.ids import PersonId
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.kernel.visitor import Language


def request_reset(email: EmailAddress, *, language: Language, source: Source, now: datetime) -> None:
    """Send a link for choosing a new password, or, where nobody has this address, a letter that says so.

    ``language`` is the page's; a person is written to in their own.

    :raises LockedOut: too many links were asked for.
    """
    with letters.in_the_installations_name():
        person = queries.find_person_by_email(email)
        count_a_try(trier_at(email, source, person), Action.ASK_FOR_RESET, now=now)
        address = letters.Address(email, person.language if person else language)
        if person:
            link = letters.link_to("identity:new-password", queries.reset_link_for(person))
            letters.send(RESET_LINK, address, {"link": link}, now=now)
        else:
            link = letters.link_to("identity:register")
            letters.send(NO_ACCOUNT, address, {"link": link}, now=now)


def finish_reset(token: str, password: GoodPassword, *, now: datetime) -> PersonView:
    """Give the person a new password, unlock it, and end all their sessions; return who it is now. A link works once.

    A second proof, where there is one, is still asked for at the next sign-in.

    :raises ResetLinkLapsed: the link was used, is too old, or the person has ended all sessions since it was sent.
    """
    encoded = passwords.encode(password)
    with letters.in_the_installations_name():
        # Whoever moves the person into the next generation first has used the link, and every other link like it.
        person = queries.read_reset_link(token)
        if not models.Person.objects.filter(id=person.id, generation=person.generation).select_for_update():
            raise ResetLinkLapsed("this link was used")
        generation = _replace_password(person, encoded, now=now)
        reset_strangers_tries(person.email, Action.GIVE_PASSWORD, Action.ASK_FOR_RESET)
    return replace(person, generation=generation)


def change_password(person_id: PersonId, password: GoodPassword, *, now: datetime) -> int:
    """Give a signed-in person a new password and end their sessions; return the generation their own may join."""
    encoded = passwords.encode(password)
    with letters.in_the_installations_name():
        return _replace_password(queries.get_person(person_id), encoded, now=now)


@part_of_a_transaction
def _replace_password(person: PersonView, encoded: str, *, now: datetime) -> int:
    keep_password(person.id, encoded, now=now)
    generation = begin_a_generation(person.id)
    letters.send(PASSWORD_CHANGED, letters.Address(person.email, person.language), {}, now=now)
    return generation
