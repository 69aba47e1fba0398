"""``Idempotency-Key``: how a program names its request, so that sending it again changes nothing. Ours, and opt-in."""

import hashlib

from guildhall.kernel.fast_path import Request
from guildhall.notify.operations import Repeat
from guildhall.notify.wire.notify_v2.refusals import Malformed

HEADER = "HTTP_IDEMPOTENCY_KEY"
LONGEST = 255


def read_repeat(request: Request, body: bytes) -> Repeat | None:
    """Return the request's name with a digest of its address and body; None where the program gave no name.

    :raises Malformed: the name is empty, too long, or not plain text.
    """
    name = request.find_header(HEADER)
    if name is None:
        return None
    if not 1 <= len(name) <= LONGEST or not name.isascii() or not name.isprintable():
        raise Malformed(f"Idempotency-Key must be 1 to {LONGEST} plain characters")
    return Repeat(name, hashlib.sha256(request.path.encode() + b"\n" + body).digest())
