import pytest
from tests.conftest import AsOwner

from guildhall.account.operations import load_synthetic_postcodes
from guildhall.kernel import clock
from guildhall.organisations.operations import NewOrganisation, ensure_organisation, load_councils
from guildhall.organisations.queries import Council


@pytest.fixture
def places(as_owner: AsOwner) -> Council:
    """The real councils, the invented postcodes, and a council like the sandbox's, with its custodian code."""
    as_owner(load_councils)
    as_owner(load_synthetic_postcodes)
    new = NewOrganisation("sandford", "Sandford Council", "Cyngor Sandford", custodian_code="99001")
    return ensure_organisation(new, now=clock.now())
