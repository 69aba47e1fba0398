"""Run in a process of its own: the house's web server, on a port that it tells, whose patience is short.

It serves with two threads, and what it sends waits in our hands rather than in the kernel's.
"""

import socket
from functools import partial

from guildhall.config.commands import web
from guildhall.config.lifeline import die_with_parent

web.MILLISECONDS_FOR_A_HEAD = web.MILLISECONDS_UNREAD = 1_000
web.SECONDS_TO_FINISH = 1


def serve() -> None:
    die_with_parent()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        server = web._Server(listener, None)
        print(listener.getsockname()[1], flush=True)
        server.serve(target_loader=partial(web._in_each_process, web._load()), wrap_loader=False)


if __name__ == "__main__":
    serve()
