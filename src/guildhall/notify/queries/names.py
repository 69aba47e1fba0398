"""What the audit trail calls by its id, because its name may be somebody's: files, addresses, contact blocks."""

from collections.abc import Collection, Mapping

from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.notify import models


@reading
def file_names_of_lists(ids: Collection[str]) -> Mapping[str, str]:
    """Return the names of the current council's lists' files, by the list's id."""
    return _by_id(own_rows(models.UploadedList).filter(id__in=ids).values_list("id", "file_name"))


@reading
def addresses_of_senders(ids: Collection[str]) -> Mapping[str, str]:
    """Return the addresses and names of the current council's senders that are still in use."""
    return _by_id(own_rows(models.SenderAddress).filter(id__in=ids).values_list("id", "address"))


@reading
def addresses_asked_about(ids: Collection[str]) -> Mapping[str, str]:
    """Return the addresses that were asked to confirm themselves for replies."""
    return _by_id(own_rows(models.ReplyToCheck).filter(id__in=ids).values_list("id", "address"))


@reading
def first_lines_of_blocks(ids: Collection[str]) -> Mapping[str, str]:
    """Return the first lines of contact blocks."""
    rows = own_rows(models.ContactBlock).filter(id__in=ids).values_list("id", "lines")
    return {str(id): lines.partition("\n")[0] for id, lines in rows}


def _by_id(rows: Collection[tuple[object, str]]) -> dict[str, str]:
    return {str(id): name for id, name in rows}
