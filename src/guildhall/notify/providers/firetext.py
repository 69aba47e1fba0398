"""Texts by Firetext (alphagov/notifications-api:app/clients/sms/firetext.py; firetext.co.uk/docs).

Receipts come to ``POST /notifications/sms/firetext`` under the message's id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from guildhall.notify.domain.template import fill_text
from guildhall.notify.ports import HandedOver, NotTaken, Outcome, Outgoing, TryLater, Undeliverable
from guildhall.notify.providers.one_by_one import PATIENCE, Answer, OneByOne, Patience, outcome_of_refusal, sender_for

SENT, WRONG_NUMBER = 0, 2
OF_THIS_MESSAGE = frozenset({3, 5})
"""What is wrong with the sender or the words. Everything else is the account's: no credit, a wrong key."""

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class FiretextSettings:
    """How an account with Firetext is used.

    ``receipt_url`` is told with every text; it names our address, and the account's secret in it. ``sender`` is for
    services that have none of their own, ``numeric_sender`` for countries that let no names through.
    """

    api_key: str
    url: str = "https://www.firetext.co.uk/api/sendsms/json"
    receipt_url: str = ""
    sender: str = ""
    numeric_sender: str = ""


def make(given: Mapping[str, str]) -> "Firetext":
    """Return a provider with an account's settings; what is not one of them is passed over.

    :raises KeyError: the key is missing.
    """
    return Firetext(
        FiretextSettings(
            given["api_key"],
            given.get("url") or FiretextSettings("").url,
            given.get("receipt_url", ""),
            given.get("sender", ""),
            given.get("numeric_sender", ""),
        )
    )


class Firetext(OneByOne):
    """Hands texts to Firetext, which answers with a code: 0 is taken."""

    name = "firetext"

    def __init__(self, settings: FiretextSettings, patience: Patience = PATIENCE) -> None:
        super().__init__(patience)
        self._settings = settings

    def send(self, message: Outgoing) -> Outcome:
        settings = self._settings
        form = {
            "apiKey": settings.api_key,
            "from": sender_for(message, default=settings.sender, numeric=settings.numeric_sender),
            "to": message.recipient,
            "message": fill_text(message.words, message.given, prefix=message.prefix).content,
            "reference": str(message.message_id),
        }
        if settings.receipt_url:
            form["receipt"] = settings.receipt_url
        return _read(self.ask("POST", settings.url, headers=FORM, body=urlencode(form).encode()))


def _read(answer: Answer) -> Outcome:
    code = answer.said.get("code")
    if answer.status != 200 or not isinstance(code, int):
        return outcome_of_refusal(answer)
    if code == SENT:
        return HandedOver()
    problem = f"{code} {answer.said.get('description', '')}".strip()
    if code == WRONG_NUMBER:
        return Undeliverable(problem)
    return TryLater(problem) if code in OF_THIS_MESSAGE else NotTaken(problem)
