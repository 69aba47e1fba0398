"""A provider for tests: it answers by card number, always the same, and remembers what it did.

Like a real provider it keeps its own record, in its own transaction, and acts once for each key however often it is
asked; so it can be queried after a crash on our side.
"""

from guildhall.kernel.transactions import reading, transaction
from guildhall.pay.domain.cards import CardEntry, known_test_cards
from guildhall.pay.models import SandboxEffect
from guildhall.pay.ports import Act, Answer, Result

_ANSWERS = {
    "success": Result(Answer.SUCCEEDED),
    "declined": Result(Answer.DECLINED, "The payment was rejected"),
    "error": Result(Answer.FAILED, "This transaction could not be processed."),
}
_UNKNOWN_CARD = Result(Answer.FAILED, "Unsupported card details.")


class SandboxProvider:
    """Takes the published test cards and no money."""

    def authorise(self, act: Act, card: CardEntry) -> Result:
        known = known_test_cards().get(card.number)
        return _remember(act, "authorise", _ANSWERS[known.answer] if known else _UNKNOWN_CARD)

    def capture(self, act: Act) -> Result:
        return _remember(act, "capture", Result(Answer.SUCCEEDED))

    def cancel(self, act: Act) -> Result:
        return _remember(act, "cancel", Result(Answer.SUCCEEDED))

    @reading
    def query(self, act: Act) -> Result:
        done = SandboxEffect.objects.filter(key=act.key).first()
        return _told(done) if done else Result(Answer.NEVER_HEARD_OF)


@transaction
def _remember(act: Act, kind: str, result: Result) -> Result:
    effect = SandboxEffect(key=act.key, kind=kind, answer=result.answer.value, reason=result.reason)
    SandboxEffect.objects.bulk_create([effect], ignore_conflicts=True)
    return _told(SandboxEffect.objects.get(key=act.key))


def _told(done: SandboxEffect) -> Result:
    return Result(Answer(done.answer), done.reason, str(done.key) if done.kind == "authorise" else None)
