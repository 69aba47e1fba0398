"""A council with a service that takes test payments, and the key of a program that asks for them."""

import pytest
from tests.wire.pay.clients import PayClient, make_client

from guildhall.organisations.queries import Council


@pytest.fixture
def pay_client(council: Council) -> PayClient:
    return make_client(council)
