"""A service's letters: what waits for the printer, what could not be printed, what came back; and each as a PDF."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import FileField, Form, Option, RadiosField
from guildhall.design.pages.downloads import saved_as, shown_as
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.outside import whole_number
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, TemplateId
from guildhall.notify.domain.letter_report import LARGEST_REPORT, NothingReported, Report, ReportTooLarge, read_report
from guildhall.notify.domain.letter_timing import LetterClass, letter_timing, pick_up_of
from guildhall.notify.domain.paper.printing import UNPRINTABLE
from guildhall.notify.operations.letters.cancelling import LetterGone, cancel_letter
from guildhall.notify.operations.letters.reporting import take_report
from guildhall.notify.pages.letters.wording import CLASSES, PROBLEMS
from guildhall.notify.pages.section import MAY_LOOK, MAY_SEND, service_at, show
from guildhall.notify.pages.templates import is_offered
from guildhall.notify.queries.letters import (
    LetterInfected,
    LetterNotPrintable,
    LetterNotReady,
    NotALetter,
    get_letter_paper,
    preview_letter,
)
from guildhall.notify.queries.sent import Sought, list_sent
from guildhall.organisations.pages.gate import person_at

SHOWN = 50
_NO_PDF = (NotALetter, LetterInfected, LetterNotPrintable, LetterNotReady)


@officers(*MAY_LOOK)
def letters(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Show what waits for the printer, what could not be printed and what came back."""
    here, now = service_at(service), clock.now()
    found = {
        name: list_sent(Sought(of=here.id, channels=(Channel.LETTER,), statuses=statuses), size=SHOWN)
        for name, statuses in _LISTS.items()
    }
    facts = {
        **found,
        "pick_up": pick_up_of(now),
        "expected": {each.id: _expected(each.accepted_at, each.postage) for each in found["waiting"]},
        "classes": CLASSES,
        "reasons": {str(problem): words for problem, words in PROBLEMS.items()},
        "done": in_address(request, "done"),
        "number": whole_number(in_address(request, "number")) or 0,
    }
    return show(request, here, "notify/letters.html", facts)


@methods("POST")
@officers(*MAY_SEND)
def cancel(request: HttpRequest, council: str, service: str, message_id: UUID) -> HttpResponse:
    """Take a letter back before it is picked up."""
    here = service_at(service)
    try:
        cancel_letter(MessageId(message_id), of=here.id, actor=person_at(request), now=clock.now())
    except LetterGone:
        return _back(council, here.slug, "gone")
    return _back(council, here.slug, "cancelled")


@officers(*MAY_SEND)
@methods("GET", "HEAD", "POST")
def report(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Take in a file in which the printer or the post says what became of letters."""
    here, form = service_at(service), _report_form()
    if request.method == "POST":
        form, sent = form.read(request.POST), request.FILES.get("file")
        if not is_offered(form, "said"):
            form = form.refuse("said", _("Select what the file says"))
        if sent is None or not hasattr(sent, "read"):
            form = form.refuse("file", _("Select a file"))
        if not form.is_refused and sent is not None:
            try:
                named = read_report(sent.read(LARGEST_REPORT + 1))
                said = Report(form.text("said"))
                taken = take_report(named, said, of=here.id, actor=person_at(request), now=clock.now())
                return _back(council, here.slug, str(said), number=taken.letters)
            except NothingReported:
                form = form.refuse(
                    "file", _("The file names no letters. Each line needs a letter’s ID or its file name")
                )
            except ReportTooLarge:
                form = form.refuse("file", _("The file is too large: upload at most 20,000 letters at a time"))
    return show(request, here, "notify/letter-report.html", {"form": form})


@officers(*MAY_LOOK)
def sent_pdf(request: HttpRequest, council: str, service: str, message_id: UUID) -> HttpResponse:
    """Show a letter as it is printed. One that only came is saved, not shown: what is in it is a stranger's."""
    try:
        paper = get_letter_paper(MessageId(message_id), of=service_at(service).id)
    except _NO_PDF as refusal:
        raise Http404("there is nothing to print") from refusal
    if paper.is_as_it_came:
        return HttpResponse(paper.pdf, content_type="application/pdf", headers=saved_as(f"{message_id}.pdf"))
    return _pdf(paper.pdf, f"{message_id}.pdf")


@officers(*MAY_LOOK)
def template_pdf(request: HttpRequest, council: str, service: str, template_id: UUID, version: int = 0) -> HttpResponse:
    """Show a template's letter with its gaps marked."""
    here = service_at(service)
    template = queries.get_template(TemplateId(template_id), of=here.id, version=version or None)
    if template.channel is not Channel.LETTER:
        raise Http404("the template is no letter")
    try:
        printed = preview_letter(template, day=clock.london_day(clock.now()))
    except UNPRINTABLE as refusal:
        raise Http404("the letter cannot be printed") from refusal
    return _pdf(printed.pdf, f"{template_id}.pdf")


_LISTS = {
    "waiting": (Status.CREATED, Status.PENDING_VIRUS_CHECK),
    "failed": (Status.VALIDATION_FAILED, Status.VIRUS_SCAN_FAILED, Status.TECHNICAL_FAILURE, Status.PERMANENT_FAILURE),
    "returned": (Status.RETURNED_LETTER,),
}


def _expected(accepted_at: datetime, postage: str) -> datetime:
    return letter_timing(accepted_at, LetterClass(postage)).earliest_delivery


def _report_form() -> Form:
    said = [
        Option(str(Report.PRINTED), _("These letters were printed and posted")),
        Option(str(Report.RETURNED), _("These letters came back")),
    ]
    hint = _("CSV or text: each line with a letter’s ID or the name of its file")
    return Form(
        RadiosField("said", _("What does the file say?"), options=said),
        FileField("file", _("Upload a report"), hint, accept=".csv,.txt,.tsv,.json"),
    )


def _back(council: str, service: str, done: str, *, number: int = 0) -> HttpResponse:
    address = reverse("notify:letters", kwargs={"council": council, "service": service})
    return lead_to(f"{address}?done={done}" + (f"&number={number}" if number else ""))


def _pdf(content: bytes, name: str) -> HttpResponse:
    """Show a PDF in the browser's own viewer."""
    return HttpResponse(content, content_type="application/pdf", headers=shown_as(name))
