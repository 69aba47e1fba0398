import pytest


@pytest.fixture(autouse=True)
def stands_on_the_database(database: dict[str, str]) -> None:
    """Every test of this ring needs it, whether or not it asks."""
