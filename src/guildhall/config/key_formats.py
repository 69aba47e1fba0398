"""How each platform makes its keys, for the officers' page of keys."""

from datetime import datetime

from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.transactions import transaction
from guildhall.notify.operations import ensure_notify_service
from guildhall.organisations import operations as organisations
from guildhall.organisations import queries
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.ports import KeyFormat
from guildhall.pay import operations as pay


def _notify_key(service_id: ServiceId, kind: KeyKind, name: str, *, actor: PersonId | str | None, now: datetime) -> str:
    """Make a key in the form that the official clients take apart: name, service and secret, joined with hyphens."""
    with transaction():
        ensure_notify_service(service_id, queries.get_service_by_id(service_id).name.en)
    wanted = organisations.WantedKey(service_id, Platform.NOTIFY, kind, name)
    secret = organisations.create_key(wanted, actor=actor, now=now).secret
    return f"{'_'.join(name.split())}-{service_id}-{secret}"


def _pay_key(service_id: ServiceId, kind: KeyKind, name: str, *, actor: PersonId | str | None, now: datetime) -> str:
    """Make a key of pay's; the service takes test payments from then on."""
    pay.ensure_pay_account(service_id, queries.get_service_by_id(service_id).name.en)
    return pay.issue_key(service_id, "test", name, actor=actor, now=now)


KEY_FORMATS = {
    Platform.NOTIFY: KeyFormat((KeyKind.LIVE, KeyKind.TEAM, KeyKind.TEST), _notify_key),
    Platform.PAY: KeyFormat((KeyKind.TEST,), _pay_key),  # no provider takes real money yet, so no key may promise it
}
