"""A process that opens strangers' PDFs for us, and may take only so much memory and time."""

import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import msgspec

from guildhall.contact.postcode import accepts_invented_postcodes
from guildhall.notify.domain.paper.__main__ import Question
from guildhall.notify.domain.paper.examining import LARGEST_PDF, UNREADABLE, Examined

SECONDS_FOR_A_LETTER = 20.0
LARGEST_ANSWER = 4 * LARGEST_PDF
"""Pages that are set anew may need more room than they came with."""

_SOURCE = Path(__file__).parents[4]


class Child:
    """A process that opens PDFs for us. It is begun when it is first asked, and again when it has died."""

    def __init__(self, *, seconds: float = SECONDS_FOR_A_LETTER, largest: int = LARGEST_ANSWER) -> None:
        self._seconds, self._largest = seconds, largest
        self._process: subprocess.Popen[bytes] | None = None
        self._has_died = False

    @property
    def has_died(self) -> bool:
        """Whether the last letter that it was asked about was too much for it."""
        return self._has_died

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *problem: object) -> None:
        self._end()

    def examine(self, pdf: bytes, *, may_be_abroad: bool) -> Examined:
        """Return what is found in a letter; of one that takes too much time or memory, that it is unreadable."""
        question = msgspec.msgpack.encode(Question(pdf, may_be_abroad, accepts_invented_postcodes()))
        until = time.monotonic() + self._seconds
        self._has_died = False
        try:
            asked, answers = self._pipes()
            asked.write(len(question).to_bytes(4, "big") + question)
            asked.flush()
            length = int.from_bytes(_read(answers, 4, until), "big")
            if length > self._largest:
                raise EOFError("the letter grows too large")
            return msgspec.msgpack.decode(_read(answers, length, until), type=Examined)
        except (OSError, EOFError, TimeoutError, msgspec.MsgspecError):
            self._end()
            self._has_died = True
            return UNREADABLE

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "guildhall.notify.domain.paper"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": str(_SOURCE)},  # and nothing else of ours: no key, no database
            )
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None and answers is not None, "both were asked for"
        return asked, answers

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _read(pipe: IO[bytes], wanted: int, until: float) -> bytes:
    """Read so many bytes, or give up when the time is over or the child is gone."""
    read = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(read) < wanted:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError("the letter takes too long")
            piece = os.read(pipe.fileno(), min(wanted - len(read), 1 << 20))
            if not piece:
                raise EOFError("the child has died")
            read += piece
    return bytes(read)
