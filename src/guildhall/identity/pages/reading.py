"""Where a person reads what councils write to them."""

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages.leading import see_other, wanted_page
from guildhall.design.pages.words import in_form
from guildhall.identity import operations, queries
from guildhall.identity.pages import questions, sessions
from guildhall.identity.pages.showing import show
from guildhall.identity.pages.ways import page
from guildhall.kernel.audiences import methods, signed_in


@signed_in
@methods("GET", "HEAD", "POST")
def where_to_read(request: HttpRequest) -> HttpResponse:
    """Ask whether messages go into the account instead of to the email address. Security codes are always emailed."""
    person = queries.get_person(sessions.get_signed_in(request).person_id)
    form = questions.where_to_read(in_account=person.reads_in_account)
    if request.method != "POST":
        return show(request, "identity/where-to-read.html", {"form": form})
    chosen = in_form(request, "where")
    if chosen not in ("email", "account"):
        form = form.refuse("where", questions.choose_where())
        return show(request, "identity/where-to-read.html", {"form": form})
    operations.choose_where_to_read(person.id, in_account=chosen == "account")
    return see_other(wanted_page(request) or page("security"))
