"""Letters as a printer gets them: a PDF for each, and a list of what is there, which is written last.

Names come from the letters alone, so that a hand-over that is repeated writes the same files again; the list says which
letters may be there for the second time. Printers take what a list names and nothing else.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import structlog

from guildhall.kernel.clock import london_day
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.letter_timing import pick_up_of
from guildhall.notify.ports import Outgoing
from guildhall.notify.queries.letters import LetterPaper, print_for_carrier

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class File:
    """A file for the printer: its place under the agreed folder, and what is in it."""

    place: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters that could be printed, with the list of them. ``references`` are their files; None: it could not."""

    files: Sequence[File]
    references: Sequence[str | None]

    @property
    def manifest(self) -> File:
        return self.files[-1]


def print_batch(letters: Sequence[Outgoing]) -> Batch:
    """Return the files of some letters, the list last. A letter that cannot be printed holds up no other."""
    files: list[File] = []
    lines: list[dict[str, object]] = []
    references: list[str | None] = []
    for letter in letters:
        paper = _print(letter)
        references.append(None if paper is None else place_of(letter))
        if paper is not None:
            files.append(File(place_of(letter), paper.pdf))
            lines.append(_line(letter, paper))
    if lines:
        files.append(_manifest(letters, lines))
    return Batch(files, references)


def place_of(letter: Outgoing) -> str:
    """Return where a letter's file stands: in a folder of its day, by how it travels."""
    return f"{_day_of(letter)}/{letter.postage}-{letter.message_id}.pdf"


def _day_of(letter: Outgoing) -> str:
    return f"{london_day(pick_up_of(letter.accepted_at))}"


def _print(letter: Outgoing) -> LetterPaper | None:
    try:
        with acting_for(letter.organisation_id):
            return print_for_carrier(letter.organisation_id, letter.notify_service_id, letter.message_id)
    except Exception:
        log.exception("letter_cannot_be_printed", message=str(letter.message_id))
        return None


def _line(letter: Outgoing, paper: LetterPaper) -> dict[str, object]:
    return {
        "id": str(letter.message_id),
        "file": place_of(letter),
        "sha256": hashlib.sha256(paper.pdf).hexdigest(),
        "pages": paper.pages,
        "sheets": paper.sheets,
        "postage": letter.postage,
        "address": list(paper.address),
        "may_be_repeated": letter.may_be_repeated,
    }


def _manifest(letters: Sequence[Outgoing], lines: Sequence[dict[str, object]]) -> File:
    """Return the list of a batch, named by its letters: the same batch has the same list."""
    names = "".join(sorted(str(line["id"]) for line in lines))
    name = hashlib.sha256(names.encode()).hexdigest()[:20]
    content = msgspec.json.format(msgspec.json.encode({"letters": lines}), indent=1)
    return File(f"{min(map(_day_of, letters))}/letters-{name}.json", content)
