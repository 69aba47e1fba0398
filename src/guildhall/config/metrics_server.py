"""The small server of the worker's numbers: it answers one address, to a few at once, and waits for nobody long."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CONTENT_TYPE_LATEST

SECONDS_FOR_A_REQUEST = 10.0
REQUESTS_AT_ONCE = 4


@contextlib.contextmanager
def answering(listener: socket.socket, numbers: Callable[[], bytes]) -> Iterator[None]:
    """Answer ``GET /metrics`` in threads of its own, until the end."""
    server = _Server(listener, partial(_answer, numbers))
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def _answer(numbers: Callable[[], bytes], environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    if environ["PATH_INFO"] != "/metrics" or environ["REQUEST_METHOD"] != "GET":
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"ask for /metrics\n"]
    start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
    return [numbers()]


class _Handler(WSGIRequestHandler):
    """One request of somebody who may be slow or hostile: it is over after a few seconds, and leaves no words."""

    def setup(self) -> None:
        self.until = threading.Timer(SECONDS_FOR_A_REQUEST, self._give_up)
        self.until.daemon = True
        self.until.start()
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.until.cancel()

    def log_message(self, *words: object) -> None:
        pass

    def _give_up(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingMixIn, WSGIServer):
    """Answers a few at once and turns others away, so that nobody can keep the worker from its work by asking."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, application: Callable[..., Any]) -> None:
        super().__init__(listener.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket, self.server_name, self.server_port = listener, "metrics", listener.getsockname()[1]
        self.setup_environ()
        self.set_app(application)
        self._room = threading.BoundedSemaphore(REQUESTS_AT_ONCE)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked has gone, or was given up: nobody needs to read of it."""
