"""``./guildhall operator EMAIL``: let a registered person run the installation."""

from argparse import Namespace

from guildhall.config.installation import Installation
from guildhall.config.problems import Problem
from guildhall.contact.email_address import NotAnEmailAddress, parse_email_address
from guildhall.identity import queries
from guildhall.kernel import clock
from guildhall.organisations import operations as organisations


def run(options: Namespace, installation: Installation) -> int:
    """Make the person an operator, who then invites each council's first owner.

    :raises Problem: nobody has registered with that address.
    """
    try:
        person = queries.find_person_by_email(parse_email_address(options.email))
    except NotAnEmailAddress as refusal:
        raise Problem(f"{options.email} is not an email address.") from refusal
    if person is None:
        raise Problem(f"Nobody has registered with {options.email}: do that first, at {installation.base_url}.")
    organisations.make_operator(person.id, now=clock.now())
    print(f"{person.name} ({person.email}) may now run this installation, at {installation.base_url}/operator")
    return 0
