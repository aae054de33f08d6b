"""Interviews for tests, made through the services."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.factories import MONDAY, SYSTEM, actor_of, make_application, make_user
from zhiren.access.models import User
from zhiren.interviews import services
from zhiren.interviews.models import Interview, Scorecard
from zhiren.recruiting.models import Application

TOMORROW = MONDAY + timedelta(days=1)
AFTERWARDS = TOMORROW + timedelta(hours=2)
ALL_GOOD = {"skills": 4, "problems": 3, "communication": 3, "teamwork": 3, "motivation": 4}
ALL_WEAK = dict.fromkeys(ALL_GOOD, 1)


def make_interview(
    application: Application | None = None,
    interviewers: Sequence[User] = (),
    *,
    starts_at: datetime = TOMORROW,
    at: datetime = MONDAY,
    **given: Any,
) -> Interview:
    """Return an interview of an hour tomorrow, by an interviewer of its own unless some are given."""
    application = application or make_application(stage="interview")
    interviewers = interviewers or [make_user("interviewer")]
    return services.arrange_interview(
        **{
            "actor": SYSTEM,
            "at": at,
            "application_id": application.pk,
            "kind": "video",
            "round_name": "一面",
            "starts_at": starts_at,
            "minutes": 60,
            "zone": "Asia/Shanghai",
            "interviewer_ids": [user.pk for user in interviewers],
            **given,
        }
    )


def send_card(interview_id: UUID, user: User, *, at: datetime = AFTERWARDS, **given: Any) -> Scorecard:
    """Return a good scorecard that a user has sent."""
    values = {"ratings": ALL_GOOD, "evidence": {}, "verdict": "yes", **given}
    return services.submit_scorecard(actor=actor_of(user), at=at, interview_id=interview_id, **values)
