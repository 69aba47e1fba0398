"""The API's own description is true: it names every address, and nothing answers otherwise, whatever is asked."""

import schemathesis
from bench.fuzz import fuzz
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.testing import Sender
from guildhall.notify.wire.guildhall_v1 import urls as ours
from guildhall.notify.wire.notify_v2 import urls
from guildhall.organisations.domain.keys import KeyKind

SECONDS = 20  # `./guildhall bench fuzz` tries for ten minutes
SENDING = {"/v2/notifications/email", "/v2/notifications/sms", "/v2/notifications/letter"}


def test_every_address_is_described(client: Client) -> None:
    described = client.get("/guildhall/v1/openapi.json").json()
    assert described["servers"] == [{"url": settings.BASE_URL}]
    served = {
        f"/{each.pattern}".replace("<str:", "{").replace("<number:", "{").replace(">", "}")
        for each in (*urls.urlpatterns, *ours.urlpatterns)
    }
    served = {
        path.replace("{message_id}", "{notification_id}").replace("{name}", "{notification_id}") for path in served
    }
    assert served - {"/v2/{path:rest}", "/v2/<path:rest}"} == set(described["paths"]) - SENDING
    assert get_resolver().resolve("/guildhall/v1/openapi.json")


def test_the_description_is_one(client: Client) -> None:
    schema = schemathesis.openapi.from_dict(client.get("/guildhall/v1/openapi.json").json())
    assert schema.validate() is None


def test_no_request_breaks_the_api_or_gets_an_undescribed_status(server: str, sender: Sender) -> None:
    with transaction():
        models.NotifyService.objects.filter(id=sender.id).update(requests_a_minute=10_000_000)
    forget_services()
    code, said = fuzz(
        server,
        keys=[sender.api_key(kind) for kind in KeyKind],
        templates={"email": str(sender.email), "sms": str(sender.text)},
        seconds=SECONDS,
    )
    assert code == 0, said
