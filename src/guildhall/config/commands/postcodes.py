"""``./guildhall postcodes FILE``: postcodes from an edition of the ONS Postcode Directory."""

import time
from argparse import Namespace

from guildhall.account import operations as account
from guildhall.account.domain.directory import UnreadableDirectory
from guildhall.config.installation import Installation
from guildhall.config.problems import Problem


def run(options: Namespace, installation: Installation) -> int:
    """Load the file (the CSV, or the zip as published), so that residents find their council by postcode.

    :raises Problem: the file cannot be read or is no postcode directory; nothing is changed.
    """
    started = time.monotonic()
    try:
        imported = account.import_onspd(options.file)
    except FileNotFoundError as refusal:
        raise Problem(f"There is no file {options.file}.") from refusal
    except UnreadableDirectory as refusal:
        raise Problem(f"{options.file} is not an ONS Postcode Directory: {refusal}") from refusal
    seconds = time.monotonic() - started
    print(f"Read {imported.read:,} postcodes, {imported.written:,} new or changed, in {seconds:.1f} s.")
    return 0
