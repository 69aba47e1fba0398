"""``./guildhall worker``: stored deliveries, periodic jobs, and the loops that claim rows."""

from argparse import Namespace

from guildhall.config import metrics, wiring
from guildhall.config.installation import Installation
from guildhall.config.metrics_port import find_place
from guildhall.kernel import worker


def run(options: Namespace, installation: Installation) -> int:
    """Work until told to stop. Several workers may run: each row and each delivery is claimed by one of them."""
    if place := find_place(after=1):
        metrics.serve_worker(place)
    worker.work(wiring.LOOPS)
    return 0
