"""What time brings to a ledger: grants, what lapses, what is left at the end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories import MONDAY, SYSTEM, make_employment
from tests.factories.leave import Company, make_plan, make_type
from zhiren.leave import ledger, outcomes, queries
from zhiren.leave.errors import BalanceTooLow, NothingToTake, OnLeaveAlready
from zhiren.leave.models import Account, AccrualPlan, Entry, LeaveType
from zhiren.leave.rules import DAY
from zhiren.people import employing
from zhiren.people.models import Employment
from zhiren.plumbing import clock
from zhiren.plumbing.jobs import run_due
from zhiren.plumbing.ticks import tick
from zhiren.timeline import queries as timeline

NEW_YEAR = datetime(2027, 1, 1, 1, 0, tzinfo=UTC)


def accrue(employment: Employment, leave_type: LeaveType, at: datetime = MONDAY) -> Account:
    return ledger.accrue(at=at, employment_id=employment.pk, type_id=leave_type.pk)


def lines(account: Account) -> list[tuple[str, float, date]]:
    rows = account.entries.order_by("on", "id").values_list("kind", "minutes", "on")
    return [(kind, minutes / DAY, on) for kind, minutes, on in rows]


@pytest.mark.django_db
class TestAccrue:
    def test_grants_each_period_once(self) -> None:
        employment, leave_type = make_employment(), make_type()
        make_plan(leave_type, grants="monthly")

        for _time in range(3):
            account = accrue(employment, leave_type)

        assert lines(account) == [("grant", 1, date(2026, month, 1)) for month in range(1, 12)]
        assert account.due_on == date(2026, 12, 1)
        assert queries.balance_on(account, date(2026, 3, 31)) == 3 * DAY

    def test_takes_the_plan_of_the_entity_before_that_of_all(self) -> None:
        employment, leave_type = make_employment(), make_type()
        make_plan(leave_type, days=5)
        make_plan(leave_type, days=9, entity=employment.entity)

        assert lines(accrue(employment, leave_type)) == [("grant", 9, date(2026, 1, 1))]

    def test_by_law_follows_service_anywhere(self) -> None:
        employment = make_employment(from_on=date(2025, 1, 1), worked_since=date(2005, 1, 1))
        leave_type = LeaveType.objects.get(code="annual")
        AccrualPlan.objects.filter(type=leave_type).update(from_on=date(2026, 1, 1))

        assert lines(accrue(employment, leave_type)) == [("grant", 15, date(2026, 1, 1))]

    def test_carries_over_what_may_be_and_lets_the_rest_lapse(self) -> None:
        employment, leave_type = make_employment(), make_type()
        make_plan(leave_type, carry_most=3 * DAY, carry_months=3)
        accrue(employment, leave_type)

        account = accrue(employment, leave_type, NEW_YEAR)

        assert lines(account)[1:] == [
            ("carry", -3, date(2027, 1, 1)), ("expire", -9, date(2027, 1, 1)), ("carry", 3, date(2027, 1, 1)),
            ("grant", 12, date(2027, 1, 1)),
        ]  # fmt: skip
        assert account.due_on <= date(2027, 4, 1)
        accrue(employment, leave_type, datetime(2027, 4, 1, 1, tzinfo=UTC))
        assert queries.balance_on(account, date(2027, 3, 31)) == 15 * DAY
        assert queries.balance_on(account, date(2027, 4, 1)) == 12 * DAY

    def test_lets_nothing_lapse_that_waits_to_be_approved(self) -> None:
        company = Company(days=0)
        company.give(2, expires_on=date(2026, 11, 30))
        leave = company.ask(date(2026, 11, 30))

        accrue(company.employment, company.type, datetime(2026, 12, 2, tzinfo=UTC))
        company.decide(leave)

        account = accrue(company.employment, company.type, datetime(2026, 12, 3, tzinfo=UTC))
        assert [kind for kind, _days, _on in lines(account)] == ["adjust", "use", "expire"]
        assert queries.balance_on(account, date(2026, 12, 3)) == 0

    def test_sets_off_what_was_owed(self) -> None:
        company = Company(days=1, may_owe=2 * DAY)
        company.taken(date(2026, 11, 17), date(2026, 11, 19))
        assert company.left() == -2

        company.give(5, on=MONDAY.date())
        assert company.left() == 3

        ledger_account = company.account
        assert queries.lots_of(ledger_account)[1] == 0

    def test_gives_back_what_was_set_off_for_leave_not_taken(self) -> None:
        company = Company(days=0, may_owe=2 * DAY)
        leave = company.taken(date(2026, 11, 17), date(2026, 11, 18))
        company.give(5, on=MONDAY.date())

        outcomes.cancel_leave(actor=SYSTEM, at=MONDAY, leave_id=leave.pk)

        lots, owed = queries.lots_of(company.account)
        assert ([lot.left for lot in lots], owed) == ([5 * DAY], 0)

    def test_promises_what_will_be_granted_by_then(self) -> None:
        company = Company(days=0)
        make_plan(company.type, days=2, carry_most=0)

        leave = company.ask(date(2027, 1, 4), date(2027, 1, 5))

        company.decide(leave)
        account = accrue(company.employment, company.type, NEW_YEAR)
        assert queries.balance_on(account, date(2027, 1, 31)) == 0
        assert queries.lots_of(account)[1] == 0

    def test_pays_the_new_years_leave_with_what_was_carried_into_it(self) -> None:
        company = Company(days=0)
        make_plan(company.type, days=2, carry_most=DAY, carry_months=3)
        accrue(company.employment, company.type)

        (balance,) = (one for one in queries.balances_of(company.employment, on=MONDAY.date()) if one.left)
        assert balance.lapses == [(date(2026, 12, 31), DAY), (date(2027, 3, 31), DAY)]
        with pytest.raises(BalanceTooLow):
            company.ask(date(2027, 1, 4), date(2027, 1, 7))
        company.taken(date(2027, 1, 4), date(2027, 1, 6))

        account = accrue(company.employment, company.type, NEW_YEAR)
        lots, owed = queries.lots_of(account)
        assert ([lot.left for lot in lots], owed) == ([0, 0, 0], 0)


@pytest.mark.django_db
class TestLeavers:
    def test_are_paid_out_what_the_worked_part_of_the_year_gave(self) -> None:
        company = Company(days=0, pays_out=True)
        make_plan(company.type, days=12, carry_most=0, round_to=DAY)
        accrue(company.employment, company.type)
        company.taken(date(2026, 11, 17))
        employing.end_employment(
            actor=SYSTEM, at=MONDAY, employment_id=company.employment.pk, to_on=date(2026, 11, 30), reason="resigned"
        )
        run_due(MONDAY)

        tick(datetime(2026, 12, 1, 1, tzinfo=UTC))
        tick(datetime(2026, 12, 1, 1, tzinfo=UTC))

        account = company.account
        assert lines(account) == [
            ("grant", 12, date(2026, 1, 1)), ("use", -1, date(2026, 11, 17)), ("reduce", -2, date(2026, 11, 30)),
            ("payout", -9, date(2026, 12, 1)),
        ]  # fmt: skip
        event = timeline.events_of(company.employment.person_id).get(
            name="leave.balance.left", payload__type_id=str(company.type.pk)
        )
        assert event.payload["minutes"] == 9 * DAY

    def test_owe_nothing_back_in_days_they_took_too_many(self) -> None:
        company = Company(days=0, pays_out=True)
        make_plan(company.type, days=12, carry_most=0, round_to=DAY)
        accrue(company.employment, company.type)
        company.taken(date(2026, 11, 16), date(2026, 11, 30))
        employing.end_employment(
            actor=SYSTEM, at=MONDAY, employment_id=company.employment.pk, to_on=date(2026, 11, 30), reason="resigned"
        )

        account = accrue(company.employment, company.type, datetime(2026, 12, 1, 1, tzinfo=UTC))

        assert queries.balance_on(account, date(2026, 12, 31)) == -DAY
        assert not account.entries.filter(kind=Entry.Kind.PAYOUT).exists()

    def test_that_stay_after_all_have_their_leave_again(self) -> None:
        company = Company(days=0, pays_out=True)
        make_plan(company.type, days=12, carry_most=0, round_to=DAY)
        accrue(company.employment, company.type)

        def leave_on(day: date) -> None:
            employing.end_employment(
                actor=SYSTEM, at=MONDAY, employment_id=company.employment.pk, to_on=day, reason="resigned"
            )
            accrue(company.employment, company.type, datetime(2026, 12, 1, 1, tzinfo=UTC))

        leave_on(date(2026, 10, 31))
        assert queries.balance_on(company.account, date(2026, 12, 1)) == 0
        leave_on(date(2027, 6, 30))
        assert queries.balance_on(company.account, date(2026, 12, 1)) == 12 * DAY
        leave_on(date(2026, 11, 30))
        paid = company.account.entries.filter(kind=Entry.Kind.PAYOUT)
        assert sum(entry.minutes for entry in paid) == -10 * DAY


@pytest.mark.django_db
class TestOpenAccounts:
    def test_comes_with_being_employed(self) -> None:
        employment = make_employment()

        run_due(MONDAY + timedelta(hours=1))
        run_due(MONDAY + timedelta(hours=1))

        assert [account.type.code for account in employment.leave_accounts.all()] == ["annual"]

    def test_leaves_other_entities_out(self) -> None:
        first, second, leave_type = make_employment(), make_employment(), make_type()
        make_plan(leave_type, entity=first.entity)

        ledger.open_accounts(at=MONDAY)

        assert first.leave_accounts.filter(type=leave_type).exists()
        assert not second.leave_accounts.filter(type=leave_type).exists()


@pytest.mark.django_db
class TestBringUpToDate:
    def test_looks_at_what_is_due_where_somebody_works_and_then_rests(self) -> None:
        employment = make_employment()
        ledger.open_accounts(at=MONDAY)

        [account] = Account.objects.filter(employment=employment)

        assert ledger.bring_up_to_date(at=MONDAY) == [account.pk]
        assert ledger.bring_up_to_date(at=MONDAY) == []
        Account.objects.filter(pk=account.pk).update(due_on=date(2026, 11, 17))
        assert ledger.bring_up_to_date(at=datetime(2026, 11, 16, 15, 59, tzinfo=UTC)) == []
        assert ledger.bring_up_to_date(at=datetime(2026, 11, 16, 16, 0, tzinfo=UTC)) == [account.pk]

    def test_goes_on_until_all_are_done(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ledger, "BATCH", 2)
        leave_type = make_type()
        make_plan(leave_type)
        people = [make_employment() for _number in range(7)]
        ledger.open_accounts(at=MONDAY)

        with clock.travel(MONDAY):
            tick(MONDAY)
            tick(MONDAY)  # the next minute comes before the job has begun
            run_due(MONDAY)

        for employment in people:
            account = Account.objects.get(employment=employment, type=leave_type)
            assert lines(account) == [("grant", 12, date(2026, 1, 1))]
            assert account.due_on > MONDAY.date()

    def test_keeps_leave_from_nobody_for_the_sake_of_one_that_fails(self) -> None:
        broken, leave_type = make_type(), make_type()
        make_plan(leave_type)
        AccrualPlan.objects.create(type=broken, from_on=date(2026, 1, 1), steps=[["what", "is this"]])
        employment = make_employment()
        ledger.open_accounts(at=MONDAY)
        Account.objects.filter(employment=employment, type__code="annual").delete()

        found = ledger.bring_up_to_date(at=MONDAY)

        assert len(found) == 2
        assert lines(Account.objects.get(type=leave_type)) == [("grant", 12, date(2026, 1, 1))]
        assert ledger.bring_up_to_date(at=MONDAY) == [Account.objects.get(type=broken).pk]


@pytest.mark.django_db
class TestEarn:
    def test_gives_what_has_room_and_says_how_much(self) -> None:
        employment = make_employment()
        today = MONDAY.date()

        went_in = [
            ledger.earn(
                at=MONDAY, employment_id=employment.pk, code="compensatory", minutes=120, on=today, key=key, cap=200
            )
            for key in ("ot:1", "ot:2", "ot:3")
        ]

        assert went_in == [120, 80, 0]
        (balance,) = queries.balances_of(employment, on=today)
        assert balance.left == 200


class TestLedgerAlways(TestCase):
    """Whatever is given, taken, given back, and however time passes, the ledger adds up."""

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(["give", "take", "back", "time"]), st.integers(1, 20)), max_size=10))
    def test_adds_up(self, steps: list[tuple[str, int]]) -> None:
        company = Company(days=3, may_owe=2 * DAY)
        make_plan(company.type, days=10, grants="monthly", carry_most=2 * DAY, carry_months=1)
        at, leaves = MONDAY, []
        for step, number in steps:
            today = at.date()
            if step == "give":
                company.give(number, on=today, expires_on=today + timedelta(days=number), at=at)
            elif step == "time":
                at += timedelta(days=number * 3)
                accrue(company.employment, company.type, at)
            elif step == "take":
                try:
                    leaves.append(
                        company.decide(company.ask(today + timedelta(days=number), at=at, actor=SYSTEM), at=at)
                    )
                except (BalanceTooLow, NothingToTake, OnLeaveAlready):
                    continue
            elif leaves:
                outcomes.cancel_leave(actor=SYSTEM, at=at, leave_id=leaves.pop().pk)
        account = accrue(company.employment, company.type, at)

        lots, owed = queries.lots_of(account)
        entries = list(account.entries.all())
        assert sum(entry.minutes for entry in entries) == sum(lot.left for lot in lots) - owed
        assert 0 <= owed <= 2 * DAY
        assert all(lot.left >= 0 for lot in lots)
        assert [lot for lot in lots if lot.left and lot.expires_on and lot.expires_on < at.date()] == []
        used = -sum(entry.minutes for entry in entries if entry.kind in {"use", "release"})
        assert used == sum(leave.minutes for leave in leaves)
