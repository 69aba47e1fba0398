"""A timeline grows, is read by those who may, and by nobody else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from guildhall.design.languages import Text
from guildhall.kernel.ids import PersonId, new_id, new_reference
from guildhall.kernel.secrets import BrokenSeal
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import NotInATransaction, transaction
from guildhall.services.tracking import operations, queries
from guildhall.services.tracking.domain.statuses import PublicStatus
from guildhall.services.tracking.domain.timeline import NewEntry, NewTracker

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RECEIVED = NewEntry(PublicStatus.RECEIVED, Text("We have it.", "Mae gennym."), Text("We look.", "Edrychwn."))
CHECKING = NewEntry(PublicStatus.CHECKING, Text("We look.", "Edrychwn."), Text("We say.", "Dywedwn."), Text("Soon", ""))


def wanted(*, reference: str | None = None, resident_id: PersonId | None = None) -> NewTracker:
    return NewTracker(
        case_id=new_id(),
        service_id=new_id(),
        reference=reference or new_reference(),
        title=Text("Bulky waste", "Gwastraff swmpus"),
        email="ffion@example.com",
        language="cy",
        resident_id=resident_id,
    )


def start(new: NewTracker) -> NewTracker:
    with transaction():
        operations.start(new, RECEIVED, now=NOON)
    return new


def link(reference: str) -> str:
    return queries.sealed(reference)


def test_a_timeline_begins_with_one_line(council):
    timeline = queries.get_timeline_by_link(link(start(wanted()).reference))
    assert (timeline.status, timeline.what_happens_next) == (PublicStatus.RECEIVED, RECEIVED.what_happens_next)
    assert [line.words for line in timeline.lines] == [RECEIVED.words]


def test_the_newest_line_comes_first_and_moves_the_status(council):
    new = start(wanted())
    with transaction():
        operations.add_entry(new.case_id, CHECKING, now=NOON + timedelta(days=1))
    timeline = queries.get_timeline_by_link(link(new.reference))
    assert timeline.status == PublicStatus.CHECKING
    assert [line.status for line in timeline.lines] == [PublicStatus.CHECKING, PublicStatus.RECEIVED]
    assert timeline.lines[0].note == Text("Soon", "")
    assert (timeline.started_at, timeline.updated_at) == (NOON, NOON + timedelta(days=1))


def test_tracking_is_a_step_of_somebody_elses_transaction(council):
    with pytest.raises(NotInATransaction):
        operations.start(wanted(), RECEIVED, now=NOON)
    with pytest.raises(NotInATransaction):
        operations.add_entry(new_id(), CHECKING, now=NOON)


def test_a_changed_link_is_refused(council):
    token = link(start(wanted()).reference)
    with pytest.raises(BrokenSeal):
        queries.get_timeline_by_link(token[:-1] + ("A" if token[-1] != "A" else "B"))


def test_a_link_of_one_council_opens_nothing_at_another(council, other_council):
    new = start(wanted())
    token = link(new.reference)
    with acting_for(other_council.id):
        start(wanted(reference=new.reference))
        with pytest.raises(queries.NotTracked):
            queries.get_timeline_by_link(token)


def test_a_resident_sees_their_own_in_every_council_and_nobody_elses(council, other_council):
    ffion, somebody_else = PersonId(new_id()), PersonId(new_id())
    here = start(wanted(resident_id=ffion))
    start(wanted(resident_id=somebody_else))
    start(wanted())
    with acting_for(other_council.id):
        there = start(wanted(resident_id=ffion))
    with acting_for(None):
        mine = queries.list_cases_of_resident(ffion)
    assert {tracked.reference for tracked in mine} == {here.reference, there.reference}
    assert {tracked.organisation_id for tracked in mine} == {council.id, other_council.id}


def test_a_resident_opens_their_own_and_not_a_neighbours(council):
    ffion = PersonId(new_id())
    mine, theirs = start(wanted(resident_id=ffion)), start(wanted(resident_id=PersonId(new_id())))
    assert queries.get_timeline_of_resident(mine.reference, ffion).reference == mine.reference
    with pytest.raises(queries.NotTracked):
        queries.get_timeline_of_resident(theirs.reference, ffion)


def test_a_line_of_a_timeline_cannot_be_rewritten(council, as_login):
    start(wanted())
    for login in ("web", "dispatcher"):
        with as_login(login) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE services_tracking_timelineentry SET words_en = 'never'")
    with as_login("owner") as owner:
        owner.execute("CREATE POLICY everything ON services_tracking_timelineentry TO current_user USING (true)")
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute("UPDATE services_tracking_timelineentry SET words_en = 'never'")


def test_who_asked_and_what_they_asked_for_cannot_be_changed_by_any_login_of_the_web(council, as_login):
    for login in ("web", "dispatcher"):
        for column in ("email_digest = ''", "resident_id = NULL", "reference = 'X'", "title_en = ''"):
            with as_login(login) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"UPDATE services_tracking_tracker SET {column}")


def test_a_reference_is_used_once_in_a_council(council):
    reference = start(wanted()).reference
    with pytest.raises(Exception, match="tracking_one_tracker_per_reference"):
        start(wanted(reference=reference))


def test_a_case_has_one_timeline(council):
    new = start(wanted())
    again = NewTracker(**{**vars(new), "reference": new_reference()})
    with pytest.raises(Exception, match="tracking_one_tracker_per_case"):
        start(again)


def test_the_address_is_not_kept_where_anybody_could_read_it(council, as_login):
    start(wanted())
    with as_login("web") as connection:
        connection.execute("SELECT set_config('app.organisation', %s, true)", [str(council.id)])
        [row] = connection.execute("SELECT services_tracking_tracker::text FROM services_tracking_tracker").fetchall()
    assert "ffion" not in row[0]
    assert b"ffion".hex() not in row[0]


def test_the_case_of_nobody_is_not_in_anybodys_list(council):
    start(wanted())
    assert queries.list_cases_of_resident(PersonId(UUID(int=0))) == []
