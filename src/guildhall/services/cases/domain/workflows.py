"""The workflows that come with Guildhall. A form names one, or embeds its own."""

import json
from functools import cache
from importlib.resources import files

from guildhall.kernel.refusals import NotFound
from guildhall.services.cases.domain.workflow import Workflow, parse

NAMES = ("bulky-waste", "grant")


class UnknownWorkflow(NotFound):
    """Guildhall carries no workflow of that name."""


@cache
def named(name: str) -> Workflow:
    """Return the workflow of that name.

    :raises UnknownWorkflow: there is none; ``NAMES`` lists those there are.
    """
    if name not in NAMES:
        raise UnknownWorkflow(f"there is no workflow called “{name}”; there are {', '.join(NAMES)}")
    source = files("guildhall.services.cases") / "data" / "workflows" / f"{name}.json"
    return parse(json.loads(source.read_text(encoding="utf-8")))
