"""A visitor is sent on from one place only, which knows where they may be sent (``design/pages/leading.py``)."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.test_the_code import PACKAGE, imported, modules
from tests.code import nodes_of

THE_ONE_PLACE = "design/pages/leading.py"
MAKES_REDIRECTS = {
    "django.http.HttpResponseRedirect",
    "django.http.HttpResponsePermanentRedirect",
    "django.http.response.HttpResponseRedirect",
    "django.http.response.HttpResponsePermanentRedirect",
    "django.http.response.HttpResponseRedirectBase",
    "django.shortcuts.redirect",
    "django.shortcuts",
    "django.views.generic.RedirectView",
    "django.views.generic.base.RedirectView",
    "django.utils.http.url_has_allowed_host_and_scheme",
}
# The Pay API answers 201 with the address of what was made, which no browser follows (pay contract 3).
NAMES_WHAT_WAS_MADE = "pay/wire/pay_v1/views.py"
# The way back to a service, which its program gave with its key.
LEADS_AWAY = {THE_ONE_PLACE, "pay/pages/paying.py"}
NAMES_A_PAGE = {
    "next",
    "back",
    "return",
    "return_to",
    "return_url",
    "returnto",
    "redirect",
    "redirect_to",
    "redirect_uri",
}
NAMES_A_PAGE |= {"goto", "continue", "dest", "destination", "target", "wanted", "forward", "callback", "referer"}
NAMES_A_PAGE |= {"http_referer", "came_from", "url", "uri", "path", "href", "link", "list"}
# The filters of a list: they are put behind the list's own address, and the whole is looked at.
READS_FILTERS = {"services/cases/pages/leading.py"}


def elsewhere(*places: str) -> Iterator[tuple[str, ast.Module]]:
    return ((place.as_posix(), tree) for place, tree in modules() if place.as_posix() not in places)


def texts(tree: ast.AST) -> Iterator[str]:
    return (node.value for node in nodes_of(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def statuses(tree: ast.AST) -> Iterator[int]:
    """Find every status that a response of the code is given: ``status=…`` and ``….status_code = …``."""
    nodes = list(nodes_of(tree))
    given = [node.value for node in nodes if isinstance(node, ast.keyword) and node.arg == "status"]
    given += [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith("status_code")
    ]
    return (each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, int))


def parameters(tree: ast.AST) -> Iterator[str]:
    """Find the names under which the code reads what a request says: ``request.GET.get("next")``, ``META["…"]``."""
    sources = ("GET", "POST", "META", "headers", "COOKIES")
    for node in nodes_of(tree):
        name: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner = node.func.value
            name = node.args[0] if node.func.attr in ("get", "getlist", "pop") else None
        elif isinstance(node, ast.Subscript):
            owner, name = node.value, node.slice
        if isinstance(name, ast.Constant) and isinstance(owner, ast.Attribute) and owner.attr in sources:
            yield str(name.value).lower()


def test_redirects_are_made_in_one_place():
    makers = [
        f"{place} imports {name}"
        for place, tree in elsewhere(THE_ONE_PLACE)
        for name in MAKES_REDIRECTS & {*imported(tree)}
    ]
    headers = [place for place, tree in elsewhere(NAMES_WHAT_WAS_MADE) if "location" in map(str.lower, texts(tree))]
    led = [
        f"{place} answers {code}"
        for place, tree in elsewhere(THE_ONE_PLACE)
        for code in statuses(tree)
        if 300 <= code < 400
    ]
    assert (makers, headers, led) == ([], [], [])


def test_only_payments_lead_to_another_site():
    assert [
        place for place, tree in elsewhere(*LEADS_AWAY) if "guildhall.design.pages.leading.lead_away" in imported(tree)
    ] == []


def test_what_a_request_says_about_where_to_go_is_read_in_one_place():
    found = [
        f"{place} reads {name}"
        for place, tree in elsewhere(THE_ONE_PLACE, *READS_FILTERS)
        if "/wire/" not in place
        for name in parameters(tree)
        if name in NAMES_A_PAGE
    ]
    assert found == []


def test_pages_link_to_themselves_by_an_address_that_is_safe():
    """A path may begin with two slashes, which as a link is another host; ``this_page`` is the path as a link."""
    pages = list(PACKAGE.rglob("*.html"))
    links = re.compile(r"""(?:href|action|src)=["'][^"']*request\.(?:path|get_full_path|build_absolute_uri)""")
    assert [page.name for page in pages if links.search(page.read_text(encoding="utf-8"))] == []
