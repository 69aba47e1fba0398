"""Templates as GOV.UK Notify's own API lists them: ``GET /v2/templates`` (contract: notify 1.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from guildhall.kernel.outgoing import Http, HttpAnswer, NoAnswer
from guildhall.kernel.wire_json import NotJson, read_any_json
from guildhall.notify.domain.api_key import ApiKey
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.template import Words
from guildhall.notify.ports import ForeignTemplate, SourceRefused, SourceUnreachable
from guildhall.notify.providers.govuk_token import bearer

SECONDS = 15.0


class _Template(msgspec.Struct):
    id: UUID
    type: str
    name: str
    body: str
    subject: str | None = None


class _Answer(msgspec.Struct):
    templates: list[_Template]


@dataclass(frozen=True)
class GovukTemplates:
    """The API at ``base_url``."""

    base_url: str

    def list_templates(self, key: ApiKey, *, now: datetime) -> Sequence[ForeignTemplate]:
        """Ask for every template that the key's service has in use."""
        answer = self._ask(key, now)
        if answer.status in (401, 403):
            raise SourceRefused("GOV.UK Notify does not accept this key")
        if answer.status != 200:
            raise SourceUnreachable(f"GOV.UK Notify answered {answer.status}")
        try:
            told = msgspec.convert(read_any_json(answer.body), type=_Answer)
        except (NotJson, msgspec.ValidationError) as fault:
            raise SourceUnreachable("what GOV.UK Notify answered cannot be read") from fault
        known = {str(channel) for channel in Channel}
        return [
            ForeignTemplate(each.id, Channel(each.type), each.name, Words(each.subject or "", each.body))
            for each in told.templates
            if each.type in known
        ]

    def _ask(self, key: ApiKey, now: datetime) -> HttpAnswer:
        headers = {"Authorization": bearer(key, at=now), "User-Agent": "Guildhall"}
        try:
            return Http().ask("GET", f"{self.base_url}/v2/templates", headers=headers, seconds=SECONDS)
        except NoAnswer as fault:
            raise SourceUnreachable("GOV.UK Notify does not answer") from fault
