"""Councils and officers for other modules' tests."""

import struct
import zlib
from uuid import UUID, uuid4

from guildhall.design.languages import Text
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.organisations.domain.stages import Stage
from guildhall.organisations.models import Organisation
from guildhall.organisations.operations import (
    NewOfficer,
    NewOrganisation,
    NewService,
    add_organisation,
    create_service,
    ensure_member,
)
from guildhall.organisations.queries import Council, Membership, Service, get_council_by_id

OFFICER = PersonId(UUID("01990000-0000-7000-8000-00000000ff1c"))
"""Somebody who does things in tests that do not ask who they are."""


def make_council(name: str = "Testford Borough Council", name_cy: str = "Cyngor Bwrdeistref Testford") -> Council:
    """Add an open council with an address of its own."""
    slug = f"testford-{uuid4().hex[:12]}"
    return add_organisation(
        NewOrganisation(slug=slug, name=name, name_cy=name_cy, homepage_url="https://www.testford.example/"),
        now=clock.now(),
    )


def stand_at(council: Council, stage: Stage) -> Council:
    """Put a council where it stands before it is open, or where it is taken off to."""
    now = clock.now()
    with acting_for(council.id), transaction():
        Organisation.objects.filter(id=council.id).update(
            stage=stage,
            opened_at=now if stage in (Stage.OPEN, Stage.TAKEN_OFF) else None,
            taken_off_at=now if stage is Stage.TAKEN_OFF else None,
        )
    return get_council_by_id(council.id)


def make_service(council: Council, slug: str = "bulky-waste", name: str = "Bulky waste collection") -> Service:
    """Give a council a live service."""
    new = NewService(slug=slug, name=Text(name, "Casglu gwastraff swmpus"), is_live=True)
    with acting_for(council.id):
        return create_service(new, actor=None, now=clock.now())


def make_officer(council: Council, *roles: Role, person_id: PersonId | None = None) -> Membership:
    """Put a person on a council's team; an owner unless told otherwise."""
    person_id = person_id or PersonId(new_id())
    officer = NewOfficer(person_id, f"{person_id.hex}@testford.example", "Olwen Ap Rhys")
    with acting_for(council.id):
        return ensure_member(officer, frozenset(roles or {Role.OWNER}), now=clock.now())


def png(width: int = 8, height: int = 8, *, padding: int = 0) -> bytes:
    """Draw a black PNG picture, made larger by so many bytes of text."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * (3 * width + 1) * height)
    parts = ((b"IHDR", header), (b"IDAT", pixels), (b"tEXt", b"x" * padding), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
