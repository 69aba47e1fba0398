"""``./guildhall backup FILE``: the database and the stored files in one archive; the key stays apart."""

import time
from argparse import Namespace
from datetime import UTC, datetime

from guildhall.config.archive import write_archive
from guildhall.config.installation import Installation
from guildhall.config.marks import read_marks
from guildhall.config.up_to_date import refuse_other_key


def run(options: Namespace, installation: Installation) -> int:
    """Write the archive while everything goes on, and say how large it is and how long it took."""
    started = time.monotonic()
    refuse_other_key(read_marks(installation.addresses["owner"]), installation)
    manifest = write_archive(installation, options.file, made_at=datetime.now(UTC).isoformat(timespec="seconds"))
    rows = sum(table.rows for table in manifest.tables.values())
    print(
        f"Wrote {options.file}: {options.file.stat().st_size / 1e6:.1f} MB, {len(manifest.tables)} tables, "
        f"{rows:,} rows, {len(manifest.files)} stored files, in {time.monotonic() - started:.1f} s."
    )
    where = installation.key_file if installation.key_file.exists() else "GUILDHALL_KEY"
    print(f"The installation's key is not in it: keep {where} apart, in a safe place. Without it, secrets are lost.")
    return 0
