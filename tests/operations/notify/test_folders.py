"""Templates in folders."""

import threading

import pytest
from django.db import connection
from tests.threads import join

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import operations as notify
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import Pair, Words
from guildhall.notify.operations.templates import Author
from guildhall.notify.queries import FolderNotFound, FolderView
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import OFFICER


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


def folder(sender: Sender, name: str, parent: FolderView | None = None) -> FolderView:
    return notify.add_folder(name, of=sender.id, parent=parent.id if parent else None, actor=OFFICER, now=clock.now())


def test_folders_stand_in_folders(sender: Sender) -> None:
    waste = folder(sender, "Waste")
    bulky = folder(sender, "Bulky", waste)
    known = queries.list_folders(of=sender.id)
    assert bulky.path == ("Waste", "Bulky")
    assert [each.name for each in known.inside(None)] == ["Waste"]
    assert [each.name for each in known.around(bulky)] == ["Waste"]


def test_two_folders_of_a_name_cannot_stand_in_the_same_place(sender: Sender) -> None:
    waste = folder(sender, "Waste")
    with pytest.raises(notify.FolderNameTaken):
        folder(sender, "waste")
    assert folder(sender, "Waste", waste).path == ("Waste", "Waste")


def test_templates_and_folders_are_moved_together(sender: Sender) -> None:
    waste, roads = folder(sender, "Waste"), folder(sender, "Roads")
    notify.move_into_folder(
        waste.id, of=sender.id, templates=[sender.email], folders=[roads.id], actor=OFFICER, now=clock.now()
    )
    assert queries.get_template(sender.email).folder_id == waste.id
    assert queries.list_folders(of=sender.id).get(roads.id).path == ("Waste", "Roads")
    notify.move_into_folder(
        None, of=sender.id, templates=[sender.email], folders=[roads.id], actor=OFFICER, now=clock.now()
    )
    assert queries.get_template(sender.email).folder_id is None


def test_a_folder_cannot_be_moved_into_itself_or_a_folder_within(sender: Sender) -> None:
    waste = folder(sender, "Waste")
    bulky = folder(sender, "Bulky", waste)
    for to in (waste, bulky):
        with pytest.raises(notify.FolderInItself):
            notify.move_into_folder(
                to.id, of=sender.id, templates=[], folders=[waste.id], actor=OFFICER, now=clock.now()
            )
    with pytest.raises(notify.FolderInItself):
        notify.change_folder(waste.id, "Rubbish", of=sender.id, parent=bulky.id, actor=OFFICER, now=clock.now())
    assert queries.list_folders(of=sender.id).get(waste.id).name == "Waste"


def test_two_folders_moved_into_each_other_at_once_make_no_ring(council: Council, sender: Sender) -> None:
    one, other = folder(sender, "One"), folder(sender, "Other")
    refused: list[Exception] = []

    def move(what: FolderView, to: FolderView) -> None:
        try:
            with acting_for(council.id):
                notify.move_into_folder(
                    to.id, of=sender.id, templates=[], folders=[what.id], actor=OFFICER, now=clock.now()
                )
        except notify.FolderInItself as no:
            refused.append(no)
        finally:
            connection.close()

    movers = [threading.Thread(target=move, args=pair) for pair in ((one, other), (other, one))]
    for mover in movers:
        mover.start()
    for mover in movers:
        join(mover)
    assert len(refused) == 1
    assert sorted(len(each.path) for each in queries.list_folders(of=sender.id).rows) == [1, 2]


def test_only_an_empty_folder_is_deleted(sender: Sender) -> None:
    waste = folder(sender, "Waste")
    notify.move_into_folder(
        waste.id, of=sender.id, templates=[sender.email], folders=[], actor=OFFICER, now=clock.now()
    )
    with pytest.raises(notify.FolderNotEmpty):
        notify.delete_folder(waste.id, of=sender.id, actor=OFFICER, now=clock.now())
    notify.move_into_folder(None, of=sender.id, templates=[sender.email], folders=[], actor=OFFICER, now=clock.now())
    notify.delete_folder(waste.id, of=sender.id, actor=OFFICER, now=clock.now())
    with pytest.raises(FolderNotFound):
        notify.delete_folder(waste.id, of=sender.id, actor=OFFICER, now=clock.now())


def test_folders_stand_at_most_ten_deep(sender: Sender) -> None:
    deepest = folder(sender, "1")
    for number in range(2, 11):
        deepest = folder(sender, str(number), deepest)
    with pytest.raises(notify.TooDeep):
        folder(sender, "11", deepest)
    loose = folder(sender, "loose")
    with pytest.raises(notify.TooDeep):
        notify.move_into_folder(
            deepest.id, of=sender.id, templates=[], folders=[loose.id], actor=OFFICER, now=clock.now()
        )


def test_another_services_folder_is_not_found(council: Council, sender: Sender) -> None:
    other = make_sender(council, slug="roads")
    theirs = folder(other, "Theirs")
    with pytest.raises(FolderNotFound):
        notify.move_into_folder(
            theirs.id, of=sender.id, templates=[sender.email], folders=[], actor=OFFICER, now=clock.now()
        )
    with pytest.raises(FolderNotFound):
        notify.add_template(
            notify_service_id=sender.id,
            channel=Channel.SMS,
            name="x",
            pair=Pair(Words("", "x")),
            by=Author(None, ""),
            now=clock.now(),
            folder_id=theirs.id,
        )


def test_another_councils_folders_are_not_there(council: Council, other_council: Council, sender: Sender) -> None:
    mine = folder(sender, "Mine")
    with acting_for(other_council.id):
        theirs = make_sender(other_council)
        assert queries.list_folders(of=sender.id).rows == []
        with pytest.raises(FolderNotFound):
            notify.delete_folder(mine.id, of=theirs.id, actor=OFFICER, now=clock.now())
