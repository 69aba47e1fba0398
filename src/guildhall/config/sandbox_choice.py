"""Whether an installation has the sandbox, and who may look into it.

What the sandbox sends is shown in its inbox: codes to sign in with, links that reset passwords. So it is for whoever
sits at this machine. It can be shown to everybody only by saying so, and its inbox then asks who is there.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from guildhall.config.base_url import BaseUrl
from guildhall.config.ports import Place
from guildhall.config.problems import Problem

MARK, NONE = "sandbox", "none"
CHOICE, IN_PUBLIC = "GUILDHALL_SANDBOX", "GUILDHALL_SANDBOX_IN_PUBLIC"


@dataclass(frozen=True)
class Sandbox:
    """``is_public`` where the operator says that everybody may see it."""

    exists: bool
    is_public: bool = False

    def environment(self) -> dict[str, str]:
        return {CHOICE: "1" if self.exists else "0", IN_PUBLIC: "yes" if self.is_public else "no"}

    def refuse_open_doors(self, base_url: BaseUrl, place: Place | None) -> None:
        """Refuse to show the sandbox to others unasked.

        :raises Problem: others than this machine's users would reach it.
        """
        if not self.exists or self.is_public:
            return
        if place is not None and not place.is_loopback:
            raise _open_to_everybody(f"on {place.address}")
        if not base_url.is_for_this_machine_only:
            raise _open_to_everybody(f"at {base_url}")


def sandbox_of_environment() -> Sandbox:
    """Return what ``Sandbox.environment`` wrote down."""
    return Sandbox(os.environ.get(CHOICE) == "1", os.environ.get(IN_PUBLIC) == "yes")


def choose_sandbox(marks: Mapping[str, str], *, is_embedded: bool, in_public: bool) -> Sandbox:
    """Return what the operator says; else what the database was last brought up to date with.

    A new embedded database has the sandbox, a new one on somebody's server has not: people may live there.
    """
    said = os.environ.get(CHOICE)
    exists = said == "1" if said else is_embedded and marks.get(MARK) != NONE
    return Sandbox(exists, in_public or os.environ.get(IN_PUBLIC, "").lower() == "yes")


def _open_to_everybody(where: str) -> Problem:
    return Problem(
        f"The sandbox would be open to everybody {where}, with the sign-in codes and reset links in its inbox: set "
        f"{CHOICE}=0 for a real installation, or {IN_PUBLIC}=yes to show the sandbox in public, where its inbox asks "
        "for an operator's sign-in."
    )
