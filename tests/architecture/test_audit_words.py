"""Officers read words in the audit trail, not codes: in both languages, for every action that anybody records."""

import re
from pathlib import Path

import pytest
from django.utils import translation

import guildhall
from guildhall.organisations.pages.wording import name_of_action

SOURCE = Path(guildhall.__file__).parent
RECORDED = re.compile(r"""(?:_audit\(\s*|action=|action = |\b(?:if|else) )"((?:[a-z_]+)\.[a-z_]+)\"""")


def recorded_actions() -> set[str]:
    files = (path.read_text(encoding="utf-8") for path in SOURCE.glob("**/operations/**/*.py"))
    return {action for text in files if "record_audit" in text for action in RECORDED.findall(text)}


def test_actions_are_found() -> None:
    assert {"key.revoked", "case.assigned", "service.taken_off", "council.opened"} <= recorded_actions()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_action_has_words(language: str) -> None:
    with translation.override(language):
        assert {action for action in recorded_actions() if name_of_action(action) == action} == set()
