"""What travels over an SMPP line: commands of a header and a body (specification, sections 3 to 5)."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

HEADER = struct.Struct(">IIII")
LONGEST = 65_536 + 1024
VERSION = 0x34
RESPONSE = 0x80000000

# Optional parameters that we read or write.
RECEIPTED_MESSAGE_ID, MESSAGE_STATE, MESSAGE_PAYLOAD = 0x001E, 0x0427, 0x0424

HAS_USER_DATA_HEADER = 0x40
KIND_OF_MESSAGE = 0x3C
IS_A_RECEIPT = 0x04


class Command(IntEnum):
    BIND_TRANSCEIVER = 0x09
    SUBMIT_SM = 0x04
    DELIVER_SM = 0x05
    UNBIND = 0x06
    ENQUIRE_LINK = 0x15
    GENERIC_NACK = 0x80000000


class Torn(Exception):
    """What came over the line is not SMPP."""


class Pdu(NamedTuple):
    """One command or response. ``sequence`` pairs the two."""

    command: int
    status: int
    sequence: int
    body: bytes = b""

    def encode(self) -> bytes:
        return HEADER.pack(HEADER.size + len(self.body), self.command, self.status, self.sequence) + self.body

    @property
    def is_response(self) -> bool:
        return bool(self.command & RESPONSE)


class Party(NamedTuple):
    """A number or name with the type and the plan of its numbering."""

    ton: int
    npi: int
    address: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a message centre brings: somebody's text, or a receipt."""

    source: str
    destination: str
    esm_class: int
    data_coding: int
    content: bytes
    options: Mapping[int, bytes]

    @property
    def is_receipt(self) -> bool:
        return self.esm_class & KIND_OF_MESSAGE == IS_A_RECEIPT


def party_of(address: str) -> Party:
    """Return who sends or gets a text: an international number, a short code, or a name."""
    if not address.isdigit():
        return Party(5, 0, address)
    return Party(3, 0, address) if len(address) < 9 else Party(1, 1, address)


def bind_body(system_id: str, password: str, system_type: str) -> bytes:
    return _text(system_id) + _text(password) + _text(system_type) + bytes([VERSION, 0, 0]) + _text("")


def submit_body(
    source: Party, destination: Party, content: bytes, *, data_coding: int, esm_class: int, wants_receipt: bool
) -> bytes:
    return b"".join(
        [
            _text(""),
            _party(source),
            _party(destination),
            bytes([esm_class, 0, 0]),
            _text(""),
            _text(""),
            bytes([int(wants_receipt), 0, data_coding, 0, len(content)]),
            content,
        ]
    )


def read_message_id(body: bytes) -> str:
    """Return the name that a message centre gave to a text it took."""
    return body.partition(b"\0")[0].decode("ascii", "replace")


def read_delivered(body: bytes) -> Delivered:
    """Return what a message centre brings.

    :raises Torn: it ends too early.
    """
    try:
        return _read_delivered(body)
    except (IndexError, struct.error, ValueError) as fault:
        raise Torn("a message from the centre ends too early") from fault


def _read_delivered(body: bytes) -> Delivered:
    at = body.index(0) + 1
    source, at = _read_party(body, at)
    destination, at = _read_party(body, at)
    esm_class = body[at]
    at = body.index(0, at + 3) + 1  # past protocol, priority and the moment to deliver
    at = body.index(0, at) + 1  # past how long it is good
    data_coding, length = body[at + 2], body[at + 4]
    content, options = body[at + 5 : at + 5 + length], _read_options(body[at + 5 + length :])
    if len(content) < length:
        raise ValueError("short")
    return Delivered(source, destination, esm_class, data_coding, options.get(MESSAGE_PAYLOAD, content), options)


def _read_party(body: bytes, at: int) -> tuple[str, int]:
    end = body.index(0, at + 2)
    return body[at + 2 : end].decode("ascii", "replace"), end + 1


def _read_options(rest: bytes) -> dict[int, bytes]:
    options: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(rest):
        tag, length = struct.unpack_from(">HH", rest, at)
        options[tag] = rest[at + 4 : at + 4 + length]
        at += 4 + length
    return options


def _party(party: Party) -> bytes:
    return bytes([party.ton, party.npi]) + _text(party.address)


def _text(text: str) -> bytes:
    return text.encode("ascii", "replace").replace(b"\0", b"") + b"\0"
