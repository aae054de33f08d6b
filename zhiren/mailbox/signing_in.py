"""How a mailbox is entered: by its password, or by access tokens that are asked for when they are needed (OAuth 2)."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from zhiren.mailbox import channels, queries
from zhiren.mailbox.channels import Access, Box, Grant
from zhiren.mailbox.models import MailAccount
from zhiren.plumbing import crypto

# A token is not used in its last minutes, and one younger than this is as good as new.
_SPARE = timedelta(minutes=2)


@dataclass(frozen=True)
class _Held:
    """A token as long as it holds, and for what it was given."""

    token: str
    grant: Grant
    since: datetime
    until: datetime


_held: dict[UUID, _Held] = {}  # of this process only: tokens are never stored


def seal_secrets(account_id: UUID, *, client_secret: str, refresh_token: str) -> bytes:
    """Return what OAuth 2 needs as its row keeps it."""
    text = json.dumps({"client_secret": client_secret, "refresh_token": refresh_token})
    return crypto.seal(crypto.key_for("mail-oauth"), text.encode(), bound_to=_cell(account_id))


def grant_of(account: MailAccount) -> Grant:
    """Return what access tokens for a mailbox are given for. Only for asking."""
    secrets: dict[str, str] = {}
    if account.oauth_sealed:
        key = crypto.key_for("mail-oauth")
        secrets = json.loads(crypto.unseal(key, account.oauth_sealed, bound_to=_cell(account.pk)))
    return Grant(token_url=account.token_url, client_id=account.client_id, scope=account.scope, **secrets)


def box_to_open(account: MailAccount, *, at: datetime) -> Box:
    """Return where a mailbox is and how to get in now. Raises Unavailable where no access token is given."""
    box = queries.box_of(account)
    if account.sign_in == MailAccount.SignIn.PASSWORD:
        return box
    grant = grant_of(account)
    held = _held.get(account.pk)
    if held is None or held.grant != grant or held.until <= at:
        access, grant = renewed(grant)
        _keep(account, grant)
        held = _held[account.pk] = _Held(access.token, grant, at, at + timedelta(seconds=access.seconds) - _SPARE)
    return replace(box, password=held.token, is_token=True)


def renewed(grant: Grant) -> tuple[Access, Grant]:
    """Return an access token, and the grant as it is to be kept for the next time. Raises Unavailable."""
    access = channels.token_office().ask(grant)
    return access, replace(grant, refresh_token=access.refresh_token or grant.refresh_token)


def forget(account_id: UUID, *, at: datetime) -> bool:
    """Use the token of a mailbox no longer, as its server refused it; tell whether it was as good as new."""
    held = _held.pop(account_id, None)
    return held is None or at - held.since < _SPARE


@transaction.atomic
def _keep(account: MailAccount, grant: Grant) -> None:
    """Keep a new refresh token, unless somebody entered another one meanwhile."""
    now = queries.lock_account(account.pk)
    if bytes(now.oauth_sealed) != bytes(account.oauth_sealed) or grant_of(now) == grant:
        return
    now.oauth_sealed = seal_secrets(now.pk, client_secret=grant.client_secret, refresh_token=grant.refresh_token)
    now.save(update_fields=["oauth_sealed"])


def _cell(account_id: UUID) -> str:
    return f"mailbox_mailaccount|oauth_sealed|{account_id}"
