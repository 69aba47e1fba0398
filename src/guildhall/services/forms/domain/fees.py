"""What is due, in pence, and for what."""

from dataclasses import dataclass

from guildhall.design.languages import Text
from guildhall.kernel.money import Pence
from guildhall.services.forms.domain.conditions import Facts
from guildhall.services.forms.domain.definition import Fee, FormDefinition
from guildhall.services.forms.domain.journey import Answers, facts_of


@dataclass(frozen=True)
class Charge:
    """One line of the bill."""

    description: Text
    times: int
    each: Pence

    @property
    def amount(self) -> Pence:
        return Pence(self.times * self.each)


def charges(form: FormDefinition, answers: Answers) -> tuple[Charge, ...]:
    """Return what is charged for the answers of a journey. Answers that are off its path must not be among them."""
    facts = facts_of(form, answers)
    made = (Charge(fee.description, _times(fee, facts), fee.amount) for fee in form.fees if _is_due(fee, facts))
    return tuple(charge for charge in made if charge.times)


def amount_due(form: FormDefinition, answers: Answers) -> Pence:
    """Return the whole sum."""
    return Pence(sum(charge.amount for charge in charges(form, answers)))


def _is_due(fee: Fee, facts: Facts) -> bool:
    return fee.when is None or fee.when.holds(facts)


def _times(fee: Fee, facts: Facts) -> int:
    if not fee.multiply_by:
        return 1
    counted = facts.get(fee.multiply_by, ())
    return len(counted) if isinstance(counted, tuple) else int(counted)  # type: ignore[arg-type]
