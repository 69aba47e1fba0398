"""What is secure follows from the base URL, which the settings read once; a request says nothing true about it.

Behind a proxy every request comes in plain, and whoever is on the line can say that it did not.
"""

import ast

from tests.architecture.test_the_code import modules
from tests.code import nodes_of

KEEPS_COOKIES = "design/pages/cookies.py"
SETTINGS = "config/settings.py"
ASKS_THE_REQUEST = {"is_secure", "scheme", "_get_scheme", "build_absolute_uri", "get_host", "get_raw_uri"}
TOUCHES_COOKIES = {"set_cookie", "set_signed_cookie", "get_signed_cookie", "delete_cookie", "COOKIES", "cookies"}
ONLY_A_PROXY_KNOWS = {"wsgi.url_scheme", "http_x_forwarded_proto", "x-forwarded-proto", "forwarded", "http_forwarded"}
ONLY_A_PROXY_KNOWS |= {"http_x_forwarded_host", "x-forwarded-host", "set-cookie", "strict-transport-security"}
READ_BY_DJANGO = {"SECURE_PROXY_SSL_HEADER", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"}


def attributes(tree: ast.AST) -> set[str]:
    """Find what is asked of things; of ``scheme`` and ``cookies`` only a request's and a response's."""
    return {
        node.attr
        for node in nodes_of(tree)
        if isinstance(node, ast.Attribute)
        if node.attr not in ("scheme", "cookies") or ast.unparse(node.value).endswith(("request", "response"))
    }


def test_no_request_is_asked_whether_it_is_secure():
    asked = [f"{place} asks {name}" for place, tree in modules() for name in attributes(tree) & ASKS_THE_REQUEST]
    told = [
        f"{place}:{node.lineno} reads {node.value}"
        for place, tree in modules()
        for node in nodes_of(tree)
        if isinstance(node, ast.Constant) and str(node.value).lower() in ONLY_A_PROXY_KNOWS
        if place.as_posix() != "design/pages/policy.py"
    ]
    assert (asked, told) == ([], [])


def test_cookies_are_given_and_read_in_one_place():
    touched = [
        f"{place} uses {name}"
        for place, tree in modules()
        if place.as_posix() != KEEPS_COOKIES and place.name != "testing.py"
        for name in attributes(tree) & TOUCHES_COOKIES
    ]
    assert touched == []


def test_only_the_settings_read_whether_the_base_url_is_https():
    """Others ask ``settings.OVER_TLS``: a second reading could come out differently."""
    readers = [
        f"{place}:{node.lineno}"
        for place, tree in modules()
        if place.as_posix() not in (SETTINGS, "config/base_url.py")
        for node in nodes_of(tree)
        if isinstance(node, ast.Call) and "BASE_URL" in ast.unparse(node.func)
    ]
    settings = ast.unparse(next(tree for place, tree in modules() if place.as_posix() == SETTINGS))
    assert readers == [] and not [name for name in READ_BY_DJANGO if name in settings]
