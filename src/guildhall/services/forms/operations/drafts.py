"""Answering: starting, keeping answers as they come, and coming back later."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, JSONField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest
from django.urls import reverse

from guildhall.kernel.clock import london_day
from guildhall.kernel.ids import ServiceId, new_secret
from guildhall.kernel.limits import Against, Counted, Limit
from guildhall.kernel.networks import Network
from guildhall.kernel.refusals import Conflict, Unavailable
from guildhall.kernel.rows import own_rows
from guildhall.kernel.secrets import digest
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.kernel.tries import count_tries
from guildhall.kernel.visitor import Language
from guildhall.notify import operations as notify
from guildhall.organisations import queries as organisations
from guildhall.services.forms import models
from guildhall.services.forms.domain.journey import Answers
from guildhall.services.forms.domain.letters import COME_BACK
from guildhall.services.forms.domain.questions.day import written_out
from guildhall.services.forms.queries.drafts import DraftNotFound
from guildhall.services.forms.queries.versions import definition_of

LASTS = timedelta(hours=20)
LASTS_BY_LINK = timedelta(days=28)
MOST_LINKS = 5
LINKS_FROM_A_NETWORK = Limit(tries=100, counted_for=timedelta(hours=1))
"""More than people in a library save in an hour. ``MOST_LINKS`` alone stops nobody, who can begin another journey."""


class AlreadySubmitted(Conflict):
    """The answers of this journey have been submitted."""


class TooManyLinks(Unavailable):
    """This journey has sent its share of links: nobody's mailbox is to be filled from here."""


@dataclass(frozen=True)
class NewDraft:
    """Somebody about to answer a version of a form. A preview can be walked to its end and not submitted."""

    service_id: ServiceId
    version_id: UUID
    is_preview: bool = False


@transaction
def start_draft(new: NewDraft, *, now: datetime) -> str:
    """Begin a journey and return the token by which alone it is found again."""
    draft = models.Draft.objects.create(
        service_id=new.service_id,
        version_id=new.version_id,
        is_preview=new.is_preview,
        started_at=now,
        expires_at=now + LASTS,
    )
    return _mint_token(draft)


@transaction
def keep_answers(draft_id: UUID, answers: Answers, *, now: datetime) -> None:
    """Keep the answers of one page beside those there are. Two pages kept at the same moment are both kept.

    :raises AlreadySubmitted: the journey is over.
    :raises DraftNotFound: there is no such journey, or not any more.
    """
    live = own_rows(models.Draft).filter(id=draft_id, expires_at__gt=now)
    kept = live.filter(submitted_at=None).update(
        # Merged by the database: reading, changing and writing back would lose what another tab keeps meanwhile.
        answers=RawSQL("answers || %s::jsonb", [json.dumps(answers)], output_field=JSONField()),
        expires_at=Greatest(F("expires_at"), Value(now + LASTS)),
    )
    if not kept:
        raise _over() if live.exists() else _gone()


@transaction
def send_link(draft_id: UUID, email: str, *, language: Language, network: Network, now: datetime) -> None:
    """Email a link that leads back to the answers for 28 days, however often it is used.

    :raises TooManyLinks: the journey has sent its share of links.
    :raises LockedOut: this mailbox has got, or this network has asked for, too many emails within the hour.
    :raises AlreadySubmitted: the journey is over.
    :raises DraftNotFound: there is no such journey, or not any more.
    """
    draft = own_rows(models.Draft).select_for_update().filter(id=draft_id, expires_at__gt=now).first()
    if draft is None:
        raise _gone()
    if draft.submitted_at:
        raise _over()
    if draft.links_sent >= MOST_LINKS:
        raise TooManyLinks(f"a journey sends at most {MOST_LINKS} links")
    count_tries(links_from(network), notify.count_for_recipient(email), now=now)
    until = now + LASTS_BY_LINK
    own_rows(models.Draft).filter(id=draft.id).update(links_sent=F("links_sent") + 1, expires_at=until)
    _write(draft, email, language=language, until=until, now=now)


def links_from(network: Network) -> Counted:
    """Return the count of links that those who share a network have asked for."""
    return Counted("forms: links to come back", Against.NETWORK, network, LINKS_FROM_A_NETWORK)


@transaction
def forget_old_drafts(*, now: datetime) -> int:
    """Throw away all councils' answers whose time has passed, submitted or not, and return how many there were."""
    return models.Draft.objects.filter(expires_at__lt=now).delete()[0]


@part_of_a_transaction
def ensure_come_back_letter(service_id: ServiceId) -> None:
    """Make sure that the service can send the link; changes nothing when it can."""
    service = organisations.get_service_by_id(service_id)
    notify.ensure_template(
        COME_BACK.key,
        notify_service_id=notify.ensure_notify_service(service_id, service.name.en),
        channel="email",
        name=COME_BACK.name,
        english=notify.Words(COME_BACK.subject.en, COME_BACK.body.en),
        welsh=notify.Words(COME_BACK.subject.cy, COME_BACK.body.cy),
    )


def _write(draft: models.Draft, email: str, *, language: Language, until: datetime, now: datetime) -> None:
    council = organisations.get_council_by_id(current_organisation())
    title, day = definition_of(draft.version_id).title, london_day(until)
    notify.send(
        notify.OwnMessage(
            notify_service_id=notify.NotifyServiceId(draft.service_id),
            template_key=COME_BACK.key,
            channel="email",
            to=email,
            language=language,
            personalisation={
                "title": title.in_("en"),
                "title_cy": title.in_("cy"),
                "link": _link(draft, council.slug),
                "until": written_out(day, "en"),
                "until_cy": written_out(day, "cy"),
                "council": council.named("en"),
                "council_cy": council.named("cy"),
            },
            reference="",
            once_key=f"draft:{draft.id}:{draft.links_sent}",
        ),
        now=now,
    )


def _link(draft: models.Draft, council: str) -> str:
    service = organisations.get_service_by_id(ServiceId(draft.service_id))
    return settings.BASE_URL + reverse("forms:come-back", args=[council, service.slug, _mint_token(draft)])


def _mint_token(draft: models.Draft) -> str:
    token = new_secret()
    models.DraftToken.objects.create(draft=draft, digest=digest(token))
    return token


def _over() -> AlreadySubmitted:
    return AlreadySubmitted("these answers have been submitted")


def _gone() -> DraftNotFound:
    return DraftNotFound("there are no answers here, or not any more")
