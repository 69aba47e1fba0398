"""Looking something up by its reference and an email address, as people type them, a few times."""

from datetime import timedelta

from guildhall.kernel.limits import Limit
from guildhall.kernel.text import clean_identifier

ON_A_THING = Limit(tries=10, counted_for=timedelta(hours=1))
ON_A_NETWORK = Limit(tries=100, counted_for=timedelta(hours=1))
"""A library or an advice centre, where many look, types a wrong pair now and then; a guesser types nothing else."""


def normalised_reference(typed: str) -> str:
    """Read a reference however it was typed: in small letters, in groups, with dashes.

    >>> normalised_reference(" hk2 de-5rt ")
    'HK2DE5RT'
    """
    return "".join(letter for letter in clean_identifier(typed).upper() if letter.isalnum())
