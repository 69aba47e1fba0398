"""What others may ask about uploaded lists. Everything returned is a plain value, good after the transaction."""

from guildhall.notify.queries.lists.contents import (
    ListedRow,
    Place,
    find_row,
    list_first_rows,
    list_wrong_rows,
    read_blocks,
)
from guildhall.notify.queries.lists.outcomes import Outcome, count_statuses, read_outcomes
from guildhall.notify.queries.lists.views import (
    ListNotFound,
    ListView,
    find_list_sent_before,
    get_list,
    get_rules,
    left_on,
    list_lists,
)

__all__ = [
    "ListNotFound",
    "ListView",
    "ListedRow",
    "Outcome",
    "Place",
    "count_statuses",
    "find_list_sent_before",
    "find_row",
    "get_list",
    "get_rules",
    "left_on",
    "list_first_rows",
    "list_lists",
    "list_wrong_rows",
    "read_blocks",
    "read_outcomes",
]
