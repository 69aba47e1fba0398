"""Build what pages wear: ``python -m guildhall.design.build_assets``.

GOV.UK Frontend and Sass come from npm, at the versions of ``package-lock.json``; the result goes to ``static/built``
under names that change with the contents, so that browsers may keep each file for ever. Nothing is done when nothing
changed since the last build. A built wheel carries the result and needs no Node.
"""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from guildhall.design.assets import manifest

CHECKOUT = Path(__file__).resolve().parents[3]
SOURCES = Path(__file__).resolve().parent / "assets"
OLDEST_NODE = 18
STAMP = ".built-from"
LIBRARY = "govuk-frontend/dist/govuk/govuk-frontend.min.js"


class CannotBuild(Exception):
    """The pages' styles cannot be built. The message says in one sentence what is missing and how to get it."""


def build_assets(say: Callable[[str], None] = lambda words: None) -> bool:
    """Bring the built assets up to date, telling ``say`` what takes time. Return whether anything had to be built.

    :raises CannotBuild: Node.js or npm is missing or too old, or one of them failed.
    """
    stamp = manifest.BUILT / STAMP
    if not (CHECKOUT / "package-lock.json").exists():
        return _must_be_there_already()
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    try:
        _build(say)
        stamp.write_text(wanted)
    except OSError as problem:
        raise CannotBuild(f"The styles of the pages cannot be written: {problem}.") from problem
    manifest.hashed_names.cache_clear()
    return True


def _build(say: Callable[[str], None]) -> None:
    _install_packages(say)
    say("Building the styles and scripts of the pages…")
    _store(_compile_styles(), _scripts_and_pictures())


def _must_be_there_already() -> bool:
    if not (manifest.BUILT / manifest.MANIFEST).exists():
        raise CannotBuild(
            "This installation carries no built page styles; build them in a checkout, or install a wheel."
        )
    return False


def _fingerprint() -> str:
    """Return a word that changes whenever one of the sources does."""
    sources = (CHECKOUT / "package-lock.json", Path(__file__), *sorted(SOURCES.iterdir()))
    seen = hashlib.sha256()
    for source in sources:
        if source.is_file():
            seen.update(source.name.encode() + b"\0" + source.read_bytes())
    return seen.hexdigest()


def _install_packages(say: Callable[[str], None]) -> None:
    _check_node()
    lock = CHECKOUT / "package-lock.json"
    installed_from = CHECKOUT / "node_modules" / ".installed-from"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if installed_from.exists() and installed_from.read_text() == wanted:
        return
    say("Installing the page components from npm…")
    _run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], "npm could not install the page components")
    installed_from.write_text(wanted)


def _check_node() -> None:
    for program in ("node", "npm"):
        if not shutil.which(program):
            raise CannotBuild(
                f"Node.js {OLDEST_NODE} or newer with npm is needed to build the styles of the pages, and {program} "
                "is not installed: on Debian, run apt-get install nodejs npm."
            )
    version = _run(["node", "--version"], "node does not run").strip()
    if int(version.lstrip("v").partition(".")[0]) < OLDEST_NODE:
        raise CannotBuild(
            f"Node.js {OLDEST_NODE} or newer is needed to build the styles of the pages; this is {version}."
        )


def _compile_styles() -> dict[str, bytes]:
    sass = [
        "node",
        "node_modules/sass/sass.js",
        "--pkg-importer=node",
        "--style=compressed",
        "--no-source-map",
        "--quiet",
    ]
    source = str(SOURCES / "guildhall.scss")
    return {"guildhall.css": _run([*sass, source], "Sass could not compile the styles of the pages").encode()}


def _scripts_and_pictures() -> dict[str, bytes]:
    library = (CHECKOUT / "node_modules" / LIBRARY).read_bytes().partition(b"//# sourceMappingURL")[0]
    library_name = _hashed("govuk-frontend.js", library)
    ours = (SOURCES / "guildhall.js").read_text().replace('from "govuk-frontend"', f'from "./{library_name}"')
    return {
        "govuk-frontend.js": library,
        "guildhall.js": ours.encode(),
        "guildhall.svg": (SOURCES / "guildhall.svg").read_bytes(),
    }


def _store(*groups: dict[str, bytes]) -> None:
    """Write the files, then the list of their names, then sweep out what an earlier build left."""
    contents = {name: content for group in groups for name, content in group.items()}
    names = {name: _hashed(name, content) for name, content in contents.items()}
    manifest.BUILT.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (manifest.BUILT / names[name]).write_bytes(content)
        (manifest.BUILT / f"{names[name]}.gz").write_bytes(gzip.compress(content, mtime=0))
    listed = manifest.BUILT / f"{manifest.MANIFEST}.new"
    listed.write_text(json.dumps(names, indent=1))
    listed.replace(manifest.BUILT / manifest.MANIFEST)
    _sweep(names.values())


def _sweep(names: Iterable[str]) -> None:
    kept = {manifest.MANIFEST, *names, *(f"{name}.gz" for name in names)}
    for found in manifest.BUILT.iterdir():
        if found.name not in kept:
            found.unlink()


def _hashed(name: str, content: bytes) -> str:
    stem, _, kind = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{kind}"


def _run(command: list[str], complaint: str) -> str:
    """Run a program of ours in the checkout and return what it prints."""
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last_words = " ".join(done.stderr.split())[-400:]
        raise CannotBuild(f"{complaint}: {last_words}")
    return done.stdout


def main() -> int:
    try:
        build_assets(lambda words: print(words, flush=True))  # noqa: T201
    except CannotBuild as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
