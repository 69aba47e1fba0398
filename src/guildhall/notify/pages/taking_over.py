"""Taking templates over from GOV.UK Notify, with a key of the service there."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, TextField, taking
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.notify.domain.api_key import NotAnApiKey
from guildhall.notify.operations.taking_over import take_over_templates
from guildhall.notify.pages.section import MAY_WRITE, service_at, show
from guildhall.notify.ports import SourceRefused, SourceUnreachable
from guildhall.organisations.pages.gate import person_at, visitor_at


@officers(*MAY_WRITE)
@methods("GET", "HEAD", "POST")
def take_over(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask for a key of the service at GOV.UK Notify, copy its templates, and tell what became of each."""
    here = service_at(service)
    form = Form(TextField("key", _("Key of the service at GOV.UK Notify"), spellcheck=False, takes=taking.as_it_is))
    if request.method != "POST":
        return show(request, here, "notify/take-over.html", {"form": form})
    form = form.read(request.POST)
    try:
        taken = take_over_templates(
            here.id,
            form.text("key"),
            saved_by=visitor_at(request).email,
            actor=person_at(request),
            now=clock.now(),
        )
    except NotAnApiKey:
        form = form.refuse("key", _("Enter the whole key, from its name to its last letter"))
    except SourceRefused:
        form = form.refuse("key", _("GOV.UK Notify does not accept this key: check that it has not been revoked"))
    except SourceUnreachable:
        words = _(
            "GOV.UK Notify does not answer. Nothing was copied. Try again in a few minutes. If it never answers, ask "
            "whoever runs this installation whether it may reach %(address)s."
        )
        form = form.refuse("", words % {"address": settings.GOVUK_NOTIFY})
    else:
        return show(request, here, "notify/taken-over.html", {"taken": taken})
    return show(request, here, "notify/take-over.html", {"form": form})
