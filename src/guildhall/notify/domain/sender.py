"""Under what name a service's messages arrive."""

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def email_local_part(service_name: str) -> str:
    """Return what stands before the @ in a service's address.

    >>> email_local_part("Service - with dash"), email_local_part("üńïçödë wördś")
    ('service.with.dash', 'unicode.words')
    """
    decomposed = unicodedata.normalize("NFD", service_name)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character)).lower()
    dotted = re.sub(r"\s+", ".", plain.strip())
    kept = "".join(character for character in dotted if character.isalnum() or character == ".")
    return re.sub(r"\.{2,}", ".", kept).strip(".")
