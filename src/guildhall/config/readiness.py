"""Waiting until what was started is ready, for as long as it lives.

No number of seconds tells a slow machine from a failed start, so none ends the waiting: a process that ends does.
Whoever started us reads every few seconds what is missing, and whether the process that owes it works or stands still.
"""

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence

from guildhall.config.ports import Place
from guildhall.config.problems import Problem
from guildhall.config.supervision import Child, Say

SECONDS_BETWEEN_WORDS = 5.0
SECONDS_BETWEEN_LOOKS = 0.05
WEB, WORKER = "web", "worker"


def wait_until_ready(
    children: Sequence[Child], place: Place, say: Say, *, speak_every: float = SECONDS_BETWEEN_WORDS
) -> None:
    """Wait until the web process says that all is ready, and say meanwhile what is not.

    :raises Problem: one of the children has ended.
    """
    asking, watching = _Asking(place), _Watching(children)
    threading.Thread(target=asking.until_ready, daemon=True).start()
    speak_at = time.monotonic() + speak_every
    while not asking.is_ready.wait(SECONDS_BETWEEN_LOOKS):
        for child in children:
            if not child.is_alive():
                raise Problem(f"The {child.name} process could not start; the reason is above.")
        if time.monotonic() >= speak_at:
            speak_at = time.monotonic() + speak_every
            say(f"Not ready yet: {asking.missing}; {watching.describe(asking.waits_for)}")


@contextlib.contextmanager
def reminded(say: Say, words: str, *, speak_every: float = SECONDS_BETWEEN_WORDS) -> Iterator[None]:
    """Say every few seconds what takes so long, for as long as it does, and nothing afterwards."""
    is_over = threading.Event()

    def remind() -> None:
        while not is_over.wait(speak_every):
            say(words)

    reminder = threading.Thread(target=remind, daemon=True)
    reminder.start()
    try:
        yield
    finally:
        is_over.set()
        reminder.join()


class _Asking:
    """Asks the web process, by a request that may take as long as it takes, until it says that it is ready."""

    def __init__(self, place: Place) -> None:
        here = Place("::1" if ":" in place.address else "127.0.0.1", place.port) if place.is_everywhere else place
        self.here = here
        self.is_ready = threading.Event()
        self.missing, self.waits_for = "no answer", WEB

    def until_ready(self) -> None:
        while not self.is_ready.is_set():
            try:
                self._ask()
            except (OSError, http.client.HTTPException, ValueError):
                self.missing, self.waits_for = "no answer", WEB
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _ask(self) -> None:
        """Straight to the port: whatever proxy the environment names has no business between the two of us."""
        connection = http.client.HTTPConnection(self.here.address, self.here.port)
        with contextlib.closing(connection):
            connection.request("GET", "/readyz")
            found = json.loads(connection.getresponse().read())
        wrong = {name: words for name, words in found.items() if name != "ready" and words != "ok"}
        self.missing, self.waits_for = ", ".join(map(": ".join, wrong.items())), WORKER if WORKER in wrong else WEB
        if not wrong:
            self.is_ready.set()


class _Watching:
    """Sees whether a child has worked since the last look."""

    def __init__(self, children: Sequence[Child]) -> None:
        now = time.monotonic()
        self.children = {child.name: child for child in children}
        self.seen = {child.name: (child.seconds_of_work(), now) for child in children}

    def describe(self, name: str) -> str:
        """Return what the child has been doing, in a few words."""
        worked, moved_at = self.seen[name]
        now_worked = self.children[name].seconds_of_work()
        if now_worked != worked:
            self.seen[name] = now_worked, time.monotonic()
            return f"the {name} process has worked for {now_worked:.1f} s"
        return f"the {name} process has not moved for {time.monotonic() - moved_at:.0f} s (Ctrl-C gives up)"
