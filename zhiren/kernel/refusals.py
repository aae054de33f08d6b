"""Refusals: an expected *no*, with a stable code and a sentence for people."""

from typing import Any, ClassVar


class Refusal(Exception):
    """Nothing was done. `code` is for machines, `message` (a lazy translation) for people, `status` for HTTP.

    Parameters of the sentence are given by keyword: `OfferAlreadyAnswered(answered_at=...)`.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    message: Any = "This cannot be done."

    def __init__(self, **params: Any) -> None:
        super().__init__(params)
        self.params = params

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.params if self.params else text


class Invalid(Refusal):
    """What was asked makes no sense as it stands (422)."""

    code = "invalid"
    status = 422


class NotFound(Refusal):
    """There is no such thing, or it is not this actor's to see: both look alike (404)."""

    code = "not_found"
    status = 404
    message: Any = "There is nothing here that you may see."


class Forbidden(Refusal):
    """The actor may see it, but not do this (403)."""

    code = "forbidden"
    status = 403
    message: Any = "Your role does not allow this."


class Conflict(Refusal):
    """The state of things has moved on (409)."""

    code = "conflict"
    status = 409


class TooMany(Refusal):
    """Too often, too fast (429). `retry_after` is in seconds."""

    code = "too_many"
    status = 429
    message: Any = "Too many tries. Please wait a little and try again."

    def __init__(self, retry_after: int = 60, **params: Any) -> None:
        super().__init__(**params)
        self.retry_after = retry_after
