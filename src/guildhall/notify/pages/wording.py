"""Words for what messages are made of, in both languages."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from guildhall.design.languages import Text
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.paper.characters import MOST_CHARACTERS_NAMED
from guildhall.notify.domain.template import LetterLanguage, Postage
from guildhall.organisations.domain.keys import KeyKind

CHANNELS = {
    Channel.EMAIL: Text("Email", "E-bost"),
    Channel.SMS: Text("Text message", "Neges destun"),
    Channel.LETTER: Text("Letter", "Llythyr"),
}
POSTAGES = {
    Postage.FIRST: Text("First class", "Dosbarth cyntaf"),
    Postage.SECOND: Text("Second class", "Ail ddosbarth"),
    Postage.ECONOMY: Text("Economy", "Economi"),
}
LETTER_LANGUAGES = {
    LetterLanguage.ENGLISH: Text("English only", "Saesneg yn unig"),
    LetterLanguage.WELSH_THEN_ENGLISH: Text("Welsh, then English", "Cymraeg, yna Saesneg"),
}
KEY_KINDS = {
    KeyKind.LIVE: Text("Live", "Byw"),
    KeyKind.TEAM: Text("Team and guests only", "Y tîm a’r gwesteion yn unig"),
    KeyKind.TEST: Text("Test", "Prawf"),
}


def no_letter_shows(characters: Sequence[str]) -> str:
    """Say which characters are the matter, where a letter cannot be printed because of them."""
    return _("Letters cannot show %(characters)s: leave them out or write them another way") % {
        "characters": " ".join(characters[:MOST_CHARACTERS_NAMED])
    }
