"""What Today does about events."""

from zhiren.attendance.events import PunchAccountFailed, PunchAccountRecovered
from zhiren.conversation.events import MessageSent, PromiseKept
from zhiren.interviews.events import (
    InterviewArranged,
    InterviewCancelled,
    InterviewChanged,
    InterviewCompleted,
    ScorecardSubmitted,
)
from zhiren.kernel.events import Event, to_payload
from zhiren.mailbox.events import MailAccountFailed, MailAccountRecovered
from zhiren.people.events import KeyCandidateMarked, MergeUndone, NoteWritten, PersonChanged, PersonsMerged
from zhiren.recruiting.events import ApplicationExited, ApplicationReceived, ApplicationReopened, StageChanged
from zhiren.timeline import on
from zhiren.today import keepers, services
from zhiren.today.events import FollowUpDone
from zhiren.today.rules import Fact

SETTLING: tuple[type[Event], ...] = (
    ApplicationExited,
    ApplicationReceived,
    ApplicationReopened,
    FollowUpDone,
    InterviewArranged,
    InterviewCancelled,
    InterviewChanged,
    InterviewCompleted,
    MessageSent,
    NoteWritten,
    PersonChanged,
    PromiseKept,
    ScorecardSubmitted,
    StageChanged,
)


@on(*SETTLING)
def settle(event: Event) -> None:
    """Take from the queue what this event makes needless."""
    if event.person_id is not None:
        fact = Fact(event.name, event.at, to_payload(event))
        services.settle_by(person_id=event.person_id, at=event.at, by=event.by, fact=fact)


@on(MailAccountFailed)
def tell_of_mailbox(event: MailAccountFailed) -> None:
    """Put a mailbox that cannot be read into the queue of whoever looks after it."""
    keepers.tell_keepers(source="mailbox", account_id=event.account_id, at=event.at)


@on(PunchAccountFailed)
def tell_of_platform(event: PunchAccountFailed) -> None:
    """Put a platform that fails into the queue of whoever looks after it."""
    keepers.tell_keepers(source="platform", account_id=event.account_id, at=event.at)


@on(MailAccountRecovered)
def forget_mailbox(event: MailAccountRecovered) -> None:
    """Take a mailbox from the queue about which nothing is to be done any more."""
    services.settle_about(subject_id=event.account_id, at=event.at)


@on(PunchAccountRecovered)
def forget_platform(event: PunchAccountRecovered) -> None:
    """Take a platform from the queue about which nothing is to be done any more."""
    services.settle_about(subject_id=event.account_id, at=event.at)


@on(KeyCandidateMarked, PersonsMerged, MergeUndone)
def weigh_again(event: Event) -> None:
    """Order a person's lines anew."""
    if event.person_id is not None:
        services.weigh_again(person_id=event.person_id)
