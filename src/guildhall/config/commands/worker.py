"""``./guildhall worker``: stored deliveries, periodic jobs, and the loops that claim rows."""

from argparse import Namespace

from guildhall.config import wiring
from guildhall.config.installation import Installation
from guildhall.kernel import worker


def run(options: Namespace, installation: Installation) -> int:
    """Work until told to stop. Several workers may run: each row and each delivery is claimed by one of them."""
    worker.work(wiring.LOOPS)
    return 0
