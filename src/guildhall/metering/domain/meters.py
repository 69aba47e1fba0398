"""What a council's use is counted in."""

from enum import StrEnum


class Meter(StrEnum):
    """A thing that is counted, in whole units."""

    SMS_FRAGMENTS = "sms_fragments"
    EMAILS = "emails"
    PAYMENTS = "payments"


LARGEST_RATE_MULTIPLIER = 12
"""The dearest country counts each fragment of a text this many times (metering contract 10.7)."""
