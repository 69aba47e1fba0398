"""A sending service with keys and templates, for other modules' tests and our own."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from functools import cached_property

from guildhall.kernel import clock
from guildhall.kernel.ids import ServiceId
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import NotifyServiceId, TemplateId
from guildhall.notify.operations import Pair, Words
from guildhall.notify.operations.templates import Author
from guildhall.organisations import operations as organisations
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.operations import WantedKey
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_service

AUTHOR = Author(None, "officer@testford.example")


@dataclass(frozen=True)
class Sender:
    """A notify service with a live key. Templates, and keys of other kinds, are made when asked for."""

    council: Council
    service_id: ServiceId
    id: NotifyServiceId
    _made: dict[KeyKind, str] = field(default_factory=dict)

    def secret(self, kind: KeyKind = KeyKind.LIVE) -> str:
        """Return the secret of the key of a kind."""
        if kind not in self._made:
            wanted = WantedKey(self.service_id, Platform.NOTIFY, kind, f"{kind} key")
            with acting_for(self.council.id):
                self._made[kind] = organisations.create_key(wanted, actor=None, now=clock.now()).secret
        return self._made[kind]

    @cached_property
    def email(self) -> TemplateId:
        """The template of an email, ``Hello ((name))``."""
        words = Words("About ((thing))", "Hello ((name))\n\nIt is ready."), Words("Am ((thing))", "Helo ((name))")
        return self._add_template(Channel.EMAIL, "An email", Pair(*words))

    @cached_property
    def text(self) -> TemplateId:
        """The template of a text, ``Hello ((name))``."""
        return self._add_template(Channel.SMS, "A text", Pair(Words("", "Hello ((name))"), Words("", "Helo ((name))")))

    def with_templates(self) -> "Sender":
        """Make both templates now, for what lists them."""
        _ = self.email, self.text
        return self

    def _add_template(self, channel: Channel, name: str, pair: Pair) -> TemplateId:
        with acting_for(self.council.id):
            return operations.add_template(
                notify_service_id=self.id, channel=channel, name=name, pair=pair, by=AUTHOR, now=clock.now()
            ).id

    def api_key(self, kind: KeyKind = KeyKind.LIVE) -> str:
        """Return the key as clients are given it: name, service and secret in one word."""
        return f"{kind}-key-{self.id}-{self.secret(kind)}"

    def bearer(self, kind: KeyKind = KeyKind.LIVE, *, at: float | None = None) -> str:
        """Return the header that a client sends with a request made ``at`` a moment, now unless told."""
        issued_at = int(clock.now().timestamp() if at is None else at)
        return sign({"iss": str(self.id), "iat": issued_at}, self.secret(kind))


def make_sender(council: Council, *, is_live: bool = True, slug: str = "bulky-waste") -> Sender:
    """Give a council a service that sends."""
    service = make_service(council, slug=slug)
    with acting_for(council.id), transaction():
        sender = operations.ensure_notify_service(service.id, "Bulky waste", is_live=is_live)
    made = Sender(council, service.id, sender)
    made.secret(KeyKind.LIVE)
    return made


def sign(claims: dict[str, object], secret: str, *, algorithm: str = "HS256") -> str:
    """Return an Authorization header with a token of these claims."""
    digest = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}[algorithm]
    signed = b".".join(_segment(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": algorithm}, claims))
    signature = _segment(hmac.new(secret.encode(), signed, digest).digest())
    return f"Bearer {(signed + b'.' + signature).decode()}"


def _segment(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
