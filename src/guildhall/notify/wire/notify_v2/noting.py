"""Leaving a note of each request in the log of the service whose program made it."""

import structlog

from guildhall.kernel import clock
from guildhall.notify.operations.program_log import PROGRAM_LOG, ProgramAsked
from guildhall.notify.queries.remembered import known_service
from guildhall.notify.wire.notify_v2.auth import find_issuer, find_signer
from guildhall.notify.wire.notify_v2.refusals import Answer

NO_SUCH_SERVICE = [("AuthError", "Invalid token: service not found")]

log = structlog.get_logger(__name__)


def note_accepted(method: str, path: str, authorization: str | None, status: int) -> None:
    """Note a request that was answered, unless there are very many."""
    if PROGRAM_LOG.wants_accepted():
        _note(method, path, authorization, status, "", "", is_accepted=True)


def note_refused(method: str, path: str, authorization: str | None, answer: Answer) -> None:
    """Note a request that was refused, with what the program was told."""
    if answer.errors == NO_SUCH_SERVICE:
        return
    kinds = dict.fromkeys(kind for kind, _ in answer.errors)
    message = "; ".join(message for _, message in answer.errors)
    _note(method, path, authorization, answer.status, ", ".join(kinds), message, is_accepted=False)


def _note(  # noqa: PLR0913 - what there is to say of a request
    method: str, path: str, authorization: str | None, status: int, error: str, message: str, *, is_accepted: bool
) -> None:
    try:
        issuer = find_issuer(authorization)
        if issuer is None or not PROGRAM_LOG.has_room(issuer, is_accepted=is_accepted):
            return
        service = known_service(issuer)
        key = find_signer(authorization, service)
    except Exception as fault:
        log.warning("request_not_noted", fault=str(fault))  # the answer is made: nothing may spoil it
        return
    asked = ProgramAsked(
        organisation_id=service.organisation_id,
        notify_service_id=service.id,
        key_id=key.id if key else None,
        at=clock.now(),
        method=method,
        path=path,
        status=status,
        error=error,
        message=message,
    )
    PROGRAM_LOG.note(asked)
