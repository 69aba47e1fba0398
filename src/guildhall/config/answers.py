"""Answers: whole where they are short, and never read so slowly that nobody else is served.

The server beneath us takes an answer in pieces no faster than its reader reads, in the thread that makes it. So a short
one is given to it whole, which takes no thread, and a long one is counted as a body that is waited for, until its
reader has it or is given up (``web.py``).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import Any

from guildhall.config.bodies import Waiting
from guildhall.kernel.fast_path import Application
from guildhall.kernel.networks import network_of

SHORT = 1024 * 1024


class Long:
    """The pieces of a long answer. Whoever stops reading closes it."""

    def __init__(self, pieces: Iterator[bytes], until_read: ExitStack) -> None:
        self._pieces, self._until_read = pieces, until_read

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        self._until_read.close()


def with_bounded_answers(inside: Application, waiting: Waiting) -> Application:
    """Return the application, whose answers cannot take all threads.

    :raises NoRoom: when it is called and the answer is long, and as many threads wait as may.
    """

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = inside(environ, start_response)
        if isinstance(answer, list):
            return answer
        with ExitStack() as until_read:
            until_read.callback(getattr(answer, "close", lambda: None))
            pieces = iter(answer)
            beginning, is_whole = _begin(pieces)
            if is_whole:
                return beginning
            network = network_of(environ)
            waiting.begin(network)
            until_read.callback(waiting.end, network)
            return Long(chain(beginning, pieces), until_read.pop_all())

    return application


def _begin(pieces: Iterator[bytes]) -> tuple[list[bytes], bool]:
    """Return the first pieces, longer than a short answer together, or all that there are."""
    beginning, length = [], 0
    for piece in pieces:
        beginning.append(piece)
        length += len(piece)
        if length > SHORT:
            return beginning, False
    return beginning, True
