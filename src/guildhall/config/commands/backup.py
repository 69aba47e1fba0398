"""``./guildhall backup FILE``: the database and the stored files in one archive; the key stays apart."""

import time
from argparse import Namespace
from datetime import UTC, datetime

from guildhall.config.archive import appearing_when_complete, write_archive
from guildhall.config.installation import Installation
from guildhall.config.marks import read_marks
from guildhall.config.proof import prove_archive
from guildhall.config.up_to_date import refuse_other_key


def run(options: Namespace, installation: Installation) -> int:
    """Write the archive while everything goes on, read it back to prove it, and say how large it is."""
    started = time.monotonic()
    owner = installation.addresses["owner"]
    refuse_other_key(read_marks(owner), installation)
    with appearing_when_complete(options.file) as unfinished:
        manifest = write_archive(installation, unfinished, made_at=datetime.now(UTC).isoformat(timespec="seconds"))
        written = time.monotonic()
        if not options.without_proof:
            prove_archive(installation, unfinished, manifest)
    rows = sum(table.rows for table in manifest.tables.values())
    print(
        f"Wrote {options.file}: {options.file.stat().st_size / 1e6:.1f} MB, {len(manifest.tables)} tables, "
        f"{rows:,} rows, {len(manifest.files)} stored files, in {written - started:.1f} s."
    )
    if options.without_proof:
        print("It was NOT read back, as you asked: nobody knows yet whether it can be.")
    else:
        print(f"Read it back whole, and all was as it says, in {time.monotonic() - written:.1f} s.")
    where = installation.key_file if installation.key_file.exists() else "GUILDHALL_KEY"
    print(f"The installation's key is not in it: keep {where} apart, in a safe place. Without it, secrets are lost.")
    return 0
