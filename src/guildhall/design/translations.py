"""The Welsh of every page: compiled where it is needed, and compared with what the pages say.

Catalogues are ``locale/cy/LC_MESSAGES/django.po`` of each module, edited by hand; the English text is the key. What
gettext reads (``.mo``) is made from them at the start of every process that needs it and is never committed.

``python -m guildhall.design.translations`` compiles, and prints each text that has no Welsh yet.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[1]
CATALOGUES = "**/locale/cy/LC_MESSAGES/django.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {
    "**/templates/**.html": {
        "trimmed": "true",
        "silent": "false",
        "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
    }
}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def compile_translations(source: Path = SOURCE) -> int:
    """Compile each catalogue that changed since it was compiled last, and return how many did."""
    return sum(_compile(written) for written in source.glob(CATALOGUES))


def catalogues(source: Path = SOURCE) -> Iterator[tuple[Path, Catalog]]:
    """Yield each module's Welsh catalogue with its place."""
    for written in sorted(source.glob(CATALOGUES)):
        with written.open("rb") as file:
            yield written, read_po(file, locale="cy")


def words_on_pages(source: Path = SOURCE) -> Catalog:
    """Return every text that pages and programs say through gettext, with the places that say it."""
    found = Catalog()
    extracted = extract_from_dir(source, METHODS, OPTIONS, keywords=KEYWORDS)
    for file, line, message, _comments, context in extracted:
        found.add(message, locations=[(file, line)], context=context)
    return found


def untranslated(words: Catalog, welsh: Iterable[Catalog]) -> list[str]:
    """Return each text without Welsh, with the place that says it: what still has to be written."""
    known = {_key(message) for catalogue in welsh for message in catalogue if message.id and _is_written(message)}
    return sorted(
        f"{message.locations[0][0]}:{message.locations[0][1]}: {message.id!r}"
        for message in words
        if message.id and _key(message) not in known
    )


def _compile(written: Path) -> int:
    compiled = written.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= written.stat().st_mtime:
        return 0
    with written.open("rb") as file:
        catalogue = read_po(file, locale="cy")
    made = compiled.with_suffix(f".mo.{os.getpid()}")
    with made.open("wb") as file:
        write_mo(file, catalogue)
    made.replace(compiled)
    return 1


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def _is_written(message: Message) -> bool:
    sides = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(sides) and all(side.strip() for side in sides) and not message.fuzzy


def main() -> int:
    compile_translations()
    missing = untranslated(words_on_pages(), (catalogue for _place, catalogue in catalogues()))
    sys.stdout.writelines(f"{line}\n" for line in missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
