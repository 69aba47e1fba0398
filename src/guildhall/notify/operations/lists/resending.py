"""Sending once more what did not arrive: the rows that failed become a list of their own."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import PurePath

from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.tenancy import current_organisation
from guildhall.notify.domain.ids import ListId
from guildhall.notify.domain.lists.life import State
from guildhall.notify.operations.lists.uploading import NewList, upload_list
from guildhall.notify.queries.lists.outcomes import read_outcomes
from guildhall.notify.queries.lists.views import ListView, get_list
from guildhall.spreadsheets.writing import write_csv


class NothingFailed(Conflict):
    """No row of the list has failed, or the list is not finished."""


def upload_failed_rows(
    list_id: ListId, *, uploaded_by: str, actor: PersonId, now: datetime, clock: Callable[[], datetime]
) -> ListId:
    """Make a new list of a finished list's rows that were not sent or did not arrive, and have it checked.

    It is a list like any other: somebody looks at it, and confirms it, before anything is sent.

    :raises ListNotFound: there is no such list.
    :raises NothingFailed: no row has failed, or the list is still on its way.
    """
    view = get_list(list_id)
    failed = _failed_rows(view)
    first = next(failed, None)
    if first is None:
        raise NothingFailed("no row of the list has failed")
    wanted = NewList(
        template_id=view.template.id,
        language=view.language,
        file_name=f"{PurePath(view.file_name).stem} (2).csv",
        content=write_csv(chain((view.headings, first), failed)),
        uploaded_by=uploaded_by,
    )
    return upload_list(wanted, of=view.notify_service_id, actor=actor, now=now, clock=clock)


def _failed_rows(view: ListView) -> Iterator[Sequence[str]]:
    if view.state is not State.FINISHED or view.is_forgotten:
        return
    for outcome in read_outcomes(view, current_organisation()):
        if outcome.has_failed:
            yield outcome.row.cells
