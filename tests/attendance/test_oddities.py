"""What is strange in a file of punches."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zhiren.attendance.files import Punch
from zhiren.attendance.oddities import Double, Jump, oddities_of

NOW = datetime.fromisoformat("2026-03-31 12:00")


def punches(*rows: tuple[str, str], name: str = "") -> list[Punch]:
    """Return punches of a badge at a time, a line each."""
    return [Punch(badge, datetime.fromisoformat(at), line, name) for line, (badge, at) in enumerate(rows, 1)]


class TestOddities:
    def test_are_none_of_a_plain_file(self) -> None:
        found = oddities_of(
            punches(("1", "2026-03-02 08:55"), ("2", "2026-03-02 08:55"), ("1", "2026-03-02 18:00")), now=NOW
        )

        assert not any(vars(found).values())

    def test_name_lines_that_say_the_same(self) -> None:
        found = oddities_of(
            punches(("1", "2026-03-02 08:55"), ("2", "2026-03-02 08:56"), ("1", "2026-03-02 08:55")), now=NOW
        )

        assert found.doubles == (Double("1", datetime.fromisoformat("2026-03-02 08:55"), (1, 3)),)
        assert found.near == ()

    def test_name_second_punches_within_a_minute(self) -> None:
        rows = (
            ("1", "2026-03-02 08:55:00"),
            ("2", "2026-03-02 08:55:10"),
            ("1", "2026-03-02 08:55:59"),
            ("1", "2026-03-02 08:56:59"),
        )

        assert oddities_of(punches(*rows), now=NOW).near == (3,)

    def test_name_stretches_in_which_nobody_punched(self) -> None:
        rows = ("1", "2026-03-02 08:55"), ("1", "2026-03-06 08:55"), ("1", "2026-03-11 08:55")

        assert oddities_of(punches(*rows), now=NOW).quiet == ((date(2026, 3, 7), date(2026, 3, 10)),)

    def test_name_the_future_and_the_distant_past(self) -> None:
        rows = ("1", "2000-01-01 00:00"), ("1", "2026-03-31 12:00"), ("1", "2026-03-31 12:00:01")

        found = oddities_of(punches(*rows), now=NOW)

        assert (found.far_back, found.future, found.quiet) == ((1,), (3,), ())

    def test_name_a_badge_of_two_people_and_people_with_two_badges(self) -> None:
        one, other = punches(("1", "2026-03-02 08:55"), name="张三"), punches(("1", "2026-03-03 08:55"), name="李四")
        third = punches(("2", "2026-03-04 08:55"), name="李四")

        found = oddities_of([*one, *other, *third], now=NOW)

        assert (found.names, found.badges) == ({"1": ("张三", "李四")}, {"李四": ("1", "2")})

    def test_name_the_step_back_of_a_clock(self) -> None:
        begin = datetime.fromisoformat("2026-03-02 08:00")
        rows = [("1", (begin + timedelta(minutes=each)).isoformat()) for each in range(0, 300, 5)]
        rows[30:] = [(badge, (datetime.fromisoformat(at) - timedelta(hours=2)).isoformat()) for badge, at in rows[30:]]

        found = oddities_of(punches(*rows), now=NOW)

        assert found.jumps == (Jump(31, begin + timedelta(minutes=145), begin + timedelta(minutes=30)),)

    def test_name_no_step_of_a_file_that_is_sorted_otherwise(self) -> None:
        rows = [(badge, f"2026-03-{day:02d} 08:55") for badge in ("1", "2", "3") for day in range(2, 12)]

        assert oddities_of(punches(*rows), now=NOW).jumps == ()
