"""A secret is compared with ``hmac.compare_digest``: ``==`` takes longer the more of a guess is right.

No behaviour shows the difference, so the code is read: a comparison with a secret's name on either side is refused,
unless it stands below with the reason why nobody gains by its time.
"""

import ast
import re
from collections.abc import Iterator

from tests.architecture.test_the_code import every_module
from tests.code import nodes_of

PLAIN = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)
SECRET = re.compile(
    r"(^|_)(tokens?|secrets?|signatures?|digests?|hash(es)?|h?mac|otp|password|checksum|fingerprint|nonce|proof|seal)(_|$)"
    r"|^(un)?seal$|^(hex)?digest$"
)
# These words mean other things too; in what keeps secrets they mean one.
SECRET_THERE = re.compile(r"(^|_)(key|code)(_of|_like)?$")
KEEPS_SECRETS = re.compile(r"^identity/|/auth\.py$|/keys\.py$|^kernel/secrets\.py$|/documents?\.py$|_token\.py$")

NOBODY_GAINS = {
    # An operator at the installation's own keyboard; a fingerprint is shown to whoever asks.
    "config/commands/restore.py": {
        "key_fingerprint(key) != manifest.key_fingerprint",
    },
    "config/up_to_date.py": {"found.get(KEY, installation.key_fingerprint) != installation.key_fingerprint"},
    # A hundred common words, told to nobody but who typed one.
    "identity/domain/password.py": {"password.strip().lower() in common"},
    # Hashes that anybody may compute: chains are public to who reads them, a body is the caller's own.
    # How many number signs a line begins with: no hash of anything.
    "notify/domain/markdown/beginnings.py": {"hashes == len(line)"},
    "notify/operations/accepting/repeats.py": {"bytes(row.digest) != repeat.digest"},
    "organisations/domain/audit.py": {
        "(expected_seq - 1, previous) != (head_seq, head_hash)",
        "link.previous_hash != previous",
        "link.hash != link_hash(previous, link.facts, link.seq)",
    },
    "services/cases/domain/history.py": {
        "link.previous_hash == previous",
        "link.hash == _hash(link.happening, previous)",
    },
    "services/cases/queries/histories.py": {"links[-1].hash != case.chain_head"},
    # What came out of a seal that was checked, against an id that is in the address.
    "notify/pages/documents.py": {"unseal(proof, _PROOF, kept_for=_PROOF_LASTS) == str(address.document_id)"},
}


def comparisons_of_secrets(place: str, tree: ast.AST) -> Iterator[str]:
    for node in nodes_of(tree):
        if isinstance(node, ast.Compare) and any(isinstance(operator, PLAIN) for operator in node.ops):
            sides = (node.left, *node.comparators)
            if not any(is_written_down(side) for side in sides) and any(is_secret(side, place) for side in sides):
                yield ast.unparse(node)


def is_written_down(side: ast.expr) -> bool:
    """Whether what is compared with stands in the code, so that it is no secret: a literal or a CONSTANT."""
    if isinstance(side, ast.Tuple):
        return all(is_written_down(each) for each in side.elts)
    return isinstance(side, ast.Constant) or (isinstance(side, ast.Name) and side.id.isupper())


def is_secret(side: ast.expr, place: str) -> bool:
    return any(
        SECRET.search(name) or (KEEPS_SECRETS.search(place) and SECRET_THERE.search(name)) for name in names(side)
    )


def names(side: ast.expr) -> Iterator[str]:
    for node in ast.walk(side):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def found() -> dict[str, set[str]]:
    places = ((place, tree) for place, tree in every_module() if "migrations" not in place.parts)
    told = {place.as_posix(): set(comparisons_of_secrets(place.as_posix(), tree)) for place, tree in places}
    return {place: comparisons for place, comparisons in told.items() if comparisons}


def test_no_secret_is_compared_in_a_time_that_tells_how_much_was_right() -> None:
    assert found() == NOBODY_GAINS


def test_the_reader_sees_what_it_looks_for() -> None:
    hidden = """
signature == outer.digest()
return _checksum(token, secret).encode() != checksum.encode()
given in row.tokens
code_of(secret, step) == typed
"""
    tree = ast.parse(hidden.replace("return ", ""))
    assert len(list(comparisons_of_secrets("pay/domain/anything.py", tree))) == 4


def test_an_emailed_code_and_a_key_are_secrets_where_secrets_are_kept() -> None:
    tree = ast.parse("typed == code")
    assert list(comparisons_of_secrets("identity/operations/codes.py", tree)) == ["typed == code"]
    assert list(comparisons_of_secrets("services/cases/domain/workflow.py", tree)) == []
