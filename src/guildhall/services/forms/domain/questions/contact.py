"""Where somebody can be reached: an email address, a telephone number."""

from dataclasses import dataclass
from datetime import date

from guildhall.contact.email_address import NotAnEmailAddress, tidy_email_address
from guildhall.contact.telephone import NotATelephoneNumber, TelephoneTooLong, TelephoneTooShort, read_telephone
from guildhall.design.languages import Text
from guildhall.services.forms.domain.messages import blames
from guildhall.services.forms.domain.questions.asking import Checked, Question, Typed, good, identifier, one, refused


@dataclass(frozen=True)
class Email(Question):
    """An email address that notify can write to."""

    kind = "email"
    operators = frozenset({"is", "is_not", "is_longer_than", "is_shorter_than", "has_length", "is_answered"})

    def decide(self, typed: Typed, *, today: date) -> Checked:
        typed = one(typed)
        if not typed:
            return refused(blames("email", "email", "blank")) if self.is_required else good(None)
        try:
            return good(tidy_email_address(typed))
        except NotAnEmailAddress:
            return refused(blames("email", "email", "invalid_email"))


@dataclass(frozen=True)
class PhoneNumber(Question):
    """A telephone number, kept as it was typed: extensions and foreign numbers are numbers too."""

    kind = "phone_number"
    operators = frozenset({"is", "is_not", "is_answered"})

    def decide(self, typed: Typed, *, today: date) -> Checked:
        number = identifier(typed)
        if not number:
            return refused(self._blames("blank")) if self.is_required else good(None)
        try:
            return good(read_telephone(number))
        except TelephoneTooShort:
            return refused(self._blames("phone_too_short"))
        except TelephoneTooLong:
            return refused(self._blames("phone_too_long"))
        except NotATelephoneNumber:
            return refused(self._blames("invalid_phone_number"))

    def _blames(self, rule: str) -> Text:
        return blames("phone_number", "phone_number", rule)
