"""Texts by MMG (alphagov/notifications-api:app/clients/sms/mmg.py).

Receipts come to ``POST /notifications/sms/mmg`` under the message's id.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from guildhall.notify.domain.template import fill_text
from guildhall.notify.ports import HandedOver, Outcome, Outgoing, TryLater
from guildhall.notify.providers.one_by_one import PATIENCE, Answer, OneByOne, Patience, outcome_of_refusal, sender_for


@dataclass(frozen=True, slots=True)
class MmgSettings:
    """How an account with MMG is used. ``api_key`` is what stands behind ``Basic``; see ``FiretextSettings``."""

    api_key: str
    url: str = "https://api.mmg.co.uk/jsonv2a/api.php"
    receipt_url: str = ""
    sender: str = ""
    numeric_sender: str = ""


def make(given: Mapping[str, str]) -> "Mmg":
    """Return a provider with an account's settings; what is not one of them is passed over.

    :raises KeyError: the key is missing.
    """
    return Mmg(
        MmgSettings(
            given["api_key"],
            given.get("url") or MmgSettings("").url,
            given.get("receipt_url", ""),
            given.get("sender", ""),
            given.get("numeric_sender", ""),
        )
    )


class Mmg(OneByOne):
    """Hands texts to MMG, which answers what it took with its own reference, and anything else with an error."""

    name = "mmg"

    def __init__(self, settings: MmgSettings, patience: Patience = PATIENCE) -> None:
        super().__init__(patience)
        self._settings = settings

    def send(self, message: Outgoing) -> Outcome:
        settings = self._settings
        said: dict[str, object] = {
            "reqType": "BULK",
            "MSISDN": message.recipient,
            "msg": fill_text(message.words, message.given, prefix=message.prefix).content,
            "sender": sender_for(message, default=settings.sender, numeric=settings.numeric_sender),
            "cid": str(message.message_id),
            "multi": True,
        }
        if settings.receipt_url:
            said["delurl"] = settings.receipt_url
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {settings.api_key}"}
        return _read(self.ask("POST", settings.url, headers=headers, body=msgspec.json.encode(said)))


def _read(answer: Answer) -> Outcome:
    said = answer.said
    if answer.status != 200 or not said:
        return outcome_of_refusal(answer)
    if "Error" in said:
        return TryLater(f"{said['Error']} {said.get('Description', '')}".strip())
    return HandedOver()
