"""What a provider is answered when its call is of no use (alphagov/notifications-api:app/errors.py)."""

from collections.abc import Mapping, Sequence

from guildhall.kernel.refusals import Refused


class Nobody(Refused):
    """The call does not say whose provider it is."""


class NobodyWeKnow(Refused):
    """The call says that it is of a provider that nobody here has an account with."""


class Unreadable(Refused):
    """The call is not in the provider's own form. ``problems`` says where not."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


STATUS: Mapping[type[Refused], int] = {Nobody: 401, NobodyWeKnow: 403, Unreadable: 400}


def told(refusal: Refused) -> Mapping[str, object]:
    """Return the body of a refusal."""
    message: str | Sequence[str] = list(refusal.problems) if isinstance(refusal, Unreadable) else str(refusal)
    return {"result": "error", "message": message}
