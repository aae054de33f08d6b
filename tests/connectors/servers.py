"""SMTP servers that misbehave in ways that a well-made one cannot be asked to."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from zhiren.operations.catcher import _free_port


class Judge:
    """What a real server (aiosmtpd) answers, and what it was given."""

    def __init__(self, *, to_receiver: str = "250 OK", to_content: str = "250 OK") -> None:
        self.to_receiver = to_receiver
        self.to_content = to_content
        self.taken: list[bytes] = []
        self.receivers: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.to_receiver.startswith("250"):
            envelope.rcpt_tos.append(address)
            self.receivers.append(address)
        return self.to_receiver

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.to_content.startswith("250"):
            self.taken.append(envelope.content)
        return self.to_content


@contextmanager
def real_server(judge: Judge, **given: Any) -> Iterator[int]:
    """Run aiosmtpd in a thread and give its port."""
    controller = Controller(judge, hostname="127.0.0.1", port=_free_port(), **given)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def dying_server(*, after: str) -> Iterator[int]:
    """Run a server that answers as it should until it gets the command `after`, and then hangs up without a word.

    `after` may be "content": then it asks for the content, reads some of it, and dies.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            connection.sendall(b"220 dying.example\r\n")
            while line := stream.readline():
                command = line[:4].decode().strip().upper()
                if command == after:
                    return
                connection.sendall(b"354 go on\r\n" if command == "DATA" else b"250 OK\r\n")
                if command == "DATA":
                    stream.readline()
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(timeout=5)
