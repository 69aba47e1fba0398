"""Whoever supervises the house can ask how it is by any name of the machine; pages answer to the house's own."""

import json
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from guildhall.kernel import clock

ANY_NAME = ("10.1.2.3:8000", "[::1]:8000", "guildhall-7d4f9.cluster.local", "evil.example", "_", "a b", "")


@pytest.mark.parametrize("host", ANY_NAME)
def test_health_is_told_whatever_host_is_asked(client: Client, host: str) -> None:
    alive = client.get("/healthz", headers={"host": host})
    assert (alive.status_code, alive.content) == (200, b"alive\n")
    assert "database" in client.get("/readyz", headers={"host": host}).json()


def test_whoever_finds_a_hole_is_told_whom_to_tell(client: Client) -> None:
    """RFC 9116: a contact, and an end within a year; alphagov/pay-publicapi answers there too (pay contract 1)."""
    answer = client.get("/.well-known/security.txt", headers={"host": "anything"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert (said["Contact"], said["Preferred-Languages"]) == ("mailto:security@localhost", "en, cy")
    assert said["Canonical"] == f"{settings.BASE_URL}/.well-known/security.txt"
    ends_at = datetime.fromisoformat(said["Expires"])
    assert timedelta(days=30) < ends_at - clock.now() < timedelta(days=365)
    with override_settings(SECURITY_CONTACT="https://council.example/security"):
        assert b"Contact: https://council.example/security\n" in client.get("/.well-known/security.txt").content
    assert client.post("/.well-known/security.txt").status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "_", "a b"])
def test_a_page_asked_from_another_host_is_a_plain_400(client: Client, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "could not understand what your browser sent" in answer.content.decode()
    assert "evil" not in answer.content.decode()


def test_health_needs_no_session_and_sets_none(client: Client) -> None:
    client.cookies["session"] = "x" * 4000
    answer = client.get("/readyz")
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_says_what_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        assert cursor.fetchone() == (0,), "no worker runs in tests"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content) == {
        "ready": False,
        "database": "ok",
        "migrations": "ok",
        "worker": "no worker runs",
    }


def test_health_answers_head_and_refuses_what_changes_things(client: Client) -> None:
    head = client.head("/healthz")
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", "6")
    refused = client.post("/healthz", {"any": "thing"})
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD")


def test_the_sandbox_on_this_machine_answers_to_the_machines_own_names_only() -> None:
    """Another site whose name is made to lead to 127.0.0.1 must not read the inbox through somebody's browser."""
    assert settings.ALLOWED_HOSTS == ["localhost", "localhost", ".localhost", "127.0.0.1", "[::1]", "testserver"]


@pytest.mark.parametrize("path", ["/healthcheck", "/healthcheck/"])
def test_a_watcher_of_govuk_pay_is_told_in_its_words(client: Client, path: str) -> None:
    """alphagov/pay-publicapi:src/main/java/uk/gov/pay/api/resources/HealthCheckResource.java"""
    answer = client.get(path, headers={"host": "10.1.2.3:8000"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json() == {
        "ping": {"healthy": True},
        "deadlocks": {"healthy": True},
        "database": {"healthy": True},
    }


def test_a_database_that_does_not_answer_is_told_with_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    try:
        answer = client.get("/healthcheck")
    finally:
        connection.close()
    assert (answer.status_code, answer.json()["database"]) == (503, {"healthy": False})
