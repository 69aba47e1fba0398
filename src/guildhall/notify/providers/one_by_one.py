"""Providers that are asked over HTTP, one request for a message, several at the same time over kept connections."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from guildhall.contact.phone_number import NotAPhoneNumber, normalise_sender, parse_phone_number
from guildhall.kernel.outgoing import Http, NoAnswer
from guildhall.kernel.wire_json import NotJson, read_object
from guildhall.notify.ports import NotReached, NotTaken, Outcome, Outgoing, TryLater, Unknown

CONNECTIONS = 8
DEFAULT_SENDER = "GUILDHALL"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds are waited for an answer, and for those to a whole batch (contract: notify 4)."""

    for_an_answer: float = 10.0
    for_a_batch: float = 35.0


PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered. A body that is no JSON object reads as an empty one."""

    status: int
    body: bytes

    @property
    def said(self) -> Mapping[str, Any]:
        try:
            return read_object(self.body)
        except NotJson:
            return {}

    @property
    def words(self) -> str:
        """What to tell people about it."""
        return f"{self.status} {self.body[:200].decode(errors='replace')}".strip()


class OneByOne(ABC):
    """Hands each message over by itself. Whatever hangs, a batch is over in good time."""

    at_once = 3 * CONNECTIONS

    def __init__(self, patience: Patience = PATIENCE) -> None:
        self._patience = patience
        self._http = Http(connections=CONNECTIONS)
        self._senders = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="provider")

    @abstractmethod
    def send(self, message: Outgoing) -> Outcome:
        """Hand one message over.

        :raises NoAnswer: the provider did not answer.
        """

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        sending = [self._senders.submit(self._send, message) for message in batch]
        wait(sending, timeout=self._patience.for_a_batch)
        return [_outcome_of(each) for each in sending]

    def ask(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Ask the provider something.

        :raises NoAnswer: it did not answer in time, or not in HTTP.
        """
        answer = self._http.ask(method, url, headers=headers, body=body, seconds=self._patience.for_an_answer)
        return Answer(answer.status, answer.body)

    def _send(self, message: Outgoing) -> Outcome:
        try:
            return self.send(message)
        except NoAnswer as fault:
            return Unknown(str(fault)) if fault.is_sent else NotTaken(str(fault))
        except Exception as fault:
            log.exception("message_cannot_be_handed_over", message=str(message.message_id))
            return TryLater(f"it cannot be written: {type(fault).__name__}")


def outcome_of_refusal(answer: Answer) -> Outcome:
    """Return what an answer that is no yes means, as far as its status says it.

    A server that broke down (500) or stands in front of one that did (502, 504) may have taken the message before.
    """
    if answer.status in (401, 402, 403, 404, 407, 429, 503):
        return NotTaken(answer.words)
    return Unknown(answer.words) if answer.status >= 500 or answer.status < 300 else TryLater(answer.words)


def sender_for(message: Outgoing, *, default: str, numeric: str) -> str:
    """Return what a text says it is from: a number where the recipient's country lets no names through."""
    sender = normalise_sender(message.sender or default or DEFAULT_SENDER)
    if numeric and not sender.isdigit() and not _lets_names_through(message.recipient):
        return normalise_sender(numeric)
    return sender


def _lets_names_through(recipient: str) -> bool:
    try:
        return parse_phone_number(f"+{recipient}").country.lets_names_through
    except NotAPhoneNumber:
        return True


def _outcome_of(sending: "Future[Outcome]") -> Outcome:
    if sending.done():
        return sending.result()
    return NotReached() if sending.cancel() else Unknown("it does not answer")
