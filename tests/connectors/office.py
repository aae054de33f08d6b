"""An authorization server (OAuth 2) on this machine, as large providers run one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from zhiren.mailbox.channels import Grant

REFRESH, SECRET = "refresh-of-somebody", "secret-of-the-client"


@dataclass
class Office:
    """Gives tokens to who shows `REFRESH` and `SECRET`, and tells whose a token is.

    `tokens` are those that hold, each with its user; `answers` holds (status, body) of what it answers next.
    """

    port: int = 0
    tokens: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    rotates: bool = False

    @property
    def url(self) -> str:
        """Where tokens are asked for."""
        return f"http://127.0.0.1:{self.port}/token"

    @property
    def tokeninfo(self) -> str:
        """Where it is asked whose a token is."""
        return f"http://127.0.0.1:{self.port}/tokeninfo?access_token="

    def grant(self, **given: Any) -> Grant:
        """Return what it gives tokens for."""
        usual = {"token_url": self.url, "client_id": "zhiren", "client_secret": SECRET, "refresh_token": REFRESH}
        return Grant(**{**usual, **given})

    def answer(self, given: dict[str, str]) -> tuple[int, bytes]:
        """Return status and body for a request."""
        self.asked.append(given)
        if self.answers:
            return self.answers.pop(0)
        if given.get("client_secret") != SECRET:
            return 401, json.dumps({"error": "invalid_client"}).encode()
        if given["grant_type"] == "refresh_token" and given["refresh_token"] != REFRESH:
            return 400, json.dumps({"error": "invalid_grant"}).encode()
        token = f"ya29.token-{len(self.asked)}~+/="
        self.tokens[token] = "jobs"
        told = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        return 200, json.dumps(told | ({"refresh_token": "another-one"} if self.rotates else {})).encode()


@contextmanager
def running() -> Iterator[Office]:
    """Give a running office."""
    office = Office()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*office.answer({name: values[0] for name, values in parse_qs(text).items()}))

        def do_GET(self) -> None:
            token = parse_qs(urlsplit(self.path).query, separator="&").get("access_token", [""])[0]
            user = office.tokens.get(token.replace(" ", "+"))
            self._say(200 if user else 401, json.dumps({"user": user} if user else {"error": "invalid_token"}).encode())

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if status == 302:
                self.send_header("Location", "/token")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    office.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield office
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
