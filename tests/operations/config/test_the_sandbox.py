"""The sandbox council is the same however often it is composed, and its credentials are shown again on request."""

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Guildhall


@pytest.fixture(scope="module")
def sandbox(folder: Path, guildhall: Guildhall) -> dict[str, Any]:
    assert guildhall("migrate", "--data", folder / "house").returncode == 0
    done = guildhall("sandbox", "--json", "--data", folder / "house")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_prints_credentials_of_every_platform_that_exists(sandbox: dict[str, Any]) -> None:
    assert sandbox["base_url"] == "http://localhost:8000"
    assert sandbox["organisation"] == {"slug": "sandbox-borough", "name": "Sandbox Borough Council"}
    assert set(sandbox["notify"]["api_keys"]) == {"live", "team", "test"}
    assert all(sandbox["notify"]["service_id"] in key for key in sandbox["notify"]["api_keys"].values())
    assert set(sandbox["notify"]["templates"]) == {"email", "sms", "letter"}
    assert sandbox["pay"]["api_key"].startswith("api_test_")
    for person in (sandbox["staff"], sandbox["operator"], sandbox["identity"]["resident"]):
        assert set(person) == {"email", "password", "totp_secret"}


def test_it_prints_the_same_again(folder: Path, guildhall: Guildhall, sandbox: dict[str, Any]) -> None:
    again = guildhall("sandbox", "--json", "--data", folder / "house")
    assert json.loads(again.stdout) == sandbox


def test_another_installation_has_other_secrets(folder: Path, guildhall: Guildhall, sandbox: dict[str, Any]) -> None:
    assert guildhall("migrate", "--data", folder / "other").returncode == 0
    other = json.loads(guildhall("sandbox", "--json", "--data", folder / "other").stdout)
    assert other["staff"]["email"] == sandbox["staff"]["email"]
    assert other["staff"]["password"] != sandbox["staff"]["password"]
    assert other["staff"]["totp_secret"] != sandbox["staff"]["totp_secret"]
    assert other["pay"]["api_key"] != sandbox["pay"]["api_key"]


def test_bringing_an_up_to_date_database_up_to_date_does_nothing(
    folder: Path, guildhall: Guildhall, sandbox: Any
) -> None:
    done = guildhall("migrate", "--data", folder / "house")
    assert (done.returncode, done.stdout) == (0, "")


def test_an_operator_is_somebody_who_has_registered(folder: Path, guildhall: Guildhall, sandbox: Any) -> None:
    nobody = guildhall("operator", "nobody@sandbox.example", "--data", folder / "house")
    assert nobody.returncode == 1
    assert "Nobody has registered with nobody@sandbox.example" in nobody.stderr
    done = guildhall("operator", "Officer@sandbox.example", "--data", folder / "house")
    assert done.returncode == 0, done.stderr
    assert "may now run this installation" in done.stdout
