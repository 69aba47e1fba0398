"""The token that a request to GOV.UK Notify carries: signed with the service's secret, good for half a minute."""

from datetime import datetime

from joserfc import jwt
from joserfc.jwk import OctKey

from guildhall.notify.domain.api_key import ApiKey


def bearer(key: ApiKey, *, at: datetime) -> str:
    """Return the Authorization header of a request made at this moment."""
    claims = {"iss": key.service_id, "iat": int(at.timestamp())}
    return f"Bearer {jwt.encode({'alg': 'HS256', 'typ': 'JWT'}, claims, OctKey.import_key(key.secret))}"
