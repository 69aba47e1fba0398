"""For operators: which services of which councils ask to leave trial mode."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import connection

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.notify.queries.sending_services import SendingService, list_sending_services
from guildhall.organisations.queries import Council, get_council_by_id

_ASKING = "SELECT organisation_id, notify_service_id FROM notify_services_asking_to_go_live() ORDER BY 1, 2"


@dataclass(frozen=True, slots=True)
class Asking:
    """A service that asks, and the council whose it is."""

    council: Council
    service: SendingService
    since: datetime


def list_asking() -> Sequence[Asking]:
    """Return the services that wait for an answer, in any council, whoever has waited longest first."""
    asking = [
        Asking(council, service, service.sender.live_asked_at)
        for council, wanted in _ids_by_council()
        for service in _services_of(council)
        if service.id in wanted and service.sender.live_asked_at is not None
    ]
    return sorted(asking, key=lambda each: each.since)


@reading
def _ids_by_council() -> list[tuple[Council, frozenset[object]]]:
    with connection.cursor() as cursor:
        cursor.execute(_ASKING)
        rows = cursor.fetchall()
    return [
        (get_council_by_id(OrganisationId(council)), frozenset(service for _, service in services))
        for council, services in groupby(rows, key=lambda row: row[0])
    ]


def _services_of(council: Council) -> Sequence[SendingService]:
    with acting_for(council.id):
        return list_sending_services()
