"""Messages that are passed on to the real GOV.UK Notify (or any installation that speaks its API) with a key there.

There a template stands ready whose whole body is ``((body))``, and for emails whose subject is ``((subject))``: what it
says is written here. The message's id is the reference there, so that receipts find it, and so that what may have
arrived already is asked for before it is sent again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec

from guildhall.kernel import clock
from guildhall.notify.domain.api_key import ApiKey, NotAnApiKey, read_api_key
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.template import fill_email, fill_text
from guildhall.notify.ports import HandedOver, NotTaken, Outcome, Outgoing, TryLater, Undeliverable
from guildhall.notify.providers.govuk_token import bearer
from guildhall.notify.providers.one_by_one import PATIENCE, Answer, OneByOne, Patience, outcome_of_refusal

REAL = "https://api.notifications.service.gov.uk"
OF_THE_RECIPIENT = frozenset({"InvalidPhoneError", "InvalidEmailError"})
OF_THE_ACCOUNT = ("Template ", "Missing personalisation", "Service is not allowed", "Can’t send to this recipient")


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """How a service of the real GOV.UK Notify is used for one channel. ``sender_id`` is a sender or reply-to address
    there. ``keeps_prefix``: the text begins with our service's name, because that of the service there is switched off.
    """

    key: ApiKey
    template_id: str
    base_url: str = REAL
    sender_id: str = ""
    keeps_prefix: bool = False


def make(given: Mapping[str, str]) -> "GovukNotify":
    """Return a provider with an account's settings; ``api_key`` is the key as GOV.UK Notify shows it.

    :raises KeyError: the key or the template is missing.
    :raises ValueError: the key is none.
    """
    try:
        key = read_api_key(given["api_key"])
    except NotAnApiKey as refusal:
        raise ValueError(str(refusal)) from refusal
    return GovukNotify(
        NotifySettings(
            key,
            template_id=given["template_id"].strip(),
            base_url=(given.get("base_url") or REAL).rstrip("/"),
            sender_id=given.get("sender_id", "").strip(),
            keeps_prefix=given.get("keeps_prefix") == "yes",
        )
    )


class GovukNotify(OneByOne):
    """Passes messages on to GOV.UK Notify, which says by class and message what is wrong with one."""

    name = "govuk-notify"

    def __init__(self, settings: NotifySettings, patience: Patience = PATIENCE) -> None:
        super().__init__(patience)
        self._settings = settings

    def send(self, message: Outgoing) -> Outcome:
        if message.may_be_repeated and (there := self._find(message)) is not None:
            return HandedOver(there)
        said = {"template_id": self._settings.template_id, "reference": str(message.message_id)}
        written = self._write(message) | said
        path = f"/v2/notifications/{message.channel}"
        return _read(self._ask("POST", path, msgspec.json.encode(written)))

    def _write(self, message: Outgoing) -> dict[str, object]:
        sender_id, shown = self._settings.sender_id, dict[str, object]()
        if message.channel is Channel.EMAIL:
            email = fill_email(message.words, message.given)
            shown["email_address"] = message.recipient
            shown["personalisation"] = {"subject": email.subject, "body": email.body}
            if message.unsubscribe_url:
                shown["one_click_unsubscribe_url"] = message.unsubscribe_url
            return shown | ({"email_reply_to_id": sender_id} if sender_id else {})
        prefix = message.prefix if self._settings.keeps_prefix else None
        shown["phone_number"] = f"+{message.recipient}"
        shown["personalisation"] = {"body": fill_text(message.words, message.given, prefix=prefix).content}
        return shown | ({"sms_sender_id": sender_id} if sender_id else {})

    def _find(self, message: Outgoing) -> str | None:
        """Return the id there of a message that may be there, or None."""
        query = urlencode({"reference": str(message.message_id)})
        answer = self._ask("GET", f"/v2/notifications?{query}")
        listed = answer.said.get("notifications")
        return str(listed[0].get("id")) if answer.status == 200 and listed else None

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        headers = {"Authorization": bearer(self._settings.key, at=clock.now()), "Content-Type": "application/json"}
        return self.ask(method, f"{self._settings.base_url}{path}", headers=headers, body=body)


def _read(answer: Answer) -> Outcome:
    if answer.status == 201:
        return HandedOver(str(answer.said.get("id", "")))
    if answer.status != 400:
        return outcome_of_refusal(answer)
    errors = [(str(each.get("error")), str(each.get("message"))) for each in answer.said.get("errors", [])]
    problem = "; ".join(message for _, message in errors) or answer.words
    if any(_is_of_the_recipient(*each) for each in errors):
        return Undeliverable(problem)
    return NotTaken(problem) if any(_is_of_the_account(message) for _, message in errors) else TryLater(problem)


def _is_of_the_recipient(kind: str, message: str) -> bool:
    return kind in OF_THE_RECIPIENT or message.startswith(("phone_number ", "email_address ", "Cannot send to "))


def _is_of_the_account(message: str) -> bool:
    return message.startswith(OF_THE_ACCOUNT) or "template is not suitable" in message
