"""Handing texts to a message centre, and keeping what it brings."""

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoneInTime
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import DataError, close_old_connections

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.received_text import IncomingText
from guildhall.notify.domain.template import fill_text
from guildhall.notify.operations.receipts import keep_receipts
from guildhall.notify.operations.received import receive_text
from guildhall.notify.ports import HandedOver, NotReached, NotTaken, Outcome, Outgoing, TryLater, Undeliverable, Unknown
from guildhall.notify.providers.one_by_one import sender_for
from guildhall.notify.providers.smpp.coding import code, decode, without_header
from guildhall.notify.providers.smpp.pdu import (
    HAS_USER_DATA_HEADER,
    Command,
    Delivered,
    Pdu,
    Torn,
    party_of,
    read_delivered,
    read_message_id,
    submit_body,
)
from guildhall.notify.providers.smpp.receipts import read_receipt, reference
from guildhall.notify.providers.smpp.session import KEPT, NEVER, NOT_NOW, Centre, LineLost, NoRoom, Session

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_CALLS = 5.0
"""A centre that did not let us in is not called again at once."""

QUEUE_FULL, THROTTLED = 0x14, 0x58
WRONG_NUMBER = frozenset({0x0B, 0x48, 0x49})
NOT_BOUND = frozenset({0x04, 0x0D, 0x0E, 0x0F})


@dataclass(frozen=True, slots=True)
class SmppSettings:
    """How an account with a message centre is used. ``account_of`` is whose it is: what comes in is for them."""

    centre: Centre
    account_of: OrganisationId | None = None
    sender: str = ""
    numeric_sender: str = ""
    seconds_for_a_batch: float = 30.0


def make(given: Mapping[str, str]) -> "Smpp":
    """Return a provider with an account's settings. It calls the centre when there is something to say.

    :raises KeyError: the host, the name or the password is missing.
    :raises ValueError: a number is none.
    """
    is_tls = given.get("is_tls") == "yes"
    centre = Centre(
        host=given["host"],
        port=int(given.get("port") or (3550 if is_tls else 2775)),
        system_id=given["system_id"],
        password=given["password"],
        system_type=given.get("system_type", ""),
        is_tls=is_tls,
        window=max(1, int(given.get("window") or 10)),
    )
    account_of = given.get("account_of")
    return Smpp(
        SmppSettings(
            centre,
            OrganisationId(UUID(account_of)) if account_of else None,
            given.get("sender", ""),
            given.get("numeric_sender", ""),
        )
    )


class Smpp:
    """Hands texts to a message centre over one line, which is opened when it is needed and again when it was lost.

    A long text goes in parts; the receipt of its last part speaks for all.
    """

    name = "smpp"
    at_once = 200

    def __init__(self, settings: SmppSettings) -> None:
        self._settings = settings
        self._session: Session | None = None
        self._opening = threading.Lock()
        self._not_before = 0.0

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        until = time.monotonic() + self._settings.seconds_for_a_batch
        try:
            session = self._opened()
        except LineLost as fault:
            return [NotTaken(str(fault))] * len(batch)
        sent = [self._send(session, message, until) for message in batch]
        return [NotReached() if each is None else self._outcome(session, each, until) for each in sent]

    def stay_connected(self) -> None:
        """Keep the line open, so that the centre can bring receipts and texts also while there is nothing to send.

        :raises LineLost: the centre cannot be reached.
        """
        self._opened()

    def close(self) -> None:
        """Hang up."""
        with self._opening:
            if self._session is not None:
                self._session.close()
                self._session = None

    def _opened(self) -> Session:
        with self._opening:
            if self._session is None or not self._session.is_open:
                if time.monotonic() < self._not_before:
                    raise LineLost("the centre was not to be reached a moment ago", is_sent=False)
                try:
                    self._session = Session(self._settings.centre, self._bring)
                except LineLost:
                    self._not_before = time.monotonic() + SECONDS_BETWEEN_CALLS
                    raise
            return self._session

    def _send(self, session: Session, message: Outgoing, until: float) -> "list[Future[Pdu]] | None":
        """Send a text in its parts; None when the centre had no time for it, or not for all of it."""
        settings = self._settings
        source = party_of(sender_for(message, default=settings.sender, numeric=settings.numeric_sender))
        text = fill_text(message.words, message.given, prefix=message.prefix).content
        coded = code(text, name=message.message_id.int)
        parts = [
            submit_body(
                source,
                party_of(message.recipient),
                part,
                data_coding=coded.data_coding,
                esm_class=HAS_USER_DATA_HEADER if coded.has_headers else 0,
                wants_receipt=number == len(coded.parts),
            )
            for number, part in enumerate(coded.parts, 1)
        ]
        try:
            return [session.ask(Command.SUBMIT_SM, part, seconds=until - time.monotonic()) for part in parts]
        except NoRoom:
            return None

    def _outcome(self, session: Session, sent: "list[Future[Pdu]]", until: float) -> Outcome:
        """Return what became of a text: as good as the worst of its parts."""
        outcomes = [self._outcome_of_part(session, each, until) for each in sent]
        return next((each for each in outcomes if not isinstance(each, HandedOver)), outcomes[-1])

    def _outcome_of_part(self, session: Session, sent: "Future[Pdu]", until: float) -> Outcome:
        try:
            answer = sent.result(timeout=max(0.0, until - time.monotonic()))
        except LineLost as fault:
            return Unknown(str(fault)) if fault.is_sent else NotTaken(str(fault))
        except NoneInTime:
            session.give_up("the centre does not answer")
            return Unknown("the centre does not answer")
        if answer.status == 0:
            return HandedOver(reference(self._settings.centre.name, read_message_id(answer.body)))
        problem = f"status {answer.status:#x}"
        if answer.status in WRONG_NUMBER:
            return Undeliverable(problem)
        return NotTaken(problem) if answer.status in NOT_BOUND | {QUEUE_FULL, THROTTLED} else TryLater(problem)

    def _bring(self, pdu: Pdu) -> int:
        """Keep what the centre brings. What could not be kept now it is to bring again, and what nobody can keep never.

        It is told of both: what is lost is never taken for kept.
        """
        close_old_connections()
        try:
            self._keep(read_delivered(pdu.body), clock.now())
        except (Torn, DataError):
            log.warning("smpp_delivery_unreadable", centre=self._settings.centre.name)
            return NEVER
        except Exception:
            log.exception("smpp_delivery_not_kept", centre=self._settings.centre.name)
            return NOT_NOW
        return KEPT

    def _keep(self, delivered: Delivered, now: datetime) -> None:
        account, centre = self._settings.account_of, self._settings.centre.name
        if account is None:
            raise RuntimeError("nobody's account: there is nobody to keep it for")
        if delivered.is_receipt:
            with acting_for(account):
                keep_receipts([read_receipt(delivered, centre=centre, now=now)], now=now)
            return
        content = delivered.content
        if delivered.esm_class & HAS_USER_DATA_HEADER:
            content = without_header(content)
        words = decode(content, delivered.data_coding)
        text = IncomingText("smpp", "", delivered.destination, delivered.source, words, now, "")
        receive_text(text, account=account, now=now)
