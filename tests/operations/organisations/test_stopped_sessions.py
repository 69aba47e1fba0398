"""A session holds no rights: what a person may do is asked with every request, so that taking it away works at once.

Rows are changed as another process does it, and nothing tells this one.
"""

import psycopg
import pytest
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Role
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

OFF_THE_TEAM = "DELETE FROM organisations_membership WHERE person_id = %s"
FEWER_ROLES = "UPDATE organisations_membership SET roles = '{auditor}' WHERE person_id = %s"
SIGNED_OUT = "UPDATE identity_person SET generation = generation + 1 WHERE id = %s"
DELETED = "DELETE FROM identity_person WHERE id = %s"
NO_OPERATOR = "DELETE FROM organisations_platformoperator WHERE person_id = %s"


@pytest.mark.parametrize(
    ("taken_away", "address"),
    [
        (OFF_THE_TEAM, "/staff/{}/keys"),
        (FEWER_ROLES, "/staff/{}/keys"),
        (SIGNED_OUT, "/staff/{}/keys"),
        (DELETED, "/staff/{}/keys"),
        (NO_OPERATOR, "/operator"),
        (SIGNED_OUT, "/operator"),
        (SIGNED_OUT, "/account"),
        (DELETED, "/account"),
    ],
)
def test_what_a_person_may_no_longer_do_their_next_request_cannot(
    council: Council, client: Client, database: dict[str, str], taken_away: str, address: str
) -> None:
    person, at = make_person(), address.format(council.slug)
    make_officer(council, Role.OWNER, person_id=person.id)
    with psycopg.connect(database["superuser"]) as elsewhere:
        elsewhere.execute("INSERT INTO organisations_platformoperator VALUES (%s, now())", [person.id])
    sign_in(client, person.id, has_second_factor=True)
    assert client.get(at).status_code == 200
    with psycopg.connect(database["superuser"]) as elsewhere:
        elsewhere.execute("DELETE FROM identity_password WHERE person_id = %s", [person.id])
        assert elsewhere.execute(taken_away.encode(), [person.id]).rowcount == 1
    assert client.get(at).status_code in (302, 403, 404)
