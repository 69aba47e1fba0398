"""Each decision has one number, and what names a decision or a file names one that exists."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs" / "decisions"
LINK = re.compile(r"\]\(([^)\s:#]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"\bdecisions? ([0-9]+)", re.IGNORECASE)


def numbers() -> list[int]:
    return [int(path.name[:4]) for path in sorted(DECISIONS.glob("*.md"))]


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def named() -> Iterator[tuple[Path, int]]:
    for path in (*documents(), *(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")):
        for number in NAMED.findall(path.read_text("utf-8")):
            yield path, int(number)


def test_each_decision_has_a_number_of_its_own_and_says_it_in_its_heading() -> None:
    assert len(numbers()) == len(set(numbers()))
    for path in DECISIONS.glob("*.md"):
        assert path.read_text("utf-8").startswith(f"# {int(path.name[:4])}. "), path.name


def test_whoever_names_a_decision_names_one_that_exists() -> None:
    assert [(path, number) for path, number in named() if number not in numbers()] == []


def test_a_link_between_documents_leads_to_a_file() -> None:
    links = [(path, link) for path in documents() for link in LINK.findall(path.read_text("utf-8"))]
    assert len(links) > 20
    assert [(path.name, link) for path, link in links if not (path.parent / link).exists()] == []
