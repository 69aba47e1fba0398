"""Who is at the door: what the session says about the person who made this request."""

from dataclasses import dataclass
from typing import Literal

from guildhall.kernel.ids import PersonId

Language = Literal["en", "cy"]


@dataclass(frozen=True)
class Visitor:
    """The person behind a request. ``person_id`` is None for somebody who has not signed in."""

    person_id: PersonId | None = None
    email: str = ""
    name: str = ""
    has_second_factor: bool = False
    language: Language | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None


NOBODY = Visitor()
