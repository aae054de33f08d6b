"""Asking for leave, deciding it, taking it back."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from tests.factories import MONDAY, SYSTEM, actor_of, make_employment, make_user
from tests.factories.leave import Company
from zhiren.approvals import services as approvals
from zhiren.approvals import words
from zhiren.approvals.models import Request
from zhiren.kernel.refusals import NotFound
from zhiren.leave import ledger, outcomes, queries
from zhiren.leave.errors import (
    BalanceTooLow,
    BegunAlready,
    DocumentMissing,
    DocumentUnusable,
    NoLongerWaiting,
    NotEmployedThroughout,
    NothingToTake,
    NotShorter,
    OnLeaveAlready,
    TooLong,
    TypeNotOpen,
    UnitTooSmall,
)
from zhiren.leave.models import Leave, LeaveDay, LeaveType
from zhiren.leave.rules import DAY
from zhiren.people import employing
from zhiren.plumbing.jobs import run_due
from zhiren.timeline import queries as timeline

TUESDAY, FRIDAY = date(2026, 11, 17), date(2026, 11, 20)
NEXT_MONDAY = date(2026, 11, 23)
PDF = ("note.pdf", b"%PDF-1.4 a note")


@pytest.mark.django_db
class TestAskLeave:
    def test_counts_the_days_on_which_work_is_planned(self) -> None:
        company = Company()

        leave = company.ask(FRIDAY, NEXT_MONDAY)

        assert leave.minutes == 2 * DAY
        assert [day.day for day in queries.days_of(leave)] == [FRIDAY, NEXT_MONDAY]

    def test_leaves_out_holidays_and_counts_make_up_days(self) -> None:
        company = Company()

        leave = company.ask(date(2026, 9, 30), date(2026, 10, 10), at=datetime(2026, 9, 1, tzinfo=UTC))

        # the first to the seventh of October are off, the tenth, a Saturday, makes up for it
        assert [day.day.day for day in queries.days_of(leave)] == [30, 8, 9, 10]

    def test_counts_calendar_days_where_the_type_says_so(self) -> None:
        company = Company(counts="calendar", unit="day")

        leave = company.ask(FRIDAY, NEXT_MONDAY)

        assert leave.minutes == 4 * DAY
        assert queries.days_of(leave)[0].starts_at == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)

    def test_takes_half_days(self) -> None:
        company = Company()

        leave = company.ask(TUESDAY, FRIDAY, from_midday=True, until_midday=True)

        first, *_between, last = queries.days_of(leave)
        assert leave.minutes == 3 * DAY
        assert (first.part, first.starts_at) == ("second", datetime(2026, 11, 17, 5, 0, tzinfo=UTC))
        assert (last.part, last.ends_at) == ("first", datetime(2026, 11, 20, 4, 0, tzinfo=UTC))

    def test_takes_hours_as_their_share_of_the_day(self) -> None:
        company = Company(unit="hour")

        leave = company.ask(TUESDAY, starts=time(11), ends=time(15))

        assert leave.minutes == 3 * 60  # the hour of the break is no work
        assert queries.days_of(leave)[0].part == "hours"

    @pytest.mark.parametrize(("first", "last"), [(date(2026, 11, 21), date(2026, 11, 22)), (TUESDAY, TUESDAY)])
    def test_refuses_what_takes_no_work(self, first: date, last: date) -> None:
        halves = {"from_midday": True, "until_midday": True} if first == last else {}

        with pytest.raises(NothingToTake):
            Company().ask(first, last, **halves)

    def test_refuses_units_the_type_does_not_know(self) -> None:
        whole, half = Company(unit="day"), Company(unit="half_day")

        with pytest.raises(UnitTooSmall):
            whole.ask(TUESDAY, from_midday=True)
        with pytest.raises(UnitTooSmall):
            half.ask(TUESDAY, starts=time(9), ends=time(10))

    def test_refuses_days_outside_of_the_employment(self) -> None:
        company = Company()
        employing.end_employment(
            actor=SYSTEM, at=MONDAY, employment_id=company.employment.pk, to_on=FRIDAY, reason="resigned"
        )

        with pytest.raises(NotEmployedThroughout):
            company.ask(FRIDAY, NEXT_MONDAY)
        with pytest.raises(NotEmployedThroughout):
            company.ask(FRIDAY, TUESDAY)

    def test_refuses_an_overlap_and_names_the_other(self) -> None:
        company = Company()
        company.ask(TUESDAY, FRIDAY)

        with pytest.raises(OnLeaveAlready) as refusal:
            company.ask(FRIDAY, NEXT_MONDAY)

        assert refusal.value.params["type"] == company.type.label
        assert "2026年11月17日" in str(refusal.value)

    def test_lets_two_halves_of_a_day_be_two_leaves(self) -> None:
        company = Company()
        company.ask(TUESDAY, until_midday=True)

        assert company.ask(TUESDAY, from_midday=True).minutes == DAY // 2

    def test_refuses_more_than_is_left_with_what_waits(self) -> None:
        company = Company(days=3)
        company.ask(TUESDAY, date(2026, 11, 18))

        with pytest.raises(BalanceTooLow) as refusal:
            company.ask(date(2026, 11, 19), FRIDAY)

        assert "申请 2 天，这些日子可用 1 天" in str(refusal.value)
        assert company.left() == 1

    def test_lets_some_be_owed_where_the_type_does(self) -> None:
        company = Company(days=1, may_owe=DAY)

        assert company.ask(TUESDAY, date(2026, 11, 18)).minutes == 2 * DAY
        with pytest.raises(BalanceTooLow):
            company.ask(FRIDAY)

    def test_asks_for_a_document_where_it_is_long(self) -> None:
        company = Company(days=0, needs_balance=False, document_after=1)

        assert company.ask(TUESDAY).documents.count() == 0
        with pytest.raises(DocumentMissing):
            company.ask(date(2026, 11, 18), FRIDAY)
        with pytest.raises(DocumentUnusable):
            company.ask(date(2026, 11, 18), FRIDAY, files=[("a.exe", b"MZ")])
        assert company.ask(date(2026, 11, 18), FRIDAY, files=[PDF]).documents.count() == 1

    def test_refuses_what_is_too_long_or_too_early(self) -> None:
        company = Company(most_days=2, after_months=12)
        newcomer = make_employment(
            make_user("employee"), department=company.department, from_on=date(2026, 6, 1), manager=company.boss
        )

        with pytest.raises(TooLong):
            company.ask(TUESDAY, FRIDAY)
        with pytest.raises(TypeNotOpen):
            company.ask(TUESDAY, actor=SYSTEM, employment_id=newcomer.pk)

    def test_seals_the_reason(self) -> None:
        leave = Company().ask(TUESDAY, reason="My child is ill")

        assert b"child" not in bytes(leave.reason_sealed)
        assert queries.reason_of(leave) == "My child is ill"

    def test_is_for_oneself_and_for_hr(self) -> None:
        company = Company()

        with pytest.raises(NotFound):
            company.ask(TUESDAY, user=company.boss_user)
        with pytest.raises(NotFound):
            company.ask(TUESDAY, user=make_user("employee"))
        with pytest.raises(NotFound):
            company.ask(TUESDAY, user=make_user("hr_manager"))
        assert company.ask(TUESDAY, user=company.hr).requested_by == company.hr.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
class TestTwoAtOnce:
    def test_of_two_requests_for_the_last_days_one_is_refused(self) -> None:
        company = Company(days=2)
        said: list[str] = []

        def ask(first: date) -> None:
            try:
                company.ask(first, first + timedelta(days=1))
                said.append("asked")
            except BalanceTooLow:
                said.append("refused")
            finally:
                connections.close_all()

        threads = [threading.Thread(target=ask, args=(date(2026, 11, 17 + 2 * number),)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(said) == ["asked", "refused"]

    def test_of_two_requests_for_the_same_days_one_is_refused(self) -> None:
        company = Company(days=0, needs_balance=False)
        said: list[str] = []

        def ask() -> None:
            try:
                company.ask(TUESDAY, FRIDAY)
                said.append("asked")
            except OnLeaveAlready:
                said.append("refused")
            finally:
                connections.close_all()

        threads = [threading.Thread(target=ask) for _number in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(said) == ["asked", *["refused"] * 4]


@pytest.mark.django_db
class TestApprove:
    def test_takes_the_days_from_the_ledger_and_says_when_somebody_is_away(self) -> None:
        company = Company()

        leave = company.taken(TUESDAY, FRIDAY)

        assert leave.state == Leave.State.APPROVED
        assert company.left() == 6
        event = timeline.events_of(company.employment.person_id).get(name="leave.leave.approved")
        assert len(event.payload["intervals"]) == 4
        away = queries.approved_between([company.employment.pk], MONDAY, MONDAY + timedelta(days=2))
        days = list(LeaveDay.objects.filter(leave=leave, day__lt=TUESDAY + timedelta(days=2)).order_by("day"))
        assert [(one.day, one.part, one.starts_at) for one in days] == [
            (TUESDAY, "day", datetime(2026, 11, 17, 1, 0, tzinfo=UTC)),
            (date(2026, 11, 18), "day", datetime(2026, 11, 18, 1, 0, tzinfo=UTC)),
        ]
        assert sorted(away[company.employment.pk]) == [
            (int(one.starts_at.timestamp()), int(one.ends_at.timestamp()), True) for one in days
        ]

    def test_takes_them_once_however_often_it_is_told(self) -> None:
        company = Company()
        leave = company.taken(TUESDAY)
        outcome = outcomes.Outcome(leave.request_id, leave.pk, {}, None, None, MONDAY, None)  # type: ignore[arg-type]  # it has a request

        outcomes.approve(outcome)
        outcomes.decline(outcome)

        assert company.left() == 9

    def test_what_waits_or_was_declined_is_no_leave(self) -> None:
        company = Company()
        company.ask(TUESDAY)
        declined = company.decide(company.ask(FRIDAY), approves=False)

        assert declined.state == Leave.State.DECLINED
        assert queries.approved_between([company.employment.pk], MONDAY, MONDAY + timedelta(days=30)) == {}
        assert company.left() == 9

    def test_a_declined_day_can_be_asked_for_again(self) -> None:
        company = Company()
        company.decide(company.ask(FRIDAY), approves=False)

        assert company.ask(FRIDAY).state == Leave.State.REQUESTED

    def test_tells_who_decides_which_half_or_which_hours_it_is(self) -> None:
        company = Company(unit=LeaveType.Unit.HOUR)
        half = company.ask(TUESDAY, from_midday=True)
        hours = company.ask(FRIDAY, starts=time(9), ends=time(11))

        with override("en"):
            told = [
                {
                    str(line.label): line.text
                    for line in words.description_of(Request.objects.get(pk=row.request_id)).lines
                }
                for row in (half, hours)
            ]

        assert (told[0]["From"], told[0]["Until"]) == ("17 Nov 2026, midday", "17 Nov 2026")
        assert told[1]["Time"] == "09:00–11:00"

    def test_longer_leave_needs_hr_too(self) -> None:
        company = Company()
        leave = company.ask(TUESDAY, NEXT_MONDAY)

        assert company.decide(leave, by=[company.boss_user]).state == Leave.State.REQUESTED
        assert company.decide(leave, by=[company.hr]).state == Leave.State.APPROVED


@pytest.mark.django_db
class TestWithdrawLeave:
    def test_lets_go_of_its_days(self) -> None:
        company = Company()
        leave = company.ask(TUESDAY)

        outcomes.withdraw_leave(actor=actor_of(company.user), at=MONDAY, leave_id=leave.pk)

        assert company.left() == 10
        assert company.ask(TUESDAY).pk != leave.pk
        with pytest.raises(NoLongerWaiting):
            outcomes.withdraw_leave(actor=actor_of(company.user), at=MONDAY, leave_id=leave.pk)

    @pytest.mark.parametrize("approved", [False, True])
    def test_locks_in_the_order_in_which_a_decision_is_told(self, approved: bool) -> None:
        company = Company()
        leave = company.taken(TUESDAY) if approved else company.ask(TUESDAY)
        take_back = outcomes.cancel_leave if approved else outcomes.withdraw_leave

        with CaptureQueriesContext(connection) as asked:
            take_back(actor=actor_of(company.user), at=MONDAY, leave_id=leave.pk)

        locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
        tables = [sql.partition(' FROM "')[2].partition('"')[0] for sql in locks]
        assert tables.index("approvals_request") < tables.index("leave_leave")

    def test_is_not_for_others(self) -> None:
        leave = Company().ask(TUESDAY)

        with pytest.raises(NotFound):
            outcomes.withdraw_leave(actor=actor_of(make_user("employee")), at=MONDAY, leave_id=leave.pk)


@pytest.mark.django_db
class TestCancelLeave:
    def test_gives_the_days_back_to_where_they_came_from(self) -> None:
        company = Company(days=1)
        company.give(5, expires_on=date(2026, 12, 31))
        leave = company.taken(TUESDAY, FRIDAY)

        outcomes.cancel_leave(actor=actor_of(company.user), at=MONDAY, leave_id=leave.pk)

        assert company.left() == 6
        account = company.account
        assert sorted(lot.left for lot in queries.lots_of(account)[0]) == [DAY, 5 * DAY]
        assert queries.approved_between([company.employment.pk], MONDAY, MONDAY + timedelta(days=9)) == {}
        event = timeline.events_of(company.employment.person_id).get(name="leave.leave.cancelled")
        assert len(event.payload["intervals"]) == 4

    def test_of_what_has_begun_is_for_hr(self) -> None:
        company = Company()
        leave = company.taken(TUESDAY, FRIDAY)
        wednesday = MONDAY + timedelta(days=2)

        with pytest.raises(BegunAlready):
            outcomes.cancel_leave(actor=actor_of(company.user), at=wednesday, leave_id=leave.pk)
        with pytest.raises(BegunAlready):
            outcomes.cancel_leave(actor=actor_of(company.boss_user), at=MONDAY, leave_id=leave.pk)

        outcomes.cancel_leave(actor=actor_of(company.hr), at=wednesday, leave_id=leave.pk)
        assert company.left() == 10

    def test_of_what_has_begun_is_for_hr_from_the_page_of_the_request_too(self) -> None:
        company = Company()
        leave = company.taken(TUESDAY, FRIDAY)
        assert leave.request_id is not None
        wednesday = MONDAY + timedelta(days=2)

        with pytest.raises(BegunAlready):
            approvals.cancel_request(actor=actor_of(company.user), at=wednesday, request_id=leave.request_id)
        run_due(wednesday)
        assert company.left() == 6

        approvals.cancel_request(actor=actor_of(company.hr), at=wednesday, request_id=leave.request_id)
        run_due(wednesday)
        assert company.left() == 10

    def test_may_come_before_it_was_told_of_the_approval(self) -> None:
        company = Company()
        leave = company.ask(TUESDAY)
        assert leave.request_id is not None
        approvals.decide_request(
            actor=actor_of(company.boss_user), at=MONDAY, request_id=leave.request_id, approves=True
        )

        approvals.cancel_request(actor=actor_of(company.user), at=MONDAY, request_id=leave.request_id)
        run_due(MONDAY)

        leave.refresh_from_db()
        assert (leave.state, company.left()) == (Leave.State.CANCELLED, 10)


@pytest.mark.django_db
class TestShortenLeave:
    def test_gives_back_the_days_after(self) -> None:
        company = Company()
        leave = company.taken(TUESDAY, FRIDAY)

        shorter = outcomes.shorten_leave(
            actor=actor_of(company.user), at=MONDAY + timedelta(days=2), leave_id=leave.pk, to_on=date(2026, 11, 18)
        )

        assert (shorter.to_on, shorter.minutes, company.left()) == (date(2026, 11, 18), 2 * DAY, 8)
        assert company.ask(FRIDAY).state == Leave.State.REQUESTED
        event = timeline.events_of(company.employment.person_id).get(name="leave.leave.shortened")
        assert (event.payload["to_on"], len(event.payload["intervals"])) == ("2026-11-18", 2)

    @pytest.mark.parametrize("day", [FRIDAY, date(2026, 11, 16)])
    def test_refuses_to_leave_nothing_or_all(self, day: date) -> None:
        company = Company()
        leave = company.taken(TUESDAY, FRIDAY)

        with pytest.raises(NotShorter):
            outcomes.shorten_leave(actor=actor_of(company.user), at=MONDAY, leave_id=leave.pk, to_on=day)

    def test_of_days_that_have_begun_is_for_hr(self) -> None:
        company = Company()
        leave = company.taken(TUESDAY, FRIDAY)
        thursday = MONDAY + timedelta(days=3)

        with pytest.raises(BegunAlready):
            outcomes.shorten_leave(actor=actor_of(company.user), at=thursday, leave_id=leave.pk, to_on=TUESDAY)


@pytest.mark.django_db
class TestEndWithEmployment:
    def test_takes_back_what_lies_behind_the_last_day(self) -> None:
        company = Company()
        over, after = company.taken(TUESDAY, FRIDAY), company.taken(NEXT_MONDAY)
        waiting = company.ask(date(2026, 11, 25))
        employing.end_employment(
            actor=SYSTEM, at=MONDAY, employment_id=company.employment.pk, to_on=date(2026, 11, 18), reason="resigned"
        )

        for _time in range(2):
            outcomes.end_with_employment(at=MONDAY, employment_id=company.employment.pk)

        rows = {leave.pk: (leave.state, leave.to_on) for leave in Leave.objects.all()}
        assert rows[over.pk] == ("approved", date(2026, 11, 18))
        assert rows[after.pk][0] == "cancelled"
        assert rows[waiting.pk][0] == "withdrawn"
        assert company.left() == 8


@pytest.mark.django_db
class TestAdjust:
    def test_is_for_hr_and_not_for_oneself(self) -> None:
        company = Company(days=0)
        own = make_employment(company.hr, department=company.department)
        given = {"at": MONDAY, "type_id": company.type.pk, "minutes": DAY, "on": TUESDAY, "note": "a"}

        ledger.adjust(actor=actor_of(company.hr), employment_id=company.employment.pk, **given)

        with pytest.raises(NotFound):
            ledger.adjust(actor=actor_of(company.hr), employment_id=own.pk, **given)
        with pytest.raises(NotFound):
            ledger.adjust(actor=actor_of(make_user("hr_manager")), employment_id=company.employment.pk, **given)

    def test_tells_the_reason_in_the_ledger(self) -> None:
        company = Company()
        company.give(-2, note="counted twice")

        ((_type, lines),) = queries.ledger_of(actor_of(company.hr), company.employment.pk)
        assert [(line.note, line.minutes / DAY, after / DAY) for line, after in lines] == [
            ("counted twice", -2, 8), ("given", 10, 10),
        ]  # fmt: skip


@pytest.mark.django_db
class TestEntries:
    @pytest.mark.parametrize("statement", ["UPDATE leave_entry SET minutes = 1", "DELETE FROM leave_entry"])
    def test_are_never_changed(self, statement: str) -> None:
        Company()

        with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db
class TestLeavesVisibleTo:
    def test_are_ones_own_those_of_the_team_and_of_ones_reach(self) -> None:
        company = Company()
        leave = company.ask(TUESDAY)

        for user in (company.user, company.boss_user, company.hr):
            assert list(queries.leaves_visible_to(actor_of(user))) == [leave]
        for user in (make_user("employee"), make_user("recruiter"), make_user("hr_manager")):
            assert not queries.leaves_visible_to(actor_of(user)).exists()

    def test_shows_reasons_to_oneself_and_hr(self) -> None:
        company = Company()
        leave = company.ask(TUESDAY, reason="a")

        seen = [queries.sees_reason(actor_of(user), leave) for user in (company.user, company.hr, company.boss_user)]
        assert seen == [True, True, False]
