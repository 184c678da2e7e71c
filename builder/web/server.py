"""The server: one socket on this machine, answered until somebody quits."""

from __future__ import annotations

import logging
import os
import socket
import threading
import webbrowser
from typing import TYPE_CHECKING

import uvicorn

from builder.problems import Problem, UsageError
from builder.web.app import make_app
from builder.web.guards import Keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.web.state import Desk

ADDRESS = "127.0.0.1"


def listening(port: int) -> socket.socket:
    """A socket that listens on this machine only, on a free port where `port` is 0; UsageError where it is taken."""
    # Named TCP, so that asyncio sends each part of an answer at once; else every page waits 40 ms for the other side.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # elsewhere this would let another program share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
    except OSError as error:
        listener.close()
        message = f"--port {port}: {error.strerror or error}."
        raise UsageError([Problem("port", message, hint="Leave --port out: a free one is found.")]) from error
    listener.listen(64)
    return listener


def serve(desk: Desk, listener: socket.socket, say: Callable[[str], None], *, browser: bool) -> None:
    """Answer until the page's Quit or Ctrl-C, which raises KeyboardInterrupt; `say` gets the address to open."""
    keys = Keys(listener.getsockname()[1])
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)

    def end() -> None:
        server.should_exit = True

    config = uvicorn.Config(
        make_app(desk, keys, end),
        http="h11", ws="none", loop="asyncio", lifespan="off", interface="asgi3",
        log_config=None, access_log=False, server_header=False, date_header=False,
        proxy_headers=False, timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = uvicorn.Server(config)
    say(keys.address)
    if browser:
        threading.Thread(target=webbrowser.open, args=(keys.address_once(),), daemon=True).start()
    server.run(sockets=[listener])
