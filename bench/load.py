"""Programs that use the wire APIs with a key, as the official clients speak."""

import base64
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bench.harness import NoAnswer

SECONDS_TO_ANSWER = 20


@dataclass(frozen=True)
class Answer:
    """A status and the JSON that came with it."""

    status: int
    told: dict[str, Any]


@dataclass(frozen=True)
class Program:
    """A program with a key: Notify's key signs a token, Pay's is sent as it is."""

    base_url: str
    api_key: str

    def send_email(self, *, template: str, to: str, reference: str, values: Mapping[str, str]) -> Answer:
        wanted = {"template_id": template, "email_address": to, "reference": reference, "personalisation": dict(values)}
        return self._ask("POST", "/v2/notifications/email", self._token(), wanted)

    def get_template(self, template: str) -> Answer:
        return self._ask("GET", f"/v2/template/{template}", self._token())

    def create_payment(self, *, amount: int, reference: str, return_url: str) -> Answer:
        wanted = {"amount": amount, "reference": reference, "description": "Bench", "return_url": return_url}
        return self._ask("POST", "/v1/payments", self.api_key, wanted)

    def get_payment(self, payment_id: str) -> Answer:
        return self._ask("GET", f"/v1/payments/{payment_id}", self.api_key)

    def _ask(self, method: str, path: str, token: str, wanted: Mapping[str, Any] | None = None) -> Answer:
        """Send one request on a connection of its own.

        :raises NoAnswer: no answer, a broken one, or one of 500 and above.
        """
        place = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=SECONDS_TO_ANSWER)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(wanted) if wanted else None, headers)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as problem:
            raise NoAnswer(repr(problem)) from problem
        finally:
            connection.close()
        if response.status >= 500:
            raise NoAnswer(f"{response.status} {path}")
        return Answer(response.status, json.loads(text))

    def _token(self) -> str:
        """Notify's key ends with the service's id and the secret, 36 characters each."""
        service, secret = self.api_key[-73:-37], self.api_key[-36:]
        claims = {"iss": service, "iat": int(time.time())}
        signed = b".".join(_base64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, claims))
        seal = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
        return (signed + b"." + _base64(seal)).decode()


def _base64(words: bytes) -> bytes:
    return base64.urlsafe_b64encode(words).rstrip(b"=")
