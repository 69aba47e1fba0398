"""Which language a person is written to in."""

from django.http import HttpRequest, HttpResponse

from guildhall.design.languages import LANGUAGES
from guildhall.design.pages.leading import see_other, wanted_page
from guildhall.design.pages.speaking import remember
from guildhall.design.pages.words import in_form
from guildhall.identity import operations, queries
from guildhall.identity.pages import questions, sessions
from guildhall.identity.pages.showing import show
from guildhall.identity.pages.ways import page
from guildhall.kernel.audiences import methods, signed_in


@signed_in
@methods("GET", "HEAD", "POST")
def language(request: HttpRequest) -> HttpResponse:
    """Ask for the language; letters and pages are in it from then on."""
    person = queries.get_person(sessions.get_signed_in(request).person_id)
    if request.method != "POST":
        return show(request, "identity/language.html", {"form": questions.language(person.language)})
    chosen = in_form(request, "language")
    if chosen not in LANGUAGES:
        form = questions.language(person.language).refuse("language", questions.choose_a_language())
        return show(request, "identity/language.html", {"form": form})
    operations.change_language(person.id, chosen)
    response = see_other(wanted_page(request) or page("security"))
    remember(response, chosen)
    return response
