"""What the operator is told when a command cannot go on."""


class Problem(Exception):
    """One or two plain sentences for the operator: what is wrong, and what to do about it.

    Commands print it and leave with a non-zero exit, without a traceback. Anything else that
    escapes a command is a bug and keeps its traceback.
    """
