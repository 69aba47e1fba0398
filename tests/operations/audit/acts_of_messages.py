"""Templates, folders, messages and lists: each act done once."""

from uuid import uuid4

from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.transactions import transaction
from guildhall.notify import ports
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import ListId, MessageId, TemplateId
from guildhall.notify.domain.letter_report import Report
from guildhall.notify.domain.template import Choices, Pair, Postage, Words
from guildhall.notify.operations import NewMessage, folders, one_off, prepare, taking_over, templates, write_prepared
from guildhall.notify.operations.letters import cancelling, reporting
from guildhall.notify.operations.lists import resending, starting, uploading
from guildhall.notify.operations.templates import Author
from guildhall.notify.queries import FolderView
from guildhall.notify.queries.remembered import known_service
from guildhall.notify.testing import AUTHOR
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.testing import OFFICER

from .driving import House, doing

WORDS = Pair(Words("About it", "Hello"))
LETTER = {"address_line_1": "Mx One", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA"}
THE_OFFICER = {"actor": OFFICER}


def me(house: House) -> Author:
    return Author(house.me, "Mair Evans")


def template(house: House, channel: Channel = Channel.EMAIL) -> TemplateId:
    choices = Choices(postage=Postage.FIRST) if channel is Channel.LETTER else Choices()
    return templates.add_template(
        notify_service_id=house.sender.id,
        channel=channel,
        name=f"A template {new_id()}"[:30],
        pair=WORDS,
        by=AUTHOR,
        now=clock.now(),
        choices=choices,
    ).id


def folder(house: House) -> FolderView:
    name = f"Folder {uuid4().hex[:8]}"
    return folders.add_folder(name, of=house.sender.id, parent=None, now=clock.now(), **THE_OFFICER)


@doing(templates.add_template)
def add_template(house: House) -> None:
    templates.add_template(
        notify_service_id=house.sender.id,
        channel=Channel.EMAIL,
        name="Reminder",
        pair=WORDS,
        by=me(house),
        now=clock.now(),
    )


@doing(templates.save_template)
def save_template(house: House) -> None:
    words = Pair(Words("About it", "Good day"))
    templates.save_template(template(house), opened=1, name="Greeting", pair=words, by=me(house), now=clock.now())


@doing(templates.restore_version)
def restore_version(house: House) -> None:
    saved = template(house)
    words = Pair(Words("About it", "Good day"))
    templates.save_template(saved, opened=1, name="Greeting 2", pair=words, by=AUTHOR, now=clock.now())
    templates.restore_version(saved, 1, opened=2, by=me(house), now=clock.now())


@doing(templates.copy_template)
def copy_template(house: House) -> None:
    to = house.sender.id
    templates.copy_template(template(house), to=to, folder_id=None, name="A copy of it", by=me(house), now=clock.now())


@doing(templates.mark_emergency)
def mark_emergency(house: House) -> None:
    templates.mark_emergency(template(house), True, **house.by_me())


@doing(templates.archive_template)
def archive_template(house: House) -> None:
    templates.archive_template(template(house), **house.by_me())


@doing(folders.add_folder)
def add_folder(house: House) -> None:
    folders.add_folder("Reminders", of=house.sender.id, parent=None, **house.by_me())


@doing(folders.change_folder)
def change_folder(house: House) -> None:
    folders.change_folder(folder(house).id, "Renamed", of=house.sender.id, parent=None, **house.by_me())


@doing(folders.move_into_folder)
def move_into_folder(house: House) -> None:
    to, moved = folder(house).id, [template(house)]
    folders.move_into_folder(to, of=house.sender.id, templates=moved, folders=[], **house.by_me())


@doing(folders.delete_folder)
def delete_folder(house: House) -> None:
    folders.delete_folder(folder(house).id, of=house.sender.id, **house.by_me())


class Elsewhere:
    """Another installation with one template."""

    def list_templates(self, key: object, *, now: object) -> list[ports.ForeignTemplate]:
        return [ports.ForeignTemplate(uuid4(), Channel.EMAIL, "From elsewhere", Words("Subject", "Hello"))]


@doing(taking_over.take_over_templates)
def take_over_templates(house: House) -> None:
    before = ports.template_source()
    ports.connect_template_source(Elsewhere())
    try:
        key = f"moving-{uuid4()}-{uuid4()}"
        taking_over.take_over_templates(house.sender.id, key, saved_by="Mair Evans", **house.by_me())
    finally:
        ports.connect_template_source(before)


@doing(one_off.send_one)
def send_one(house: House) -> None:
    given = {"name": "Jo", "thing": "sofa"}
    wanted = NewMessage(
        Channel.EMAIL, "jo@example.com", "jo@example.com", None, house.sender.email, given, (), None, None, None
    )
    prepared = prepare(wanted, sender=known_service(house.sender.id), kind=KeyKind.LIVE, key_id=None, now=clock.now())
    one_off.send_one(prepared, once_key=str(new_id()), **house.by_me())


def letter(house: House) -> MessageId:
    wanted = NewMessage(Channel.LETTER, "", "", None, template(house, Channel.LETTER), LETTER, (), "r", None, None)
    prepared = prepare(wanted, sender=known_service(house.sender.id), kind=KeyKind.LIVE, key_id=None, now=clock.now())
    with transaction():
        write_prepared([prepared])
    return prepared.id


@doing(cancelling.cancel_letter)
def cancel_letter(house: House) -> None:
    cancelling.cancel_letter(letter(house), of=house.sender.id, **house.by_me())


@doing(reporting.take_report)
def take_report(house: House) -> None:
    posted = letter(house)
    house.arrange("UPDATE notify_message SET status = 'sending', next_try_at = NULL WHERE id = %s", posted)
    reporting.take_report([posted], Report.PRINTED, of=house.sender.id, **house.by_me())


def recipients(house: House) -> ListId:
    content = [b"email address,name,thing\njo@example.com,Jo,sofa\n"]
    wanted = uploading.NewList(house.sender.email, "en", "people.csv", content, "Olwen")
    return uploading.upload_list(wanted, of=house.sender.id, now=clock.now(), clock=clock.now, **THE_OFFICER)


@doing(uploading.upload_list)
def upload_list(house: House) -> None:
    content = [b"email address,name,thing\njo@example.com,Jo,sofa\n"]
    wanted = uploading.NewList(house.sender.email, "en", "people.csv", content, "Mair Evans")
    uploading.upload_list(wanted, of=house.sender.id, clock=clock.now, **house.by_me())


@doing(starting.confirm_list)
def confirm_list(house: House) -> None:
    starting.confirm_list(recipients(house), starts_at=None, confirmed_by="Mair Evans", **house.by_me())


@doing(starting.cancel_list)
def cancel_list(house: House) -> None:
    waiting = recipients(house)
    starting.confirm_list(waiting, starts_at=None, confirmed_by="Olwen", now=clock.now(), **THE_OFFICER)
    starting.cancel_list(waiting, cancelled_by="Mair Evans", **house.by_me())


@doing(resending.upload_failed_rows)
def upload_failed_rows(house: House) -> None:
    unsent = recipients(house)
    house.arrange("UPDATE notify_uploadedlist SET state = 'finished' WHERE id = %s", unsent)
    row = "INSERT INTO notify_unsentrow (id, organisation_id, list_id, row, reason) VALUES (%s, %s, %s, 1, %s)"
    house.arrange(row, new_id(), house.council.id, unsent, "cap-reached")
    resending.upload_failed_rows(unsent, uploaded_by="Mair Evans", clock=clock.now, **house.by_me())
