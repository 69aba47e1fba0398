"""The emails a resident gets about a case, sent in the transaction of what they tell of."""

from datetime import datetime

from guildhall.design.languages import Text
from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.notify import operations as notify
from guildhall.notify import queries as templates
from guildhall.organisations import queries as organisations
from guildhall.services.cases import models, queries
from guildhall.services.cases.domain.letters import LETTERS, RECEIPT, Letter


@part_of_a_transaction
def ensure_letters(service_id: ServiceId) -> notify.NotifyServiceId:
    """Make sure that the service can send the emails about its cases; changes nothing when it can."""
    service = organisations.get_service_by_id(service_id)
    notify_service_id = notify.ensure_notify_service(service_id, service.name.en)
    for letter in LETTERS:
        notify.ensure_template(
            letter.key,
            notify_service_id=notify_service_id,
            channel="email",
            name=letter.name,
            english=notify.Words(letter.subject.en, letter.body.en),
            welsh=notify.Words(letter.subject.cy, letter.body.cy),
        )
    return notify_service_id


@part_of_a_transaction
def send(letter: Letter, case: models.Case, words: dict[str, Text], *, position: int, now: datetime) -> None:
    """Send a resident one of the letters, once for each event of the case."""
    notify.send(
        notify.OwnMessage(
            notify_service_id=_ready_to_write(ServiceId(case.service_id)),
            template_key=letter.key,
            channel="email",
            to=case.applicant_email,
            language=queries.language_read(case.language),
            personalisation=queries.values(case.reference, Text(case.title_en, case.title_cy), words),
            reference=case.reference,
            once_key=f"case:{case.id}:{position}",
            resident_id=PersonId(case.resident_id) if case.resident_id else None,
        ),
        now=now,
    )


def _ready_to_write(service_id: ServiceId) -> notify.NotifyServiceId:
    """Make the letters of a service that never wrote any. Making sure each time would make its cases wait in a row."""
    notify_service_id = notify.NotifyServiceId(service_id)
    try:
        templates.get_template_by_key(RECEIPT.key, of=notify_service_id)
    except templates.TemplateNotFound:
        ensure_letters(service_id)
    return notify_service_id
