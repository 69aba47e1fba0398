"""The end of an email that can be unsubscribed from (contract: notify 2, unsubscribe flag)."""

from guildhall.notify.domain.template import Words

_LINK = {
    "en": "Unsubscribe from these emails",
    "cy": "Dad-danysgrifio o'r negeseuon e-bost hyn",
    "both": "Unsubscribe from these emails / Dad-danysgrifio o'r negeseuon e-bost hyn",
}


def with_unsubscribe_link(words: Words, url: str, *, language: str) -> Words:
    """Return an email's words with a link at their end.

    >>> with_unsubscribe_link(Words("News", "Hello"), "https://x.example/u", language="en").body
    'Hello\\n\\n---\\n\\n[Unsubscribe from these emails](https://x.example/u)'
    """
    return Words(words.subject, f"{words.body}\n\n---\n\n[{_LINK.get(language, _LINK['en'])}]({url})")
