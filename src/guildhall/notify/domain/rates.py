"""How many requests and messages a service may have, and how a process takes its share of them in blocks."""

import math
from dataclasses import dataclass

from guildhall.notify.domain.delivery import Channel

LIVE_MESSAGES_A_DAY = 250_000
LIVE_LETTERS_A_DAY = 20_000
TRIAL_MESSAGES_A_DAY = 50

_FULLEST_BUCKET = 1000


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: it holds ``capacity`` requests and fills up by ``per_second``."""

    capacity: int
    per_second: float


def bucket_for(requests_a_minute: int) -> Bucket:
    """Return the bucket of a per-minute limit.

    >>> bucket_for(3000)
    Bucket(capacity=1000, per_second=50.0)
    """
    return Bucket(min(math.ceil(requests_a_minute / 3) + 1, _FULLEST_BUCKET), requests_a_minute / 60)


def largest_block(requests_a_minute: int) -> int:
    """Return how many requests a process takes from the bucket at most: a second's, so that others are left enough.

    >>> largest_block(3000), largest_block(6)
    (50, 1)
    """
    return max(1, requests_a_minute // 60)


def messages_a_day(own: int | None, channel: Channel, *, is_live: bool) -> int:
    """Return how many messages of one channel a service may send a day: its own limit, or that of its kind."""
    if own is not None:
        return own
    if not is_live:
        return TRIAL_MESSAGES_A_DAY
    return LIVE_LETTERS_A_DAY if channel is Channel.LETTER else LIVE_MESSAGES_A_DAY


def block_of_day(limit: int) -> int:
    """Return how many of a day's messages a process takes at a time: few enough that none are missed at the end."""
    return max(1, limit // 1000)


def counted_as(channel: Channel, *, is_abroad: bool) -> str:
    """Return the name under which a message counts towards a day's limit."""
    return "international_sms" if is_abroad else str(channel)
