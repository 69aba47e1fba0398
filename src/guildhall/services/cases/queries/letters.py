"""What the emails about a case say, before they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from guildhall.design.languages import Text
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import reading
from guildhall.kernel.visitor import Language
from guildhall.notify import queries as notify
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.email_message import write_email
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.organisations import queries as organisations
from guildhall.services.cases.domain.letters import Letter, in_both
from guildhall.services.cases.queries.one import CaseView
from guildhall.services.tracking import queries as tracking


@dataclass(frozen=True)
class LetterView:
    """An email as the resident will read it. ``language`` is None when it is in both."""

    language: Language | None
    subject: str
    body: str


@reading
def preview(letter: Letter, case: CaseView, words: Mapping[str, Text]) -> LetterView:
    """Return the email that the resident of ``case`` would get, with the council's own wording of it."""
    template = notify.get_template_by_key(letter.key, of=NotifyServiceId(case.service_id))
    shown = template.pair.shown(case.language or "both", Channel.EMAIL)
    given = Personalisation(values(case.reference, case.title, words))
    email = write_email(shown.subject, shown.body, given)
    return LetterView(case.language, email.subject, email.plain_text)


def values(reference: str, title: Text, words: Mapping[str, Text]) -> dict[str, str]:
    """Return what fills a letter's placeholders: ``words``, and what every letter says."""
    council = organisations.get_council_by_id(current_organisation())
    names = Text(council.named("en"), council.named("cy"))
    return in_both(title=title, council=names, **words) | {"reference": reference, "link": tracking.link_to(reference)}
