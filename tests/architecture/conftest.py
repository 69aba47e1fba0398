from collections.abc import Iterator

import pytest
from tests.architecture.houses import Houses, furnished_copy


@pytest.fixture(scope="session")
def houses(database: dict[str, str]) -> Iterator[Houses]:
    with furnished_copy(database) as houses:
        yield houses
