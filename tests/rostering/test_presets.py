"""The presets of the branches: shifts that can be worked lawfully everywhere, and rules where the law has none."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rostering.making import AFTER, BEFORE, dates, day, said
from zhiren.kernel import parameters
from zhiren.rostering import law, plans

MONDAY = date(2026, 3, 2)
PRESETS = parameters.listed()[law.PRESETS]


def shifts(preset: str) -> list[dict[str, object]]:
    return parameters.parameter(law.PRESETS, preset, "shifts", on=MONDAY)  # type: ignore[no-any-return]


def worked(shift: plans.Shift, on: date) -> law.Day:
    """Return a date on which a shift is worked just as planned."""
    plan = plans.resolve(shift, on=on, zone="Asia/Shanghai", day_class=law.WORKDAY, next_class=law.WORKDAY)
    [segment] = plan.segments
    [(begins, ends)] = segment.breaks
    return law.Day(on, ((segment.start, begins), (ends, segment.end)), "Asia/Shanghai")


class TestPresets:
    def test_are_for_four_branches(self) -> None:
        assert PRESETS == ("logistics", "manufacturing", "office", "retail")

    @pytest.mark.parametrize("preset", PRESETS)
    def test_have_shifts_with_names_in_both_languages(self, preset: str) -> None:
        for written in shifts(preset):
            shift = plans.Shift.from_json(written["definition"])  # type: ignore[arg-type]
            assert written["name"]
            assert written["name_en"]
            assert 400 <= plans.planned_minutes(shift) <= 480

    @pytest.mark.parametrize("country", law.countries())
    @pytest.mark.parametrize("preset", PRESETS)
    def test_have_shifts_that_are_lawful_from_monday_to_friday(self, preset: str, country: str) -> None:
        lawful = law.Law(country=country, preset=preset)
        for written in shifts(preset):
            shift = plans.Shift.from_json(written["definition"])  # type: ignore[arg-type]
            week = [worked(shift, on) for on in dates(MONDAY, 5)]
            weekend = [day(on, zone="Asia/Shanghai", kind=law.REST_DAY) for on in dates(date(2026, 3, 7), 2)]

            assert law.check([*week, *weekend], law=lawful, at=AFTER) == []

    def test_fill_what_the_law_leaves_open(self) -> None:
        china = law.Law(country="cn")
        retail = law.Law(country="cn", preset="retail")
        # Free on the first Monday and on the second Sunday: a free day in each week, and twelve days of work in a row.
        days = [day(on, *(["09:00-15:00"] if 0 < n < 13 else [])) for n, on in enumerate(dates(MONDAY, 14))]

        assert law.check(days, law=china, at=BEFORE) == []
        [found] = law.check(days, law=retail, at=BEFORE)
        assert said([found]) == [("consecutive_days", 12, 6)]
        assert (found.severity, found.source) == ("soon", "Default of this product; no law sets it")

    def test_turn_into_a_breach_on_the_day_that_is_too_many(self) -> None:
        retail = law.Law(country="cn", preset="retail")
        days = [day(on, "09:00-15:00") for on in dates(date(2026, 3, 5), 7)]

        [before] = law.check(days, law=retail, at=days[5].work[0][1])
        [after] = law.check(days, law=retail, at=days[6].work[0][1])

        assert (before.severity, after.severity) == ("soon", "breach")

    def test_never_change_what_the_law_has(self) -> None:
        plain, preset = law.Law(country="de").on(MONDAY), law.Law(country="de", preset="office").on(MONDAY)

        assert preset["daily_rest"] == plain["daily_rest"]
        assert preset["consecutive_days"].value == 6

    def test_are_no_more_than_there_are(self) -> None:
        with pytest.raises(LookupError):
            law.check([day(MONDAY)], law=law.Law(country="cn", preset="circus"), at=BEFORE)
