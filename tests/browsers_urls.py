"""How browsers read an address: Node's URL, which is WHATWG's algorithm (https://url.spec.whatwg.org)."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

HERE = "http://house.example/a/page"

_JUDGE = """
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  let read = null;
  try {
    const url = new URL(JSON.parse(line), %s);
    read = { origin: url.origin, user: url.username, address: url.pathname + url.search };
  } catch {}
  process.stdout.write(JSON.stringify(read) + "\\n");
});
""".replace("%s", json.dumps(HERE))


@dataclass(frozen=True)
class Read:
    """What an address means to a browser that meets it on a page of ``HERE``."""

    origin: str
    user: str
    address: str

    @property
    def stays_here(self) -> bool:
        return self.origin == "http://house.example" and not self.user


class Browser:
    def __init__(self, node: "subprocess.Popen[str]") -> None:
        self.node = node

    def read(self, address: str) -> Read | None:
        """Return where a browser would go, or None where it would go nowhere."""
        assert self.node.stdin and self.node.stdout
        self.node.stdin.write(json.dumps(address) + "\n")
        self.node.stdin.flush()
        answer = json.loads(self.node.stdout.readline())
        return Read(**answer) if answer else None


@contextmanager
def a_browsers_reading() -> Iterator[Browser]:
    """Keep one Node running that reads one address a line."""
    with subprocess.Popen(["node", "-e", _JUDGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        try:
            yield Browser(node)
        finally:
            assert node.stdin
            node.stdin.close()
