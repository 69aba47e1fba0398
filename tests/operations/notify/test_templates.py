"""What becomes of a template: versions restored, copies, emergencies, putting away."""

import pytest

from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import operations as notify
from guildhall.notify import queries
from guildhall.notify.domain.template import Choices, LetterLanguage, Postage
from guildhall.notify.operations import Channel, Pair, Words
from guildhall.notify.operations.templates import Author, TextTooLong
from guildhall.notify.queries import TemplateNotFound
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations import queries as organisations
from guildhall.organisations.queries import Council

BY = "olwen@testford.example"


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


def save(sender: Sender, body: str, *, opened: int, choices: Choices | None = None) -> None:
    pair = Pair(Words("s", body))
    notify.save_template(
        sender.email, opened=opened, name="An email", pair=pair, by=Author(None, BY), now=clock.now(), choices=choices
    )


def test_no_text_is_saved_that_is_too_long_to_be_sent(sender: Sender) -> None:
    """alphagov/notifications-api:app/template/rest.py, _content_count_greater_than_limit."""
    by, now = Author(None, BY), clock.now()
    notify.save_template(sender.text, opened=1, name="A text", pair=Pair(Words("", "x" * 918)), by=by, now=now)
    for pair in (Pair(Words("", "x" * 919)), Pair(Words("", "x"), Words("", "ŵ" * 919))):
        with pytest.raises(TextTooLong):
            notify.save_template(sender.text, opened=2, name="A text", pair=pair, by=by, now=now)


def test_an_old_version_comes_back_as_a_new_one(sender: Sender) -> None:
    save(sender, "second", opened=1)
    restored = notify.restore_version(sender.email, 1, opened=2, by=Author(None, BY), now=clock.now())
    assert (restored.version, restored.pair.english.body) == (3, "Hello ((name))\n\nIt is ready.")
    assert queries.get_template(sender.email, version=2).pair.english.body == "second"


def test_nothing_is_restored_over_what_somebody_saved_meanwhile(sender: Sender) -> None:
    save(sender, "second", opened=1)
    with pytest.raises(notify.SavedMeanwhile):
        notify.restore_version(sender.email, 1, opened=1, by=Author(None, BY), now=clock.now())
    with pytest.raises(TemplateNotFound):
        notify.restore_version(sender.email, 7, opened=2, by=Author(None, BY), now=clock.now())


def test_choices_belong_to_a_version(sender: Sender) -> None:
    chosen = Choices(sender_id=new_id(), has_unsubscribe_link=True)
    save(sender, "second", opened=1, choices=chosen)
    save(sender, "third", opened=2)
    assert queries.get_template(sender.email).choices == chosen
    assert not queries.get_template(sender.email, version=1).choices.has_unsubscribe_link


def test_a_letters_choices_are_kept(sender: Sender) -> None:
    chosen = Choices(
        postage=Postage.FIRST, contact_block_id=new_id(), letter_language=LetterLanguage.WELSH_THEN_ENGLISH
    )
    letter = notify.add_template(
        notify_service_id=sender.id,
        channel=Channel.LETTER,
        name="A letter",
        pair=Pair(Words("Heading", "Dear ((name))")),
        by=Author(None, BY),
        now=clock.now(),
        choices=chosen,
    )
    assert letter.choices == chosen


def test_a_copy_in_another_service_takes_no_senders_along(council: Council, sender: Sender) -> None:
    other = make_sender(council, slug="roads")
    save(sender, "second", opened=1, choices=Choices(sender_id=new_id(), has_unsubscribe_link=True))
    copy = notify.copy_template(
        sender.email, to=other.id, folder_id=None, name="Copied", by=Author(None, BY), now=clock.now()
    )
    assert (copy.notify_service_id, copy.name, copy.version, copy.pair.english.body) == (
        other.id,
        "Copied",
        1,
        "second",
    )
    assert copy.choices == Choices(has_unsubscribe_link=True)
    here = notify.copy_template(
        sender.email, to=sender.id, folder_id=None, name="Copy", by=Author(None, BY), now=clock.now()
    )
    assert here.choices.sender_id is not None


def test_another_councils_template_cannot_be_copied(other_council: Council, sender: Sender) -> None:
    with acting_for(other_council.id):
        theirs = make_sender(other_council)
        with pytest.raises(TemplateNotFound):
            notify.copy_template(
                sender.email, to=theirs.id, folder_id=None, name="x", by=Author(None, BY), now=clock.now()
            )


def test_what_officers_do_to_a_template_is_in_the_audit_trail(sender: Sender) -> None:
    actor = PersonId(new_id())
    notify.mark_emergency(sender.email, True, actor=actor, now=clock.now())
    assert queries.get_template(sender.email).is_emergency
    notify.archive_template(sender.email, actor=actor, now=clock.now())
    assert queries.get_template(sender.email).is_archived
    done = [line.action for line in organisations.list_audit().rows if line.object_id == str(sender.email)]
    assert set(done) == {"template.added", "template.emergency_on", "template.archived"}
    with pytest.raises(TemplateNotFound):
        notify.mark_emergency(sender.email, False, actor=actor, now=clock.now())
