"""A message centre for tests, which speaks SMPP by a codec of other authors (``smpp.pdu``)."""

import io
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from smpp.pdu.operations import (
    PDU,
    BindTransceiver,
    DeliverSM,
    EnquireLink,
    EnquireLinkResp,
    SubmitSM,
    SubmitSMResp,
    Unbind,
    UnbindResp,
)
from smpp.pdu.pdu_encoding import PDUEncoder
from smpp.pdu.pdu_types import (
    AddrNpi,
    AddrTon,
    CommandStatus,
    DataCoding,
    DataCodingDefault,
    EsmClass,
    EsmClassGsmFeatures,
    EsmClassMode,
    EsmClassType,
    MessageState,
    RegisteredDelivery,
    RegisteredDeliveryReceipt,
)


class MessageCentre:
    """Takes texts, names them from 1 on, and brings what the test tells it to."""

    def __init__(self, *, password: str = "s3cret") -> None:
        self.password = password
        self.submitted: list[SubmitSM] = []
        self.answers: list[tuple[str, CommandStatus]] = []
        self.binds = self.goodbyes = 0
        self.asked_whether_alive = 0
        self.is_mute = False
        self.status: Callable[[SubmitSM], CommandStatus] = lambda submit: CommandStatus.ESME_ROK
        self._line: socket.socket | None = None
        self._encoder, self._sequence = PDUEncoder(), 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()
        self.hang_up()

    def hang_up(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            line.shutdown(socket.SHUT_RDWR)
            line.close()

    def bring_receipt(
        self, name: str, stat: str = "DELIVRD", *, by_words: bool = True, at: datetime | None = None
    ) -> None:
        """Bring a receipt, in words as the specification's appendix has them, or in parameters."""
        options: dict[str, Any] = {}
        words = ""
        if by_words:
            done = f" done date:{at:%y%m%d%H%M}" if at else ""
            words = f"id:{name} sub:001 dlvrd:001 submit date:2611211200{done} stat:{stat} err:001 text:Hello"
        else:
            options = {"receipted_message_id": name, "message_state": getattr(MessageState, stat)}
        kind = EsmClass(EsmClassMode.DEFAULT, EsmClassType.SMSC_DELIVERY_RECEIPT)
        self._bring("447700900123", "TESTFORD", kind, words.encode(), DataCodingDefault.SMSC_DEFAULT_ALPHABET, options)

    def bring_text(self, source: str, destination: str, text: str) -> None:
        """Bring a text that somebody sent."""
        self.bring_octets(source, destination, text.encode("utf-16-be"), DataCodingDefault.UCS2)

    def bring_octets(
        self, source: str, destination: str, octets: bytes, coding: DataCodingDefault, *, has_header: bool = False
    ) -> None:
        """Bring a text as it travels, whatever it is."""
        marks = [EsmClassGsmFeatures.UDHI_INDICATOR_SET] if has_header else []
        kind = EsmClass(EsmClassMode.DEFAULT, EsmClassType.DEFAULT, marks)
        self._bring(source, destination, kind, octets, coding, {})

    def bring_torn(self) -> None:
        """Bring what ends in the midst of a number."""
        assert self._line is not None
        self._line.sendall(struct.pack(">IIII", 18, 0x05, 0, self._next()) + b"\0\1")

    def ask_whether_alive(self) -> None:
        self._send(EnquireLink(sequence_number=self._next()))

    def say_goodbye(self) -> None:
        self._send(Unbind(sequence_number=self._next()))

    def _bring(
        self, source: str, to: str, kind: EsmClass, content: bytes, coding: DataCodingDefault, options: dict[str, Any]
    ) -> None:
        self._send(
            DeliverSM(
                sequence_number=self._next(),
                source_addr_ton=AddrTon.INTERNATIONAL,
                source_addr_npi=AddrNpi.ISDN,
                source_addr=source,
                dest_addr_ton=AddrTon.UNKNOWN,
                dest_addr_npi=AddrNpi.UNKNOWN,
                destination_addr=to,
                esm_class=kind,
                registered_delivery=RegisteredDelivery(RegisteredDeliveryReceipt.NO_SMSC_DELIVERY_RECEIPT_REQUESTED),
                data_coding=DataCoding(scheme_data=coding),
                short_message=content,
                **options,
            )
        )

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    def _send(self, pdu: PDU) -> None:
        assert self._line is not None
        self._line.sendall(self._encoder.encode(pdu))

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            self._line = line
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        stream = line.makefile("rb")
        while head := stream.read(4):
            rest = stream.read(int.from_bytes(head, "big") - 4)
            pdu = self._encoder.decode(io.BytesIO(head + rest))
            if not self.is_mute:
                with suppress(ConnectionError):
                    self._answer(pdu)

    def _answer(self, pdu: PDU) -> None:
        if isinstance(pdu, BindTransceiver):
            self.binds += 1
            is_known = pdu.params["password"] == self.password
            status = CommandStatus.ESME_ROK if is_known else CommandStatus.ESME_RINVPASWD
            self._send(pdu.require_ack(sequence_number=pdu.sequence_number, status=status, system_id="centre"))
        elif isinstance(pdu, SubmitSM):
            status = self.status(pdu)
            self.submitted.append(pdu)
            named = {"message_id": str(len(self.submitted))} if status is CommandStatus.ESME_ROK else {}
            self._send(SubmitSMResp(sequence_number=pdu.sequence_number, status=status, **named))
        elif isinstance(pdu, EnquireLink):
            self.asked_whether_alive += 1
            self._send(EnquireLinkResp(sequence_number=pdu.sequence_number))
        elif isinstance(pdu, Unbind):
            self.goodbyes += 1
            self._send(UnbindResp(sequence_number=pdu.sequence_number))
        else:
            self.answers.append((pdu.command_id, pdu.status))
