"""What officers can see of the council's cases."""

from guildhall.services.cases.queries.histories import BrokenHistory, list_broken_histories
from guildhall.services.cases.queries.letters import LetterView, preview, values
from guildhall.services.cases.queries.one import CaseView, EventView, NoSuchCase, get_case, language_read
from guildhall.services.cases.queries.worklist import (
    OPEN,
    PAGE,
    Assignee,
    CaseLine,
    Counts,
    Order,
    Wanted,
    count_cases,
    list_cases,
)

__all__ = [
    "OPEN",
    "PAGE",
    "Assignee",
    "BrokenHistory",
    "CaseLine",
    "CaseView",
    "Counts",
    "EventView",
    "LetterView",
    "NoSuchCase",
    "Order",
    "Wanted",
    "count_cases",
    "get_case",
    "language_read",
    "list_broken_histories",
    "list_cases",
    "preview",
    "values",
]
