"""A program that asks for payments, with a key and without a library."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from guildhall.kernel import clock
from guildhall.kernel.ids import ServiceId
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_service
from guildhall.pay import operations
from guildhall.pay.domain.ids import PayAccountId

USUAL = {
    "amount": 2500,
    "reference": "BW-1",
    "description": "Bulky waste collection",
    "return_url": "https://service.example/return",
}


@dataclass
class PayClient:
    """A program with a key."""

    key: str
    service_id: ServiceId
    account: PayAccountId

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return Client().post(path, data=body, content_type="application/json", headers=self._headers() | headers)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return Client().get(path, headers=self._headers() | headers)

    def create(self, **changes: Any) -> HttpResponse:
        return self.post("/v1/payments", USUAL | changes)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def make_client(council: Council, slug: str = "bulky-waste") -> PayClient:
    """Give a council's service an account and a key. To be called while acting for the council."""
    service = make_service(council, slug)
    account = operations.ensure_pay_account(service.id, "Bulky waste")
    key = operations.issue_key(service.id, "test", "tests", actor=None, now=clock.now())
    return PayClient(key, service.id, account)
