"""What notify asks of identity: whose account a message goes into."""

from collections.abc import Collection, Mapping
from uuid import UUID

from guildhall.identity.queries import list_who_read_in_their_account


class PersonalAccounts:
    """Everybody with an account who has chosen to read councils' messages there."""

    def who_read_there(self, emails: Collection[str]) -> Mapping[str, UUID]:
        """Return their persons by email address."""
        return list_who_read_in_their_account(emails)
