"""Words for what messages are made of, in both languages."""

from guildhall.design.languages import Text
from guildhall.notify.domain.delivery import Channel
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
