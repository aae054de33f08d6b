"""The law in force on a date, and the days it judges."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.rostering.making import AFTER, BEFORE, at, dates, day, lasting, said
from zhiren.kernel import parameters
from zhiren.rostering import law

MONDAY = date(2026, 3, 2)

CHANGING = """
longest_day:
  description: A limit that changes.
  unit: hour
  checked_on: null
  values:
    2026-01-01: {value: 10, source: "Old act"}
    2026-03-04: {value: 9, source: "New act"}
longest_week:
  description: A limit of the week that ends.
  unit: hour
  checked_on: null
  values:
    2026-01-01: {value: 40, source: "Old act"}
    2026-03-04: {value: unlimited, source: "New act"}
"""


class TestLaw:
    def test_knows_all_seven_places(self) -> None:
        assert law.countries() == ["cn", "de", "gb", "jp", "sg", "us", "us_ca"]

    def test_has_lengths_in_minutes_and_their_source(self) -> None:
        term = law.Law(country="cn").on(MONDAY)["overtime_month"]

        assert term.value == 36 * 60
        assert term.source == "Labour Law of the People's Republic of China, art. 41"

    def test_had_other_numbers_in_the_past_and_none_before_the_first(self) -> None:
        china = law.Law(country="cn")

        assert china.on(date(1995, 4, 30))["normal_week"].value == 44 * 60
        assert china.on(date(1995, 5, 1))["normal_week"].value == 40 * 60
        assert china.on(date(1994, 12, 31)) == {}

    def test_takes_the_number_of_an_agreement_in_place_of_the_plain_one(self) -> None:
        japan = law.Law(country="jp", agreed=("article_36",)).on(MONDAY)
        special = law.Law(country="jp", agreed=("article_36", "special_clause")).on(MONDAY)

        assert "overtime_month" not in law.Law(country="jp").on(MONDAY)
        assert japan["overtime_year"].value == 360 * 60
        assert special["overtime_year"].value == 720 * 60
        assert "overtime_month" not in special

    def test_refuses_an_agreement_that_its_country_does_not_know(self) -> None:
        with pytest.raises(ValueError, match="cn knows no agreement opt_out"):
            law.Law(country="cn", agreed=("opt_out",))

    @pytest.mark.parametrize(("country", "period"), [("jp", law.Period.MONTH), ("cn", law.Period.DAY)])
    def test_refuses_comprehensive_hours_that_its_country_does_not_know(self, country: str, period: law.Period) -> None:
        with pytest.raises(ValueError, match=f"{country} has no comprehensive hours by the {period}"):
            law.Law(country=country, regime=law.Regime.COMPREHENSIVE, period=period)

    def test_says_which_agreements_there_are(self) -> None:
        assert law.agreements("gb") == {
            "approved",
            "fortnight",
            "night_worker",
            "opt_out",
            "special_case",
            "special_hazards",
            "workforce_agreement",
        }

    @pytest.mark.parametrize("country", ["xx", "presets", "..", ""])
    def test_does_not_make_up_a_country(self, country: str) -> None:
        with pytest.raises(LookupError):
            law.Law(country=country)

    @pytest.mark.parametrize("wrong", [{"week_starts": 0}, {"week_starts": 8}, {"year_starts": 13}])
    def test_has_weeks_of_seven_days_and_years_of_twelve_months(self, wrong: dict[str, int]) -> None:
        with pytest.raises(ValueError, match="week starts"):
            law.Law(country="us", **wrong)  # type: ignore[arg-type]


class TestCountryOf:
    @pytest.mark.parametrize(
        ("region", "country"),
        [("CN", "cn"), ("US-CA", "us_ca"), ("US-NY", "us"), ("DE-BY", "de"), ("FR", ""), ("", "")],
    )
    def test_is_the_whole_country_where_a_part_has_no_law_of_its_own(self, region: str, country: str) -> None:
        assert law.country_of(region) == country


class TestDatedLaw:
    """A law that changes on Wednesday, 4 March 2026."""

    @pytest.fixture(autouse=True)
    def changing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "zz").mkdir()
        (tmp_path / "zz" / "working_time.yaml").write_text(CHANGING)
        monkeypatch.setattr(parameters, "FOLDER", tmp_path)

    def test_judges_each_day_by_what_was_in_force_on_it(self) -> None:
        days = [lasting(on, 600) for on in dates(MONDAY, 4)]

        found = law.check(days[1:], law=law.Law(country="zz"), at=AFTER)

        assert [(one.code, one.days, one.source) for one in found] == [
            ("longest_day", (date(2026, 3, 4),), "New act"),
            ("longest_day", (date(2026, 3, 5),), "New act"),
        ]

    def test_judges_a_week_by_what_is_in_force_on_its_last_day(self) -> None:
        old = [lasting(on, 481) for on in dates(date(2026, 2, 23), 5)]
        new = [lasting(on, 481) for on in dates(MONDAY, 5)]

        assert said(law.check(old, law=law.Law(country="zz"), at=AFTER)) == [("longest_week", 2405, 2400)]
        assert law.check(new, law=law.Law(country="zz"), at=AFTER) == []


class TestDays:
    def test_may_come_in_any_order(self) -> None:
        days = [day(on, "08:00-20:30") for on in dates(MONDAY, 6)]
        germany = law.Law(country="de")

        assert law.check(days[::-1], law=germany, at=BEFORE) == law.check(days, law=germany, at=BEFORE) != []

    def test_are_one_for_each_date(self) -> None:
        with pytest.raises(ValueError, match="two days of 2026-03-02"):
            law.check([day(MONDAY), day(MONDAY)], law=law.Law(country="cn"), at=BEFORE)

    @pytest.mark.parametrize(
        "days",
        [
            [day(MONDAY, "12:00-09:00")],
            [day(MONDAY, "09:00-12:00", "11:00-15:00")],
            [day(MONDAY, "22:00-30:00"), day(date(2026, 3, 3), "05:00-09:00")],
        ],
    )
    def test_ascend_without_overlap(self, days: list[law.Day]) -> None:
        with pytest.raises(ValueError, match="must ascend"):
            law.check(days, law=law.Law(country="cn"), at=BEFORE)

    def test_may_be_none_at_all(self) -> None:
        assert law.check([], law=law.Law(country="de"), at=BEFORE) == []
        assert law.overtime([], law=law.Law(country="cn")) == []

    def test_count_whole_minutes(self) -> None:
        start = at(MONDAY, "06:00", "UTC")
        germany = law.Law(country="de", agreed=("sunday_work",))
        spans = ((start, start + 5 * 3600), (start + 6 * 3600, start + 11 * 3600 + 59))

        assert law.check([law.Day(MONDAY, spans)], law=germany, at=AFTER) == []
        longer = (spans[0], (spans[1][0], spans[1][1] + 1))
        assert said(law.check([law.Day(MONDAY, longer)], law=germany, at=AFTER)) == [("longest_day", 601, 600)]


class TestSeverity:
    def test_of_a_day_turns_when_its_limit_is_passed(self) -> None:
        days = [day(MONDAY, "08:00-13:00", "14:00-20:00")]
        germany = law.Law(country="de")

        [planned] = law.check(days, law=germany, at=at(MONDAY, "07:00", "UTC"))
        [just_in] = law.check(days, law=germany, at=at(MONDAY, "19:00", "UTC"))
        [passed] = law.check(days, law=germany, at=at(MONDAY, "19:01", "UTC"))

        assert [one.severity for one in (planned, just_in, passed)] == ["soon", "soon", "breach"]

    def test_of_a_sum_turns_when_the_part_that_is_done_passes_it(self) -> None:
        days = [lasting(on, 540) for on in dates(MONDAY, 5)]
        japan = law.Law(country="jp")

        def week_at(on: date) -> law.Severity:
            findings = law.check(days, law=japan, at=at(on, "23:00", "UTC"))
            return next(one.severity for one in findings if one.code == "longest_week")

        assert week_at(date(2026, 3, 5)) == law.Severity.SOON  # 36 hours of 40 are done
        assert week_at(date(2026, 3, 6)) == law.Severity.BREACH

    def test_of_rest_turns_when_the_next_work_begins(self) -> None:
        days = [day(MONDAY, "14:00-20:00"), day(date(2026, 3, 3), "06:00-12:00")]
        britain = law.Law(country="gb")

        [before] = law.check(days, law=britain, at=at(date(2026, 3, 3), "06:00", "UTC"))
        [after] = law.check(days, law=britain, at=at(date(2026, 3, 3), "06:01", "UTC"))

        assert (before.severity, after.severity) == ("soon", "breach")
        assert after.days == (MONDAY, date(2026, 3, 3))
