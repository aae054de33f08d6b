"""What was asked for, frozen: sealed with the person's key (the system's where it is about nobody), and its hash."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from zhiren.approvals.models import Approver, Request
from zhiren.people.vault import Vault, open_vault, open_vaults
from zhiren.plumbing import crypto

_REQUEST, _APPROVER = "approvals_request", "approvals_approver"


class Envelope:
    """What seals the words of requests about one person, or about nobody. PersonErased when the key was destroyed."""

    def __init__(self, person_id: UUID | None, vault: Vault | None = None) -> None:
        self._vault = vault or (open_vault(person_id) if person_id else None)

    def freeze(self, request: Request, values: Mapping[str, Any]) -> None:
        """Put in what a request asks for, and the hash of all that is frozen with it."""
        request.values_sealed = self._seal(_canonical(values), f"{_REQUEST}|values_sealed", request.pk)
        request.digest = digest_of(request, values)

    def values(self, request: Request) -> dict[str, Any]:
        """Return what a request asks for."""
        found: dict[str, Any] = json.loads(
            self._open(request.values_sealed, f"{_REQUEST}|values_sealed", request.pk),
        )
        return found

    def put_reason(self, row: Request | Approver, reason: str) -> None:
        """Put in why somebody said no, or took it back."""
        row.reason_sealed = self._seal(reason, _reason_of(row), row.pk) if reason else b""

    def reason(self, row: Request | Approver) -> str:
        """Return why somebody said no, or took it back; empty if they did not say."""
        return self._open(row.reason_sealed, _reason_of(row), row.pk) if row.reason_sealed else ""

    def _seal(self, text: str, cell: str, row: UUID) -> bytes:
        if self._vault:
            return self._vault.seal(text, cell=cell, row=row)
        return crypto.seal(crypto.key_for("approvals"), text.encode(), bound_to=f"{cell}|{row}")

    def _open(self, sealed: bytes | memoryview, cell: str, row: UUID) -> str:
        if self._vault:
            return self._vault.open(sealed, cell=cell, row=row)
        return crypto.unseal(crypto.key_for("approvals"), sealed, bound_to=f"{cell}|{row}").decode()


def envelopes_of(requests: Iterable[Request]) -> dict[UUID, Envelope]:
    """Return the envelope of each request in one query; those about somebody who was erased are left out."""
    requests = list(requests)
    vaults = open_vaults({request.person_id for request in requests if request.person_id})
    return {
        request.pk: Envelope(request.person_id, vaults.get(request.person_id) if request.person_id else None)
        for request in requests
        if request.person_id is None or request.person_id in vaults
    }


def digest_of(request: Request, values: Mapping[str, Any]) -> bytes:
    """Return the keyed hash of what is frozen: who asks for whom, for what, and by which policy."""
    frozen = [request.kind, request.subject_id, request.user_id, request.submitted_by_id, request.person_id]
    more = [request.employment_id, request.entity_id, request.department_id, request.policy_id, request.cancels_id]
    return crypto.mac(
        "approvals", _canonical({"frozen": [str(one) for one in frozen + more], "values": values}).encode()
    )


def _canonical(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _reason_of(row: Request | Approver) -> str:
    return f"{_REQUEST if isinstance(row, Request) else _APPROVER}|reason_sealed"
