"""Forms and cases: each act done once."""

import json
from uuid import UUID

from guildhall.design.languages import Text
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import ServiceId, new_id
from guildhall.organisations.testing import OFFICER, make_officer
from guildhall.services.cases.domain.officers import Officer
from guildhall.services.cases.operations import work
from guildhall.services.cases.testing import new_case, open_case
from guildhall.services.forms.operations import uploading, versions
from guildhall.services.forms.testing import asked, document, page

from .driving import House, doing

FORM = document(page(asked("mail", "email")))


def me(house: House) -> Officer:
    return Officer(house.me, frozenset({Role.CASEWORKER}))


def case(house: House) -> UUID:
    return open_case(new_case(ServiceId(house.sender.id)))


def form(house: House) -> UUID:
    return versions.add_version(versions.NewVersion(ServiceId(house.sender.id), FORM), actor=OFFICER, now=clock.now())


@doing(work.take_action)
def take_action(house: House) -> None:
    work.take_action(work.WantedAction(case(house), "check", 1), by=me(house), now=clock.now())


@doing(work.assign)
def assign(house: House) -> None:
    colleague = make_officer(house.council, Role.CASEWORKER)
    work.assign(case(house), colleague.person_id, seen_version=1, by=me(house), now=clock.now())


@doing(work.add_note)
def add_note(house: House) -> None:
    work.add_note(case(house), "Bring the big van", once=new_id(), by=me(house), now=clock.now())


@doing(work.write_to_resident)
def write_to_resident(house: House) -> None:
    work.write_to_resident(case(house), Text("Is it wet?"), once=new_id(), by=me(house), now=clock.now())


@doing(uploading.upload)
def upload(house: House) -> None:
    wanted = uploading.Upload(ServiceId(house.sender.id), json.dumps(FORM).encode(), None, "bulky-waste")
    uploading.upload(wanted, **house.by_me())


@doing(versions.add_version)
def add_version(house: House) -> None:
    versions.add_version(versions.NewVersion(ServiceId(house.sender.id), FORM), **house.by_me())


@doing(versions.publish)
def publish(house: House) -> None:
    versions.publish(form(house), **house.by_me())


@doing(versions.archive)
def archive(house: House) -> None:
    versions.archive(form(house), **house.by_me())
