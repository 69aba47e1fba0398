"""Whatever others answer is read within a time and a length: over HTTP by ``kernel.outgoing``, and nowhere past it."""

import ast
from collections.abc import Iterator

import pytest
from tests.architecture.test_the_code import modules
from tests.code import nodes_of

SPEAK_OVER_THE_NETWORK = {
    *("socket", "ssl", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp"),
    *("smtplib", "ftplib", "imaplib", "poplib", "nntplib", "telnetlib", "xmlrpc.client", "paramiko", "boto3"),
    *("socketserver", "http.server"),
}
MAY_SPEAK = {
    "kernel/outgoing.py": "bounds what is answered",
    "kernel/fast_path.py": "reads the names of statuses",
    "notify/providers/callbacks.py": "over HTTP, to an address that was looked at; a watch ends all of it",
    "notify/providers/clamd.py": "reads a verdict with Answer",
    "notify/providers/smtp_line.py": "reads replies with Answer",
    "notify/providers/smpp/session.py": "commands of at most LONGEST octets; each answer is waited for so long",
    "config/commands/web.py": "holds the port",
    "config/metrics_server.py": "serves our numbers",
    "config/ports.py": "holds ports",
    "config/readiness.py": "asks ourselves",
}
ASKS_OURSELVES = "config/readiness.py"


def speaks(tree: ast.Module) -> bool:
    names = {
        name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        )
    }
    return any(name == each or name.startswith(f"{each}.") for name in names for each in SPEAK_OVER_THE_NETWORK)


def unbounded(tree: ast.AST) -> Iterator[str]:
    """Yield each use of a library's own HTTP client, whose answers have no bounds."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in (
            *("HTTPConnection", "HTTPSConnection", "PoolManager", "HTTPConnectionPool", "HTTPSConnectionPool"),
            *("urlopen", "HTTPResponse"),
        ):
            yield ast.unparse(node)
        if isinstance(node, ast.ClassDef) and {"HTTPConnection", "HTTPSConnection"} & {*map(ast.unparse, node.bases)}:
            says = {ast.unparse(each) for each in node.body if isinstance(each, ast.Assign)}
            if "response_class = HttpResponse" not in says:
                yield f"class {node.name}"


def test_who_speaks_over_the_network_is_written_down_with_what_bounds_it() -> None:
    assert {str(place) for place, tree in modules() if speaks(tree)} == MAY_SPEAK.keys()


def test_every_answer_over_http_is_bounded() -> None:
    found = {f"{place}: {use}" for place, tree in modules() if str(place) != ASKS_OURSELVES for use in unbounded(tree)}
    # The one pool is made of the bounded lines: tests/domain/kernel/test_outgoing.py.
    assert {each.partition("(")[0] for each in found} == {"kernel/outgoing.py: urllib3.PoolManager"}


@pytest.mark.parametrize(
    "planted", ["import httpx", "from urllib import request", "from urllib.request import urlopen", "import socket"]
)
def test_who_speaks_is_found(planted: str) -> None:
    assert speaks(ast.parse(planted))


@pytest.mark.parametrize("planted", ["HTTPConnection('a')", "class Mine(HTTPConnection):\n    pass", "urlopen(url)"])
def test_an_answer_without_bounds_is_found(planted: str) -> None:
    assert list(unbounded(ast.parse(planted)))
