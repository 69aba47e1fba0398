"""Names of notify's things."""

from typing import NewType
from uuid import UUID

NotifyServiceId = NewType("NotifyServiceId", UUID)
TemplateId = NewType("TemplateId", UUID)
MessageId = NewType("MessageId", UUID)
KeyId = NewType("KeyId", UUID)
SenderAddressId = NewType("SenderAddressId", UUID)
FolderId = NewType("FolderId", UUID)
ContactBlockId = NewType("ContactBlockId", UUID)
ProviderAccountId = NewType("ProviderAccountId", UUID)
ListId = NewType("ListId", UUID)
