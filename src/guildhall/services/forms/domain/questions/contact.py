"""Where somebody can be reached: an email address, a telephone number."""

import re
from dataclasses import dataclass
from datetime import date

from guildhall.contact.email_address import NotAnEmailAddress, parse_email_address
from guildhall.design.languages import Text
from guildhall.services.forms.domain.messages import blames
from guildhall.services.forms.domain.questions.asking import Checked, Question, Typed, good, one, refused

_INVISIBLE = {ord(character): None for character in "\u180e\u200b\u200c\u200d\u2060\ufeff\u2028\u2029\u00a0\u202f"}
_TELEPHONE = re.compile(r"(?:[-()+.\s0-9]|x|ext|est)+", re.ASCII)


@dataclass(frozen=True)
class Email(Question):
    """An email address that notify can write to."""

    kind = "email"
    operators = frozenset({"is", "is_not", "is_longer_than", "is_shorter_than", "has_length", "is_answered"})

    def check(self, typed: Typed, *, today: date) -> Checked:
        address = one(typed).translate(_INVISIBLE).strip()
        if not address:
            return refused(blames("email", "email", "blank")) if self.is_required else good(None)
        try:
            parse_email_address(address)
        except NotAnEmailAddress:
            return refused(blames("email", "email", "invalid_email"))
        return good(address)


@dataclass(frozen=True)
class PhoneNumber(Question):
    """A telephone number, kept as it was typed: extensions and foreign numbers are numbers too."""

    kind = "phone_number"
    operators = frozenset({"is", "is_not", "is_answered"})

    def check(self, typed: Typed, *, today: date) -> Checked:
        number = one(typed)
        if not number:
            return refused(self._blames("blank")) if self.is_required else good(None)
        if not _TELEPHONE.fullmatch(number):
            return refused(self._blames("invalid_phone_number"))
        digits = sum(character.isdigit() for character in number)
        if digits < 8:
            return refused(self._blames("phone_too_short"))
        return refused(self._blames("phone_too_long")) if digits > 15 else good(number)

    def _blames(self, rule: str) -> Text:
        return blames("phone_number", "phone_number", rule)
