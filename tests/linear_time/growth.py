"""How the CPU that a reading takes grows with the length of what is read.

Never compared with the clock on the wall, nor with a number of seconds: the machine may be slow and busy. A reading of
four times as much may take four times as long; a quadratic one takes sixteen times.
"""

import gc
import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Read = Callable[[Any], object]
Text = Callable[[int], Any]

LENGTHS = (75, 300, 1_250, 5_000, 20_000)
"""Characters. The short ones are there so that what never ends at full length is found out before it is tried there."""

_FAST = 0.003
"""Seconds of CPU. What needs less at a length is not compared: it would be noise."""

_TICK = 1e-8
"""What takes no time that the clock could tell."""

_LINEAR = 1.15
"""The power up to 5,000 characters that leaves no room for a square of any weight: 20,000 need not be tried."""

_STEEPEST = 1.5
"""The power of the length that CPU may grow by: 1 is linear, 2 quadratic. Memory and caches cost a little above 1."""

ENDLESS = 10.0
"""Seconds of CPU after which it is given up."""


class Endless(Exception):
    """A reading of some kilobytes was given up."""


def superlinear_growth(read: Read, text: Text, *, forget: Callable[[], None] = lambda: None) -> str:
    """Return in words how a reading grows, if it grows faster than what is read; else nothing.

    :param forget: called before every reading; what one remembers would make the next one fast.
    """
    taken: dict[int, float] = {}
    try:
        with _undisturbed(), _given_up_after(ENDLESS):
            for length in LENGTHS:
                taken[length] = _cpu_of(read, text(length), forget, times=1)
                if _is_steep(taken, length):
                    taken |= _looked_at_again(read, text, forget, length)
                if _is_steep(taken, length):
                    return f"grows by the power {_power(taken, length):.1f} up to {length:,} characters"
                if _is_fast_for_good(taken[length], length) or (length >= 5_000 and _power(taken, length) < _LINEAR):
                    break
    except Endless:
        return f"does not end at {next(each for each in LENGTHS if each not in taken):,} characters"
    return ""


def _is_fast_for_good(seconds: float, length: int) -> bool:
    """Whether even growth with the square of the length would be fast at full length, which then need not be tried."""
    return seconds * (LENGTHS[-1] / length) ** 2 < _FAST


def _shorter(length: int) -> int:
    """Return the length that another is compared with: a quarter of it, or a little less."""
    return max((each for each in LENGTHS if each * 4 <= length), default=0)


def _is_steep(taken: dict[int, float], length: int) -> bool:
    return taken[length] > _FAST and _power(taken, length) > _STEEPEST


def _looked_at_again(read: Read, text: Text, forget: Callable[[], None], length: int) -> dict[int, float]:
    """Return the CPU once more, of the fastest of some readings: what disturbed one does not disturb all."""
    return {each: _cpu_of(read, text(each), forget, times=4) for each in (_shorter(length), length)}


def _power(taken: dict[int, float], length: int) -> float:
    """Return the power of the length by which CPU has grown; 0 where there is nothing to compare with."""
    shorter = _shorter(length)
    return math.log(taken[length] / taken[shorter]) / math.log(length / shorter) if shorter else 0.0


def _cpu_of(read: Read, text: Any, forget: Callable[[], None], *, times: int) -> float:
    """Return the CPU of the fastest of some readings, in seconds."""
    return max(_TICK, min(_time(read, text, forget) for _ in range(times)))


def _time(read: Read, text: Any, forget: Callable[[], None]) -> float:
    forget()
    begun = time.thread_time()
    read(text)
    return time.thread_time() - begun


@contextmanager
def _undisturbed() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _given_up_after(seconds: float) -> Iterator[None]:
    """Stop even a pattern that would search until the sun burns out: the engine of patterns heeds signals."""

    def give_up(*_: object) -> None:
        raise Endless

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
