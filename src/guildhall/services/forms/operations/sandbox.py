"""The two forms that the sandbox council has online from its first start."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from guildhall.design.languages import Text
from guildhall.kernel.ids import ServiceId
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import transaction
from guildhall.organisations import operations as organisations
from guildhall.pay import operations as pay
from guildhall.services.forms import models
from guildhall.services.forms.domain.definition import fingerprint
from guildhall.services.forms.domain.xgov import import_xgov
from guildhall.services.forms.operations.versions import NewVersion, add_version_within, publish_within

ACTOR = "sandbox"


SERVICES: Mapping[str, organisations.NewService] = {
    "bulky-waste": organisations.NewService(
        "bulky-waste",
        Text("Bulky waste collection", "Casglu gwastraff swmpus"),
        Text(
            "Have large things taken away from your home, such as furniture and fridges.",
            "Cael gwared ar bethau mawr o’ch cartref, fel dodrefn ac oergelloedd.",
        ),
    ),
    "community-grant": organisations.NewService(
        "community-grant",
        Text("Community ownership grant", "Grant perchnogaeth gymunedol"),
        Text(
            "Tell us what you would use a grant for, before you apply for one.",
            "Dywedwch wrthym at beth y byddech yn defnyddio grant, cyn i chi wneud cais am un.",
        ),
    ),
}
"""What the sandbox council offers, by address."""


def ensure_form(service_slug: str, *, now: datetime) -> ServiceId:
    """Put one of the sandbox's forms online in the current council, with its service and an account for its payments.

    Saying it again changes nothing, also where the council has since published or archived something else; a definition
    of ours that has changed is published as the next version.
    """
    service = organisations.ensure_service(SERVICES[service_slug], actor=ACTOR, now=now)
    document, source = _DEFINITIONS[service_slug]()
    if document.get("fees"):
        pay.ensure_pay_account(service.id, service.name.en)
    _ensure_published(NewVersion(service.id, document, source), now=now)
    return service.id


@transaction
def _ensure_published(new: NewVersion, *, now: datetime) -> None:
    """Publish a definition that the service never had. One that somebody has since replaced or archived stays so."""
    had = own_rows(models.FormVersion).filter(service_id=new.service_id, sha256=fingerprint(new.document))
    if not had.exists():
        publish_within(add_version_within(new, actor=ACTOR, now=now), actor=ACTOR, now=now)


def _bulky_waste() -> tuple[Mapping[str, Any], str]:
    return _read("bulky-waste.json"), "guildhall"


def _community_grant() -> tuple[Mapping[str, Any], str]:
    english, welsh = _read("xgov/your-funding-request.json"), _read("xgov/eich-cais-am-gyllid.json")
    return import_xgov(english, welsh, workflow="grant").document, "xgov"


_DEFINITIONS: Mapping[str, Callable[[], tuple[Mapping[str, Any], str]]] = {
    "bulky-waste": _bulky_waste,
    "community-grant": _community_grant,
}


def _read(name: str) -> Any:
    return json.loads((files("guildhall.services.forms") / "data" / name).read_text(encoding="utf-8"))
