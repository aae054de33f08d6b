"""Build the demo company once, and let people in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from zhiren.access import services as access
from zhiren.access.models import User
from zhiren.attendance import kiosks
from zhiren.attendance.models import Kiosk
from zhiren.operations.demo import attendance, leave, mails
from zhiren.operations.demo.history import MONTHS_BACK, History, unread_file
from zhiren.operations.demo.setup import SYSTEM, description, set_conditions, set_up
from zhiren.org import queries as org
from zhiren.plumbing import clock, jobs, ticks
from zhiren.recruiting import intake
from zhiren.timeline import services as timeline

Say = Callable[[str], None]
# How often the minutes' work is done while months go by: often enough for every limit counted in business hours.
TICK = timedelta(hours=4)


@dataclass(frozen=True)
class SignIn:
    """A way in for one role of the demo."""

    role: str
    name: str
    url: str


def build(*, now: datetime, say: Say) -> bool:
    """Make the demo company with its history up to `now`; return False if there is a company already."""
    if org.company().name:
        return False
    start = now - timedelta(days=MONTHS_BACK + 3)
    say("Setting up the demo company ...")
    with clock.travel(start):
        company = set_up(start)
        _catch_up(start)
    steps = History(company, now).plan()
    say(f"Playing {len(steps)} steps of its last {MONTHS_BACK} days, reading every résumé ...")
    at = start
    for number, step in enumerate(steps, 1):
        while at + TICK < step.at:
            at += TICK
            _pass(at)
        at = step.at
        with clock.travel(at):
            step.do(at)
            _catch_up(at)
        if number % 40 == 0:
            say(f"  {number} of {len(steps)}, {at:%Y-%m-%d}")
    while at + TICK < now:
        at += TICK
        _pass(at)
    with clock.travel(now - TICK):
        set_conditions(company, now - TICK)  # late: the applicants of the months before were looked at by people
    for actor, opening_id, name, data in unread_file(company, now):
        intake.start_intake(actor=actor, at=now - timedelta(hours=2), opening_id=opening_id, files=[(name, data)])
    mails.receive(company, now)
    say("Letting everybody punch for two months ...")
    with clock.travel(now):
        attendance.play(company, now)
        leave.play(now)
    _pass(now)
    timeline.seal()
    return True


def _pass(at: datetime) -> None:
    with clock.travel(at):
        _catch_up(at)


def _catch_up(at: datetime) -> None:
    jobs.run_due(at)
    ticks.tick(at)
    jobs.run_due(at)


def kiosk_link(*, base_url: str, at: datetime) -> str:
    """Return a fresh link that makes a browser the kiosk of the demo, for an hour; nothing where it has none."""
    kiosk = Kiosk.objects.filter(name=attendance.KIOSK, revoked_at=None).first()
    if kiosk is None:
        return ""
    secret = kiosks.new_pairing(actor=SYSTEM, at=at, kiosk_id=kiosk.pk)
    return base_url + reverse("attendance:pair", args=[secret])


def sign_in_links(*, base_url: str, at: datetime) -> list[SignIn]:
    """Return a fresh one-time sign-in link for each user of the demo, recruiters first."""
    order = ["recruiter", "hr_manager", "hiring_manager", "interviewer", "administrator"]
    told = sorted(description()["users"], key=lambda entry: order.index(entry["role"]))
    users = {
        user.email: user for user in User.objects.filter(email__in=[entry["mail"] for entry in told], is_active=True)
    }
    links = []
    for entry in told:
        user = users.get(entry["mail"])
        if user is None:
            continue
        token = access.make_sign_in_link(actor=SYSTEM, at=at, user_id=user.pk)
        path = reverse("access:sign_in_by_link", args=[token])
        links.append(SignIn(entry["role"], f"{user.name} {user.name_en}", f"{base_url}{path}"))
    return links
