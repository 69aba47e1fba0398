"""``./guildhall recount``: the sums of use made again from the acts, when ``doctor`` finds them wrong."""

from argparse import Namespace

from guildhall.config.installation import Installation
from guildhall.config.logins import logged_in_as
from guildhall.kernel.tenancy import acting_for
from guildhall.metering.operations import add_up_anew
from guildhall.metering.queries import count_wrong_days
from guildhall.organisations.queries import list_audited_councils


def run(options: Namespace, installation: Installation) -> int:
    """Add every council's days up anew, and say how many of them change. What was used does not change."""
    with logged_in_as("owner"):
        councils = list_audited_councils()
    mended = 0
    for council in councils:
        with acting_for(council):
            mended += count_wrong_days()
            add_up_anew()
    print(f"Added up the days of {len(councils)} councils; {mended} of them had been wrong.")
    return 0
