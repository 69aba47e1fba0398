"""``./guildhall restore FILE``: what a backup holds, put back into an empty place, or in place of what is there."""

import hmac
import os
import time
from argparse import Namespace
from pathlib import Path

from guildhall.config import real_server
from guildhall.config.archive import Manifest, has_tables, login_names, read_manifest, restore_archive
from guildhall.config.installation import (
    Installation,
    key_fingerprint,
    make_data_folder,
    open_installation,
    write_key,
)
from guildhall.config.launches import the_only_launcher
from guildhall.config.places import choose_data_folder
from guildhall.config.problems import Problem
from guildhall.config.up_to_date import refuse_later_version


def run(options: Namespace) -> int:
    """Restore, compare with the archive's manifest, and say how much came back and how long it took."""
    started = time.monotonic()
    manifest = read_manifest(options.file)
    refuse_later_version(manifest.migrations, f"{options.file} was written by")
    data = choose_data_folder(options.data, for_embedded_database=not real_server.is_chosen())
    make_data_folder(data)
    _settle_key(options, data / "key", manifest)
    with open_installation(options.data) as installation, the_only_launcher(installation.data):
        _refuse_other_logins(installation, manifest)
        _refuse_to_replace(installation, options)
        restore_archive(installation, options.file, manifest)
    rows = sum(table.rows for table in manifest.tables.values())
    print(
        f"Restored {options.file} of {manifest.made_at} into {data}: {len(manifest.tables)} tables, {rows:,} rows, "
        f"{len(manifest.files)} stored files, all as the archive says, in {time.monotonic() - started:.1f} s."
    )
    return 0


def _settle_key(options: Namespace, place: Path, manifest: Manifest) -> None:
    """Make sure, before anything is changed, that the archive's secrets can be read with the key that will be used."""
    key = os.environ.get("GUILDHALL_KEY") or _read_key(options.key or place)
    if key_fingerprint(key) != manifest.key_fingerprint:
        raise Problem(
            f"The archive was written with another key (its fingerprint is {manifest.key_fingerprint}): "
            "give the key file of that installation with --key FILE."
        )
    if options.key is not None and not (
        place.exists() and hmac.compare_digest(_read_key(place).encode(), key.encode())
    ):
        if place.exists() and not options.force:
            raise Problem(f"{place} holds another key: --force replaces it, and what it keeps secret is lost.")
        place.unlink(missing_ok=True)
        write_key(place, key)


def _read_key(file: Path) -> str:
    try:
        return file.read_text(errors="replace").strip()
    except FileNotFoundError:
        raise Problem(
            f"There is no key file {file}: give the one that was kept with the archive (--key FILE)."
        ) from None


def _refuse_to_replace(installation: Installation, options: Namespace) -> None:
    """On a server that somebody else runs, the database itself is theirs to make anew: nothing there is replaced."""
    if installation.cluster is None and has_tables(installation):
        raise Problem(
            "The database of DATABASE_URL is not empty: make a new one (docs/recipes/a-server-of-your-own.md) and "
            "restore into that."
        )
    if not options.force and (has_tables(installation) or any(installation.files.iterdir())):
        raise Problem(
            f"{installation.data} is in use: restore into another folder (--data), or replace what is there (--force)."
        )


def _refuse_other_logins(installation: Installation, manifest: Manifest) -> None:
    if login_names(installation) != manifest.logins:
        raise Problem(f"The archive's logins are called {manifest.logins}: use the same names here.")
