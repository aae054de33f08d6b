"""Punches from platforms outside, and told to them: once each, whatever fails in between."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories import SYSTEM, actor_of, make_department, make_user
from tests.factories.attendance import make_worker, punch, wall
from zhiren.attendance import platform_queries, pulling, queries
from zhiren.attendance.channels import Told, Unavailable
from zhiren.attendance.errors import AccountKnown, SecretNeededAgain
from zhiren.attendance.models import PassedOn, Punch, PunchAccount
from zhiren.attendance.pulling import AccountFacts
from zhiren.connectors.console.platforms import listener, teller
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.plumbing import clock, ticks
from zhiren.plumbing.jobs import run_due

pytestmark = pytest.mark.django_db
NOON = wall("2026-11-18 12:00")
TUESDAY = date(2026, 11, 17)
BUSY = Unavailable("busy")
REFUSED = Unavailable("client_refused", permanent=True, detail="40001 invalid credential")


@pytest.fixture(autouse=True)
def _empty() -> None:
    teller.empty()
    listener.empty()


def facts(**given: Any) -> AccountFacts:
    usual = {
        "platform": "console", "name": "企业微信", "tenant": "ww1", "secret": "s3cret", "since": date(2026, 11, 10),
    }  # fmt: skip
    return AccountFacts(**{**usual, **given})


def account(**given: Any) -> PunchAccount:
    return pulling.save_account(actor=SYSTEM, at=NOON, facts=facts(**given))


def told(user: str, text: str) -> Told:
    return Told(user, wall(text), {"place": "依澜府"})


def exchanged(row: PunchAccount, at: Any = NOON) -> PunchAccount:
    pulling.exchange(account_id=row.pk, at=at)
    row.refresh_from_db()
    return row


class TestPull:
    def test_makes_the_day_of_who_is_known_by_that_number(self) -> None:
        worker = make_worker(number="Y001")
        teller.punches = [told("Y001", "2026-11-17 08:58"), told("Y001", "2026-11-17 18:02")]

        row = exchanged(account())

        assert (row.last_new, row.reached, row.problem) == (2, NOON, "")
        assert queries.days_of(worker.pk, TUESDAY, TUESDAY)[TUESDAY].worked == 480
        first = Punch.objects.order_by("at")[0]
        assert (first.source, first.badge, first.details) == ("console", "Y001", {"place": "依澜府"})

    def test_knows_people_by_their_badge_where_that_is_said(self) -> None:
        worker = make_worker(number="Y001", badge="77")
        teller.punches = [told("77", "2026-11-17 08:58")]

        exchanged(account(known_by="badge"))

        assert Punch.objects.get().employment_id == worker.pk

    def test_makes_what_is_told_again_no_second_punch(self) -> None:
        make_worker(number="Y001")
        teller.punches = [told("Y001", "2026-11-17 08:58")]
        row = exchanged(account())

        row = exchanged(row, NOON + timedelta(minutes=30))

        assert (row.last_new, Punch.objects.count()) == (0, 1)

    def test_asks_since_the_last_time_and_a_day_before(self) -> None:
        make_worker(number="Y001")
        row = exchanged(account())

        exchanged(row, NOON + timedelta(hours=1))

        assert [(since, until) for _users, since, until in teller.asked] == [
            (wall("2026-11-10 00:00"), NOON),
            (NOON - pulling.OVERLAP, NOON + timedelta(hours=1)),
        ]

    def test_keeps_what_came_before_the_platform_failed_and_asks_for_all_again(self) -> None:
        make_worker(number="Y001")
        make_worker(number="Y002")
        teller.punches = [told("Y001", "2026-11-17 08:58"), told("Y002", "2026-11-17 08:59")]
        teller.answers.extend([None, BUSY])

        row = exchanged(account())
        assert (Punch.objects.count(), row.reached, row.problem) == (1, None, "busy")
        row = exchanged(row, NOON + timedelta(minutes=1))

        assert (Punch.objects.count(), row.last_new, row.failing_since) == (2, 1, None)

    def test_asks_only_about_the_people_of_its_entity(self) -> None:
        one, _other = make_worker(number="Y001"), make_worker(number="Y002")

        exchanged(account(entity_id=one.entity_id))

        assert teller.asked[0][0] == ("Y001",)

    def test_leaves_a_number_that_two_people_have(self) -> None:
        make_worker(number="Y001")
        make_worker(number="Y001")

        row = exchanged(account())

        assert (teller.asked[0][0], row.unclear) == ((), 1)

    def test_asks_nobody_when_it_is_switched_off(self) -> None:
        row = account()
        pulling.switch_account(actor=SYSTEM, at=NOON, account_id=row.pk, active=False)

        exchanged(row)

        assert not teller.asked


class TestPassOn:
    def test_tells_of_each_punch_once(self) -> None:
        worker = make_worker(number="Y001")
        punch(worker, "2026-11-17 08:58", "2026-11-17 12:00", "2026-11-17 18:02", at=NOON)
        row = exchanged(account(platform="console-out"))

        assert [(note.user, note.at) for note in listener.notes] == [
            ("Y001", wall(f"2026-11-17 {time}")) for time in ("08:58", "12:00", "18:02")
        ]
        punch(worker, "2026-11-17 20:00", at=NOON)
        row = exchanged(row, NOON + timedelta(minutes=30))

        assert (row.last_new, len(listener.notes), PassedOn.objects.count()) == (1, 4, 4)

    def test_goes_on_after_what_was_taken_when_it_failed(self) -> None:
        worker = make_worker(number="Y001")
        punch(worker, "2026-11-17 08:58", "2026-11-17 12:00", "2026-11-17 18:02", at=NOON)
        listener.answers.extend([None, REFUSED])

        row = exchanged(account(platform="console-out"))
        assert (len(listener.notes), PassedOn.objects.count(), row.problem) == (2, 2, "client_refused")
        exchanged(row, NOON + timedelta(hours=1))

        assert [note.at for note in listener.notes] == sorted({note.at for note in listener.notes})
        assert len(listener.notes) == 3

    def test_sets_aside_what_is_refused_and_goes_on(self) -> None:
        stranger, worker = make_worker(number="Y001"), make_worker(number="Y002")
        punch(stranger, "2026-11-17 08:58", at=NOON)
        punch(worker, "2026-11-17 08:59", "2026-11-17 12:00", "2026-11-17 18:02", at=NOON)
        listener.strangers = {"Y001"}

        row = exchanged(account(platform="console-out"))

        assert [note.user for note in listener.notes] == ["Y002"] * 3
        assert (row.last_new, row.refused, row.problem) == (3, 1, "")
        [refused] = platform_queries.refused_shown(SYSTEM, row.pk)
        assert (refused.name, refused.refusal, refused.punch.at) == (
            "Y001", "no such person", wall("2026-11-17 08:58"),
        )  # fmt: skip

    @pytest.mark.parametrize("how", ["a day later", "by hand", "when the account is changed"])
    def test_tells_again_of_what_was_refused(self, how: str) -> None:
        punch(make_worker(number="Y001"), "2026-11-17 08:58", at=NOON)
        listener.strangers = {"Y001"}
        row = exchanged(account(platform="console-out"))
        listener.strangers.clear()
        later = NOON + timedelta(hours=23)
        exchanged(row, later)
        assert not listener.notes

        if how == "by hand":
            pulling.ask_now(actor=SYSTEM, at=later, account_id=row.pk)
        elif how == "when the account is changed":
            pulling.save_account(actor=SYSTEM, at=later, facts=facts(platform="console-out"), account_id=row.pk)
        else:
            later = NOON + timedelta(hours=24)
        row = exchanged(row, later)

        assert (row.last_new, row.refused, len(listener.notes)) == (1, 0, 1)
        assert platform_queries.refused_shown(SYSTEM, row.pk) == []

    def test_leaves_out_who_has_no_number_there_and_what_came_from_there(self) -> None:
        unnumbered, worker = make_worker(number=""), make_worker(number="Y001")
        punch(unnumbered, "2026-11-17 08:58", at=NOON)
        row = account(platform="console-out")
        Punch.objects.create(
            key="a", employment=worker, at=wall("2026-11-17 09:00"), zone="Asia/Shanghai", source="console-out",
            received_at=NOON,
        )  # fmt: skip

        exchanged(row)

        assert not listener.notes


class TestFailure:
    def test_is_tried_again_ever_later(self) -> None:
        row = account()
        make_worker(number="Y001")
        pauses = []
        for _time in range(8):
            teller.answers.append(BUSY)
            row = exchanged(row)
            assert row.try_at is not None
            pauses.append(round((row.try_at - NOON).total_seconds() / 60))

        assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
        assert row.failing_since == NOON

    def test_that_somebody_must_mend_waits_an_hour_and_says_why(self) -> None:
        row = account()
        make_worker(number="Y001")
        teller.answers.append(REFUSED)

        row = exchanged(row)

        assert row.try_at == NOON + timedelta(hours=1)
        assert (row.problem, row.detail) == ("client_refused", "40001 invalid credential")


class TestTick:
    def test_asks_those_whose_turn_it_is(self) -> None:
        make_worker(number="Y001")
        row = account(every_minutes=30)

        for minutes in (0, 1, 29, 31):
            with clock.travel(NOON + timedelta(minutes=minutes)):
                ticks.tick(NOON + timedelta(minutes=minutes))
                run_due(NOON + timedelta(minutes=minutes))

        assert len(teller.asked) == 2
        row.refresh_from_db()
        assert row.last_success_at is not None

    def test_asks_an_account_once_however_often_it_was_to_be_asked_meanwhile(self) -> None:
        make_worker(number="Y001")
        make_worker(number="Y002")
        rows = [account(), account(tenant="ww2")]

        pulling.begin_due(at=NOON)
        for _time in range(3):
            pulling.ask_now(actor=SYSTEM, at=NOON, account_id=rows[0].pk)

        with connection.cursor() as cursor:
            cursor.execute("SELECT lock FROM procrastinate_jobs WHERE task_name = 'attendance.exchange'")
            locks = sorted(lock for (lock,) in cursor.fetchall())
        assert locks == sorted(f"attendance.exchange:{row.pk}" for row in rows)

    def test_asks_nobody_where_nothing_was_set_up(self) -> None:
        assert pulling.begin_due(at=NOON) == 0


class TestSaveAccount:
    def test_keeps_the_secret_sealed_and_uses_it(self) -> None:
        row = account()

        assert b"s3cret" not in bytes(row.secret_sealed)
        assert platform_queries.login_of(row).secret == "s3cret"

    def test_keeps_the_stored_secret_for_the_same_account_only(self) -> None:
        row = account()

        row = pulling.save_account(actor=SYSTEM, at=NOON, facts=facts(secret="", name="b"), account_id=row.pk)
        assert platform_queries.login_of(row).secret == "s3cret"
        for other in ({"tenant": "ww2"}, {"platform": "console-out"}):
            with pytest.raises(SecretNeededAgain):
                pulling.save_account(actor=SYSTEM, at=NOON, facts=facts(secret="", **other), account_id=row.pk)
            with pytest.raises(SecretNeededAgain):
                pulling.try_account(actor=SYSTEM, facts=facts(secret="", **other), account_id=row.pk)

    def test_asks_anew_from_an_earlier_day(self) -> None:
        make_worker(number="Y001")
        row = exchanged(account())

        pulling.save_account(actor=SYSTEM, at=NOON, facts=facts(since=date(2026, 11, 1)), account_id=row.pk)
        exchanged(row)

        assert teller.asked[-1][1] == wall("2026-11-01 00:00")

    def test_refuses_the_same_account_twice(self) -> None:
        account()

        with pytest.raises(AccountKnown):
            account()

    def test_is_for_those_who_manage_the_devices_of_the_entity(self) -> None:
        department = make_department()
        manager = actor_of(make_user("hr_manager", scope="entity", entity=department.entity))

        with pytest.raises(Forbidden):
            pulling.save_account(actor=actor_of(make_user("employee")), at=NOON, facts=facts())
        with pytest.raises(NotFound):
            pulling.save_account(actor=manager, at=NOON, facts=facts())
        mine = pulling.save_account(actor=manager, at=NOON, facts=facts(entity_id=department.entity_id))
        account(tenant="ww2")

        assert list(platform_queries.accounts_visible_to(manager)) == [mine]


class TestTryAccount:
    def test_signs_in_and_saves_nothing(self) -> None:
        assert pulling.try_account(actor=SYSTEM, facts=facts()).problem == ""
        assert teller.logins[0].secret == "s3cret"
        assert not PunchAccount.objects.exists()

    def test_tells_what_is_wrong(self) -> None:
        teller.answers.append(REFUSED)

        tried = pulling.try_account(actor=SYSTEM, facts=facts())

        assert (tried.problem, tried.detail) == ("client_refused", "40001 invalid credential")
