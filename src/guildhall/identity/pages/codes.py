"""Asking for a security code: the same question on every page that has it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from guildhall.identity.domain.code import read_code
from guildhall.identity.pages import questions
from guildhall.identity.pages.showing import show
from guildhall.identity.pages.wording import take, words_for
from guildhall.kernel.refusals import Invalid


def ask_for_code(
    request: HttpRequest, template: str, context: dict[str, Any], *, finish: Callable[[str], HttpResponse]
) -> HttpResponse:
    """Show a page with the question; when it is answered with six digits, finish, or say why they are refused."""
    form = questions.code()
    if request.method == "POST":
        form, code = take(form.read(request.POST), "code", read_code)
        if code:
            try:
                return finish(code)
            except Invalid as refusal:
                form = form.refuse("code", words_for(refusal))
    return show(request, template, context | {"form": form})
