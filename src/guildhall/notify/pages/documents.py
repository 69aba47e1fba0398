"""A file that was sent by email, for whoever has the link: prove whose email address it is, then take it."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import EmailField, Form
from guildhall.design.pages import render
from guildhall.design.pages.downloads import saved_as
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import link_holders, methods
from guildhall.kernel.ids import ServiceId
from guildhall.kernel.networks import network_of
from guildhall.kernel.secrets import BrokenSeal, seal, unseal
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.document import DocumentAddress, read_id, read_key
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.operations.documents import WrongEmail, prove_email
from guildhall.notify.queries import NotifyServiceNotFound, get_notify_service
from guildhall.notify.queries.documents import DocumentGone, Opened, open_document
from guildhall.organisations.queries import find_organisation_of_service, get_council_by_id

_PROOF = "guildhall.notify.document-proof"
_PROOF_LASTS = timedelta(hours=1)

Page = Callable[..., HttpResponse]
DocumentPage = Callable[[HttpRequest, DocumentAddress, Opened], HttpResponse]


def page_of_a_document(*answered: str) -> Callable[[DocumentPage], Page]:
    """Show a page about a file, in the name of the council that sent it; or that there is nothing for this link."""

    def decorate(view: DocumentPage) -> Page:
        @methods(*answered)
        @link_holders
        @wraps(view)
        def shown(request: HttpRequest, service: str, document: str) -> HttpResponse:
            address = _address(service, document, in_address(request, "key"))
            organisation = find_organisation_of_service(ServiceId(address.service_id)) if address else None
            if address is None or organisation is None:
                return _gone(request)
            with acting_for(organisation):
                request.council = get_council_by_id(organisation)  # type: ignore[attr-defined]
                try:
                    return _unseen(view(request, address, open_document(address, now=clock.now())))
                except DocumentGone:
                    return _gone(request, whom_to_ask(address))

        return shown

    return decorate


@page_of_a_document("GET", "HEAD", "POST")
def document(request: HttpRequest, address: DocumentAddress, opened: Opened) -> HttpResponse:
    """Say what the file is and how to get it; ask for the email address first where its sender wants that."""
    if not opened.asks_for_email:
        return _ready(request, address, opened)
    form = Form(EmailField("email", _("Email address")))
    if request.method == "POST":
        form = form.read(request.POST)
        try:
            prove_email(address, form.text("email"), network=network_of(request.META), now=clock.now())
        except WrongEmail:
            return _asked(request, form.refuse("email", _("Enter the email address that the file was sent to")))
        return _ready(request, address, opened)
    return _asked(request, form)


@page_of_a_document("GET", "HEAD")
def download(request: HttpRequest, address: DocumentAddress, opened: Opened) -> HttpResponse:
    """Hand the file over. It is saved, never shown: what is in it must not run as if it were a page of ours."""
    if opened.asks_for_email and not _is_proved(address, in_address(request, "proof", longest=1_000)):
        return _asked(request, Form(EmailField("email", _("Email address"))))
    headers = {**saved_as(opened.name), "Cache-Control": "private, no-store"}
    return HttpResponse(opened.content, content_type=opened.media_type, headers=headers)


def whom_to_ask(address: DocumentAddress) -> str:
    """Return how to reach the service that sent a file: an address of a page or of mail, or a phone number."""
    try:
        return get_notify_service(NotifyServiceId(address.service_id)).files_contact
    except NotifyServiceNotFound:
        return ""


def _address(service: str, document: str, key: str) -> DocumentAddress | None:
    service_id, document_id, opening = read_id(service), read_id(document), read_key(key)
    if service_id is None or document_id is None or opening is None:
        return None
    return DocumentAddress(service_id, document_id, opening)


def _ready(request: HttpRequest, address: DocumentAddress, opened: Opened) -> HttpResponse:
    proof = {"proof": seal(str(address.document_id), _PROOF)} if opened.asks_for_email else {}
    words = {"key": in_address(request, "key"), **proof}
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    link = f"{reverse('notify:download-document', kwargs=kwargs)}?{urlencode(words)}"
    contact = whom_to_ask(address)
    return render(request, "notify/document.html", {"document": opened, "download": link, "contact": contact})


def _asked(request: HttpRequest, form: Form) -> HttpResponse:
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    action = f"{reverse('notify:document', kwargs=kwargs)}?{urlencode({'key': in_address(request, 'key')})}"
    return render(request, "notify/document-email.html", {"form": form, "action": action})


def _gone(request: HttpRequest, contact: str = "") -> HttpResponse:
    return _unseen(render(request, "notify/document-gone.html", {"contact": contact}, status=404))


def _is_proved(address: DocumentAddress, proof: str) -> bool:
    try:
        return unseal(proof, _PROOF, kept_for=_PROOF_LASTS) == str(address.document_id)
    except BrokenSeal:
        return False


def _unseen(response: HttpResponse) -> HttpResponse:
    """Keep the page out of search engines: its address holds the key."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
