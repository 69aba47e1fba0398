"""``./guildhall worker``: stored deliveries, periodic jobs, and the loops that claim rows."""

from argparse import Namespace
from contextlib import nullcontext

from guildhall.config import metrics, wiring
from guildhall.config.installation import Installation
from guildhall.config.metrics_port import WORKER, find_metrics_place
from guildhall.kernel import worker


def run(options: Namespace, installation: Installation) -> int:
    """Work until told to stop. Several workers may run: each row and each delivery is claimed by one of them."""
    place = find_metrics_place(WORKER)
    with metrics.told_at(place) if place else nullcontext():
        worker.work(wiring.LOOPS)
    return 0
