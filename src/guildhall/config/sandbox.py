"""The sandbox council: two live services, officers and keys, composed from the modules' operations.

All of it is derived from the installation's key, so composing it again changes nothing, and showing it prints the same
credentials each time.
"""


def compose_sandbox() -> None:
    """Make sure that the sandbox council exists, with all that belongs to it."""
