"""Ask an authorization server for an access token, and say exactly what is wrong where it gives none."""

import http.client
import json
import re
import ssl
from typing import Any
from urllib.parse import urlencode, urlsplit

from zhiren.connectors.imap.hosts import address_of
from zhiren.mailbox.channels import Access, Grant, Unavailable

TIMEOUT_SECONDS = 20
_MOST_BYTES = 200_000
_MOST_SECONDS = 86_400
# How long a token holds whose server does not say; the usual hour would be a guess that fails late.
_UNSAID_SECONDS = 300
_TOKEN = re.compile(r"[\x21-\x7e]+")
_CONSENT_GONE = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required"})
_LATER = frozenset({"temporarily_unavailable", "server_error", "slow_down"})


class OAuthOffice:
    """Authorization servers that speak OAuth 2: with a refresh token, or for the client itself where there is none.

    TLS only but on this machine, certificates are checked, no other address is followed to.
    """

    def ask(self, grant: Grant) -> Access:
        """Return an access token."""
        given = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        if not grant.refresh_token:
            given = {"grant_type": "client_credentials"}
        given |= {"client_id": grant.client_id}
        given |= {"client_secret": grant.client_secret} if grant.client_secret else {}
        given |= {"scope": grant.scope} if grant.scope else {}
        status, answer = _post(grant.token_url, given)
        token = answer.get("access_token")
        if status == http.HTTPStatus.OK and isinstance(token, str) and _TOKEN.fullmatch(token):
            return Access(token=token, seconds=_seconds(answer), refresh_token=str(answer.get("refresh_token") or ""))
        raise _refusal(status, str(answer.get("error", "")))


def _post(url: str, given: dict[str, str]) -> tuple[int, dict[str, Any]]:
    address = urlsplit(url)
    plain = address.scheme == "http"
    if not address.hostname or address.scheme not in {"http", "https"}:
        raise Unavailable("no_token", lasting=True)
    try:
        port = address.port or (80 if plain else 443)
        host = address_of(address.hostname, port, plain=plain)
        connection = (
            http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
            if plain
            else http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
        )
        try:
            way = (address.path or "/") + (f"?{address.query}" if address.query else "")
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
            connection.request("POST", way, urlencode(given), headers)
            answer = connection.getresponse()
            status, body = answer.status, answer.read(_MOST_BYTES)
        finally:
            connection.close()
    except ssl.SSLCertVerificationError as error:
        raise Unavailable("certificate", lasting=True) from error
    except ValueError as error:  # an address that is none
        raise Unavailable("no_token", lasting=True) from error
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable("token_unreachable") from error
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    return status, told if isinstance(told, dict) else {}


def _seconds(answer: dict[str, Any]) -> int:
    told = str(answer.get("expires_in", ""))
    return min(int(told), _MOST_SECONDS) if told.isascii() and told.isdigit() else _UNSAID_SECONDS


def _refusal(status: int, code: str) -> Unavailable:
    """Return what a refusal means to whoever set the mailbox up."""
    if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR or status == http.HTTPStatus.TOO_MANY_REQUESTS or code in _LATER:
        return Unavailable("token_unreachable")
    if code in _CONSENT_GONE:
        return Unavailable("consent_gone", lasting=True)
    return Unavailable("client_refused" if code else "no_token", lasting=True)
