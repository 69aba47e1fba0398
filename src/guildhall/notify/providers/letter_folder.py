"""Letters into a folder, where a printer on the same machine or network drive fetches them."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guildhall.notify.ports import HandedOver, NotTaken, Outcome, Outgoing, TryLater
from guildhall.notify.providers.letter_batch import File, print_batch

NOT_PRINTED = TryLater("the letter could not be printed")


@dataclass(frozen=True, slots=True)
class LetterFolderSettings:
    """Where letters are put. The folder must be there: a drive that is away is not written beside."""

    folder: Path


def make(given: Mapping[str, str]) -> "LetterFolder":
    """Return a provider with an account's settings; what is not one of them is passed over.

    :raises KeyError: the folder is missing.
    """
    return LetterFolder(LetterFolderSettings(Path(given["folder"])))


class LetterFolder:
    """Writes letters and then their list, each file whole or not at all, and safe on disk before it is told."""

    name = "letter-folder"
    at_once = 100

    def __init__(self, settings: LetterFolderSettings) -> None:
        self._folder = settings.folder

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        printed = print_batch(batch)
        try:
            if not self._folder.is_dir():
                raise FileNotFoundError(f"there is no folder {self._folder}")
            for file in printed.files:
                self._write(file)
        except OSError as fault:
            not_taken = NotTaken(f"{type(fault).__name__}: {fault}")
            return [NOT_PRINTED if reference is None else not_taken for reference in printed.references]
        return [NOT_PRINTED if reference is None else HandedOver(reference) for reference in printed.references]

    def _write(self, file: File) -> None:
        place = self._folder / file.place
        place.parent.mkdir(exist_ok=True)
        half = place.with_name(f".{place.name}.part")
        with half.open("wb") as written:
            written.write(file.content)
            written.flush()
            os.fsync(written.fileno())
        half.replace(place)
        _sync(place.parent)


def _sync(folder: Path) -> None:
    """Make the names in a folder as durable as the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
