"""A hint that says again what its question says loses the repetition."""

from guildhall.services.forms.domain.guidance import plain
from guildhall.services.forms.domain.xgov.source import Words

_NOT_COMPARED = " .:;?!*–-"


def without_repetition(hint: Words, *said: Words) -> Words:
    """Return a hint without the lines that are, in the same language, one of the texts it stands beneath."""
    kept = {language: _kept(guidance, [each.get(language, "") for each in said]) for language, guidance in hint.items()}
    if not kept.get("en"):
        return {}
    return {language: words for language, words in kept.items() if words}


def _kept(guidance: str, said: list[str]) -> str:
    heard = {_compared(words) for words in said} - {""}
    lines = [line for line in guidance.split("\n\n") if _compared(plain(line)) not in heard]
    return "\n\n".join(lines).strip()


def _compared(words: str) -> str:
    return " ".join(words.casefold().split()).strip(_NOT_COMPARED)
