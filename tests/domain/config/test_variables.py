"""Whoever sets an installation up by variables is told what is wrong with one, before anything happens."""

import re
from pathlib import Path

import pytest

from guildhall.config.problems import Problem
from guildhall.config.variables import VARIABLES, refuse_wrong_variables

ROOT = Path(__file__).parents[3]

WRONG = {
    "DATABASE_URL": ["", "mysql://a@b/c", "host=db user=x", "postgresql:///guildhall", "postgresql://a:b@c:port/d"],
    "GUILDHALL_BASE_URL": ["guildhall.example"],
    "GUILDHALL_CALLBACK_NETWORKS": ["everywhere", "10.1.2.3/16", "10.0.0.0/8;192.168.0.0/16"],
    "GUILDHALL_CLAMD_URL": ["clamd:3310", "http://clamd", "unix://", "tcp://clamd:port"],
    "GUILDHALL_EMAIL_DOMAIN": ["@council.example", "council example", "https://council.example", "-", "a..b"],
    "GUILDHALL_GOVUK_NOTIFY": ["api.example", "file:///etc/passwd"],
    "GUILDHALL_FAST_PATH": ["ajar"],
    "GUILDHALL_LOGIN": ["root"],
    "GUILDHALL_LOGS": ["xml"],
    "GUILDHALL_LOG_LEVEL": ["loud"],
    "GUILDHALL_METRICS_PORT": ["x", "-1", "0", "65535", "70000", "9" * 5000, "²", "9100 "],
    "GUILDHALL_PG_BIN": ["/nowhere"],
    "GUILDHALL_SANDBOX": ["no", "false", "2"],
    "GUILDHALL_SANDBOX_IN_PUBLIC": ["1", "true"],
    "GUILDHALL_SECURITY_CONTACT": [
        *(
            "security@council.example",
            "mailto:security",
            "mailto:@council.example",
            "http://council.example",
            "https://",
        ),
        "mailto:a@b.example\nExpires: 2999-01-01T00:00:00Z",
    ],
    "GUILDHALL_SMTP_URL": ["mail.example", "http://mail.example", "smtp://user:secret@:25", "smtp://mail.example:port"],
    "GUILDHALL_WEB_PROCESSES": ["0", "many", "-2", "513"],
    "GUILDHALL_WEB_THREADS": ["0", "1.5"],
}


@pytest.fixture(autouse=True)
def fresh_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("name", "said"), [(name, said) for name, wrongs in WRONG.items() for said in wrongs if said])
def test_a_wrong_word_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    monkeypatch.setenv(name, said)
    with pytest.raises(Problem, match=f"^{name} is .*: it must be ") as refusal:
        refuse_wrong_variables()
    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_a_name_that_is_none_of_ours_is_refused_with_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_SANBOX", "0")
    with pytest.raises(Problem, match="There is no setting GUILDHALL_SANBOX: did you mean GUILDHALL_SANDBOX"):
        refuse_wrong_variables()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "")
    refuse_wrong_variables()


def test_a_variable_that_says_what_it_may_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    right = {
        "DATABASE_URL": "postgresql://guildhall_web:se%40cret@db.example/guildhall?sslmode=verify-full",
        "DATABASE_OWNER_URL": "postgresql://guildhall_owner:secret@/guildhall?host=/run/postgresql",
        "GUILDHALL_BASE_URL": "https://guildhall.example",
        "GUILDHALL_CALLBACK_NETWORKS": "10.1.0.0/16,fd00::/8",
        "GUILDHALL_CLAMD_URL": "unix:///run/clamav/clamd.ctl",
        "GUILDHALL_EMAIL_DOMAIN": "Post.Council.example",
        "GUILDHALL_LOG_LEVEL": "INFO",
        "GUILDHALL_METRICS_PORT": "9100",
        "GUILDHALL_SANDBOX": "0",
        "GUILDHALL_SECURITY_CONTACT": "mailto:security@council.example",
        "GUILDHALL_SMTP_URL": "smtps://user:secret@[2001:db8::25]:465",
    }
    for name, said in right.items():
        monkeypatch.setenv(name, said)
    refuse_wrong_variables()


def test_every_variable_that_the_code_or_the_documents_name_is_known() -> None:
    """So a module that begins to read one has to say here what it may be."""
    places = [*(ROOT / "src").rglob("*.py"), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "guildhall"]
    named = {name for path in places for name in re.findall(r"\bGUILDHALL_[A-Z][A-Z_]*[A-Z]\b", path.read_text())}
    assert named - set(VARIABLES) - {"GUILDHALL_SANBOX"} == set()
