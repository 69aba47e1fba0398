"""What happens in organisations that others may need to act on."""

from dataclasses import dataclass
from uuid import UUID

from guildhall.kernel.events import Event


@dataclass(frozen=True)
class OfficerInvited(Event):
    """Somebody was asked to join a council's team and needs to be told, at the address in the invitation."""

    invitation_id: UUID
