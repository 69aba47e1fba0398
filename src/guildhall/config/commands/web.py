"""``./guildhall web``: pages and APIs, served by granian over WSGI."""

import gc
import multiprocessing
import os
import socket
import sys
from argparse import Namespace
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from typing import Any

from granian._granian import SocketHolder, WorkerSignal
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from guildhall.config.bodies import threads
from guildhall.config.commandline import place_of
from guildhall.config.installation import Installation
from guildhall.config.lifeline import die_with_parent
from guildhall.config.loading import without_collecting
from guildhall.config.metrics_port import WEB, find_metrics_place
from guildhall.config.ports import QUEUE, listening_at
from guildhall.config.real_server import refuse_mighty_login

Application = Callable[..., Any]

WAITING_REQUESTS = 1024
MILLISECONDS_FOR_A_HEAD = 10_000
"""Also for the silence before it: whoever opens connections and says nothing keeps others waiting no longer."""
MILLISECONDS_UNREAD = 60_000
"""How long an answer lies here while its reader takes nothing of it; then the kernel ends the connection."""
LONGEST_HEAD = 64 * 1024
SECONDS_TO_FINISH = 8
OBJECTS_BETWEEN_COLLECTIONS = 20_000  # a request makes few that only a collection could free


def run(options: Namespace, installation: Installation) -> int:
    """Serve until told to stop. Refuses to start as a login to whom the wall between councils would not apply."""
    refuse_mighty_login("DATABASE_URL", installation.addresses["web"])
    place, watched_at = place_of(options), find_metrics_place(WEB)
    with ExitStack() as until_the_end:
        listener = until_the_end.enter_context(listening_at(place))
        numbers = until_the_end.enter_context(listening_at(watched_at)) if watched_at else None
        application = _load()
        _Server(listener, numbers).serve(target_loader=partial(_in_each_process, application), wrap_loader=False)
    return 0


class _Server(MPServer):
    """Granian on sockets that listen already: its own would share their ports with whoever asks for that.

    It has no public way to be given a socket; the version is pinned, and a test starts it.
    """

    def __init__(self, listener: socket.socket, numbers: socket.socket | None) -> None:
        multiprocessing.set_start_method("fork", force=True)  # what is loaded and who listens is inherited
        address, port = listener.getsockname()[:2]
        if sys.platform == "linux":
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, MILLISECONDS_UNREAD)
        super().__init__(
            "guildhall.config.wsgi:application",
            address=address,
            port=port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,  # where it may be either, the server waits for ever for the first word
            http1_settings=HTTP1Settings(header_read_timeout=MILLISECONDS_FOR_A_HEAD, max_buffer_size=LONGEST_HEAD),
            workers=int(os.environ.get("GUILDHALL_WEB_PROCESSES") or os.cpu_count() or 1),
            blocking_threads=threads(),
            backpressure=WAITING_REQUESTS,
            log_level=LogLevels.error,
            log_access=False,  # it would write whole addresses down, and some carry a token
            respawn_failed_workers=True,
            workers_kill_timeout=SECONDS_TO_FINISH,
            websockets=False,
            metrics_enabled=numbers is not None,
        )
        self._listener, self._numbers = listener, numbers

    def _init_shared_socket(self) -> None:
        self._ssp, self._shd, self._sso = None, _holder(self._listener), None

    def _start_metrics(self) -> None:
        assert self._numbers is not None
        self._metrics_sig = WorkerSignal()
        self._metrics_exporter.run(_holder(self._numbers), self._metrics_sig)


def _holder(listener: socket.socket) -> Any:
    return SocketHolder(listener.fileno(), False, QUEUE)  # type: ignore[call-arg] # its stub is behind


def _load() -> Application:
    """Load the application whole, once: the processes that granian forks share it, and a killed one is soon back."""
    with without_collecting():
        application: Application = import_module("guildhall.config.wsgi").application
        import_module("guildhall.config.urls")  # Django would wait for the first request, and fail only then
    gc.collect()
    gc.freeze()  # what is loaded now stays: no collection looks through it again, and no fork copies it for that
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    return application


def _in_each_process(application: Application) -> Application:
    """Tie the process to granian's first one, which it must not outlive."""
    die_with_parent()
    return application
