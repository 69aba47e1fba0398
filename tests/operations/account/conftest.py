import pytest
from tests.conftest import AsOwner

from guildhall.account.operations import load_synthetic_postcodes
from guildhall.config.sandbox import COUNCIL
from guildhall.kernel import clock
from guildhall.organisations.operations import ensure_organisation, load_councils
from guildhall.organisations.queries import Council


@pytest.fixture
def places(as_owner: AsOwner) -> Council:
    """The real councils, the invented postcodes, and the sandbox's council, to whose custodian code they lead."""
    as_owner(load_councils)
    as_owner(load_synthetic_postcodes)
    return ensure_organisation(COUNCIL, now=clock.now())
