"""Answers in progress are kept as they come, found by their token only, and wait behind a link."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.operations.services_forms.conftest import AtOnce

from guildhall.kernel import clock
from guildhall.kernel.limits import Against
from guildhall.kernel.networks import UNKNOWN, Network
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.kernel.transactions import transaction as unit_of_work
from guildhall.kernel.tries import LockedOut, take_tries
from guildhall.notify.queries import list_inbox
from guildhall.organisations.queries import Council
from guildhall.services.forms import models, operations, queries
from guildhall.services.forms.operations.drafts import LINKS_FROM_A_NETWORK, links_from
from guildhall.services.forms.queries import DraftView, LiveForm
from guildhall.services.forms.testing import BULKY_ANSWERS

NOW = clock.now()


def begin(form: LiveForm) -> tuple[UUID, str]:
    token = operations.start_draft(operations.NewDraft(form.service.id, form.version_id), now=NOW)
    return found(token).id, token


def found(token: str) -> DraftView:
    draft = queries.find_draft(token, now=NOW)
    assert draft is not None
    return draft


def test_a_draft_is_found_by_its_token_and_by_nothing_else(bulky: LiveForm, other_council: Council) -> None:
    draft_id, token = begin(bulky)
    assert found(token).id == draft_id
    assert queries.find_draft("", now=NOW) is None
    assert queries.find_draft(token[:-1], now=NOW) is None
    assert queries.find_draft(str(draft_id), now=NOW) is None
    with acting_for(other_council.id):
        assert queries.find_draft(token, now=NOW) is None


def test_the_token_itself_is_not_stored(bulky: LiveForm) -> None:
    _, token = begin(bulky)
    with reading():
        assert token.encode() not in bytes(models.DraftToken.objects.get().digest)


def test_pages_kept_at_the_same_moment_are_all_kept(bulky: LiveForm, at_once: AtOnce) -> None:
    draft_id, token = begin(bulky)
    pages = [{name: answer} for name, answer in BULKY_ANSWERS.items()]
    at_once(*[lambda page=page: operations.keep_answers(draft_id, page, now=NOW) for page in pages])
    assert found(token).answers == BULKY_ANSWERS


def test_an_answer_given_again_replaces_the_one_before(bulky: LiveForm) -> None:
    draft_id, token = begin(bulky)
    operations.keep_answers(draft_id, {"number-of-items": "3"}, now=NOW)
    operations.keep_answers(draft_id, {"number-of-items": "2", "phone": None}, now=NOW)
    assert found(token).answers == {"number-of-items": "2", "phone": None}


def test_answers_are_kept_for_20_hours_after_the_last(bulky: LiveForm) -> None:
    draft_id, token = begin(bulky)
    later = NOW + timedelta(hours=19)
    operations.keep_answers(draft_id, {"number-of-items": "3"}, now=later)
    assert queries.find_draft(token, now=later + timedelta(hours=19)) is not None
    too_late = later + timedelta(hours=21)
    assert queries.find_draft(token, now=too_late) is None
    with pytest.raises(queries.DraftNotFound):
        operations.keep_answers(draft_id, {"number-of-items": "2"}, now=too_late)
    with pytest.raises(queries.DraftNotFound):
        operations.submit(draft_id, by=operations.Sender("en"), now=too_late)


def test_a_link_leads_back_to_the_answers_for_28_days(bulky: LiveForm, settle: Callable[[], None]) -> None:
    draft_id, token = begin(bulky)
    operations.keep_answers(draft_id, {"is-from-a-home": "yes"}, now=NOW)
    address = f"{draft_id.hex}@example.com"
    operations.send_link(draft_id, address, language="cy", network=UNKNOWN, now=NOW)
    settle()
    [message] = list_inbox(to=address)
    assert message.subject == "Casglu gwastraff swmpus: parhau o’r lle y gwnaethoch adael"
    link = re.search(r"/come-back/([\w-]+)", message.body)
    assert link is not None
    assert link[1] != token
    assert found(link[1]).answers == {"is-from-a-home": "yes"}
    assert queries.find_draft(link[1], now=NOW + timedelta(days=27)) is not None
    assert queries.find_draft(link[1], now=NOW + timedelta(days=29)) is None


def test_answering_on_does_not_shorten_what_the_link_promised(bulky: LiveForm) -> None:
    draft_id, token = begin(bulky)
    operations.send_link(draft_id, "sian@example.com", language="en", network=UNKNOWN, now=NOW)
    operations.keep_answers(draft_id, {"is-from-a-home": "yes"}, now=NOW)
    assert queries.find_draft(token, now=NOW + timedelta(days=27)) is not None


def test_one_journey_fills_nobodys_mailbox(bulky: LiveForm, at_once: AtOnce) -> None:
    draft_id, _ = begin(bulky)
    results = at_once(
        *[lambda: operations.send_link(draft_id, "sian@example.com", language="en", network=UNKNOWN, now=NOW)] * 7
    )
    assert sum(isinstance(result, operations.TooManyLinks) for result in results) == 2


def test_a_mailbox_gets_a_dozen_links_an_hour_however_many_journeys_send_them(bulky: LiveForm) -> None:
    answers = []
    for number in range(14):
        draft_id, _ = begin(bulky)
        try:
            operations.send_link(
                draft_id, "Sian@Example.com", language="en", network=Network(f"198.51.100.{number}"), now=NOW
            )
        except LockedOut as lock:
            answers.append(lock.against)
    assert answers == [Against.RECIPIENT] * 2


def test_links_are_counted_by_network_whoever_they_go_to(bulky: LiveForm) -> None:
    for _ in range(LINKS_FROM_A_NETWORK.tries - 1):
        take_tries(links_from(Network("203.0.113.77")), now=NOW)
    draft_id, token = begin(bulky)
    operations.send_link(draft_id, "a@example.com", language="en", network=Network("203.0.113.77"), now=NOW)
    with pytest.raises(LockedOut):
        operations.send_link(draft_id, "b@example.com", language="en", network=Network("203.0.113.77"), now=NOW)
    assert found(token).links_sent == 1, "what was refused is not counted against the journey"
    operations.send_link(draft_id, "b@example.com", language="en", network=Network("203.0.113.78"), now=NOW)


def test_the_database_keeps_no_answers_of_what_was_submitted(bulky: LiveForm) -> None:
    draft_id, _ = begin(bulky)
    operations.keep_answers(draft_id, BULKY_ANSWERS, now=NOW)
    with unit_of_work(), pytest.raises(IntegrityError, match="forms_submitted_answers_are_gone"), transaction.atomic():
        models.Draft.objects.filter(id=draft_id).update(submitted_at=NOW)
