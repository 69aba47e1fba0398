"""What a printer or the post says of letters, as a file: any table in which each line names a letter."""

import re
from enum import StrEnum
from uuid import UUID

from guildhall.kernel.refusals import Invalid
from guildhall.notify.domain.delivery import Status

LARGEST_REPORT = 5 * 1024 * 1024
MOST_LETTERS = 20_000

_NAME = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Report(StrEnum):
    """What is said of the letters in a report."""

    PRINTED = "printed"
    RETURNED = "returned"

    @property
    def status(self) -> Status:
        return Status.DELIVERED if self is Report.PRINTED else Status.RETURNED_LETTER


class NothingReported(Invalid):
    """No line of the report names a letter."""


class ReportTooLarge(Invalid):
    """The report is larger than any day's letters make it."""


def read_report(content: bytes) -> list[UUID]:
    """Return the letters that a report names, each once, in its order.

    A letter is named by its id, wherever on its line: alone, in a column, or in the name of its file. Lines without one
    (headings, sums) are passed over.

    :raises NothingReported: no line names one.
    :raises ReportTooLarge: it is too large, or names too many.
    """
    if len(content) > LARGEST_REPORT:
        raise ReportTooLarge("the report is too large")
    lines = content.decode("utf-8", "replace").splitlines()
    named = dict.fromkeys(UUID(match.group()) for line in lines if (match := _NAME.search(line)))
    if not named:
        raise NothingReported("no line of the report names a letter")
    if len(named) > MOST_LETTERS:
        raise ReportTooLarge("the report names too many letters")
    return list(named)
