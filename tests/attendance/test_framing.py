"""What is stored, as Parquet files: days computed from them are those of the database, cell by cell."""

from __future__ import annotations

import os
import signal
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.attendance.stored import make_crowd
from tests.factories import make_company, make_department
from tests.factories.attendance import NIGHT, make_worker, punch
from zhiren.attendance import frames, framing, months
from zhiren.attendance.models import TOTALS, DayRecord
from zhiren.kernel.actors import Actor
from zhiren.plumbing import clock
from zhiren.site import cli
from zhiren.timeline.models import EventRow

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: there are no Parquet files")
pq = pytest.importorskip("pyarrow.parquet")
pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
LATER = datetime(2026, 11, 20, 9, tzinfo=UTC)
ACTOR = Actor.system("attendance")
SAID = (*TOTALS, "flags", "n_punches", "n_kept")


def stored() -> dict[tuple[str, date], tuple[Any, ...]]:
    """Return what the days that are over say in the database."""
    return {
        (str(row.employment_id), row.on): (
            *(getattr(row, name) for name in SAID),
            *(moment and int(moment.timestamp()) for moment in (row.first_in, row.last_out)),
        )
        for row in DayRecord.objects.filter(is_final=True)
    }


def from_files(folder: Path, days: Path) -> dict[tuple[str, date], tuple[Any, ...]]:
    """Return what the days computed from a folder say."""
    parts = [part for _buckets, part in frames.compute(folder, days)]
    employees = pq.read_table(folder / "employees.parquet").to_pylist()
    whose = {row["employee"]: row["employment"] for row in employees}
    rows = [row for path in sorted(days.iterdir()) for row in pq.read_table(path).to_pylist()]
    assert sum(part.days for part in parts) == len(rows)
    return {
        (whose[row["employee"]], date.fromordinal(date(1970, 1, 1).toordinal() + row["work_date"])): tuple(
            row[name] for name in (*SAID, "first_in", "last_out")
        )
        for row in rows
    }


class TestWriteMonth:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_lets_files_come_to_what_the_database_comes_to(
        self, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(framing, "PEOPLE_AT_ONCE", 7)
        make_crowd(seed, 24, OCTOBER)
        months.compute_month(at=LATER, month=OCTOBER)

        steps = list(framing.write_month(actor=ACTOR, at=LATER, month=OCTOBER, to=tmp_path / "october"))

        assert [step.people for step in steps] == [7, 14, 21, 24]
        found = from_files(tmp_path / "october", tmp_path / "days")
        assert len(found) > 300
        assert found == stored()

    def test_leaves_out_punches_of_other_months_but_none_of_this_one(self, tmp_path: Path) -> None:
        night, nobody = make_worker(NIGHT), make_worker(placed_on=date(2026, 12, 1))
        for row, times in (
            (night, ("2026-09-28 21:50", "2026-10-30 21:50", "2026-10-31 06:10", "2026-11-03 21:50")),
            (nobody, ("2026-09-30 09:00", "2026-10-15 09:00", "2026-11-02 09:00")),
        ):
            punch(row, *times, at=LATER)

        steps = list(framing.write_month(actor=ACTOR, at=LATER, month=OCTOBER, to=tmp_path / "october"))
        [(_buckets, part)] = frames.compute(tmp_path / "october", tmp_path / "days")

        assert (steps[-1].punches, part.stray) == (3, 1)

    def test_leaves_out_days_that_go_on(self, tmp_path: Path) -> None:
        at = datetime(2026, 10, 14, 7, 30, tzinfo=UTC)
        make_crowd(4, 16, OCTOBER)
        months.compute_month(at=at, month=OCTOBER)

        list(framing.write_month(actor=ACTOR, at=at, month=OCTOBER, to=tmp_path / "october"))

        assert from_files(tmp_path / "october", tmp_path / "days") == stored()
        assert DayRecord.objects.filter(is_final=False).exists()

    def test_is_of_one_legal_entity_where_that_was_asked(self, tmp_path: Path) -> None:
        homes = [make_department(), make_department()]
        rows = make_crowd(5, 8, OCTOBER, departments=homes)

        list(framing.write_month(
            actor=ACTOR, at=LATER, month=OCTOBER, to=tmp_path / "one", entity_id=homes[0].entity_id
        ))  # fmt: skip

        told = pq.read_table(tmp_path / "one" / "employees.parquet").to_pylist()
        theirs = {row for row in rows if row.entity_id == homes[0].entity_id}
        assert {(row["employment"], row["number"]) for row in told} == {(str(row.pk), row.number) for row in theirs}

    def test_leaves_nothing_when_it_is_stopped_and_is_on_the_record_when_it_is_not(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(framing, "PEOPLE_AT_ONCE", 1)
        for _number in range(3):
            make_worker()
        steps = framing.write_month(actor=ACTOR, at=LATER, month=OCTOBER, to=tmp_path / "october")
        next(steps)
        steps.close()
        assert list(tmp_path.iterdir()) == []
        assert not EventRow.objects.filter(name="attendance.exported").exists()

        list(framing.write_month(actor=ACTOR, at=LATER, month=OCTOBER, to=tmp_path / "october"))

        assert EventRow.objects.get(name="attendance.exported").payload["people"] == 3
        assert [path.name for path in tmp_path.iterdir()] == ["october"]


class TestCommand:
    @pytest.fixture(autouse=True)
    def _company(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli, "_django", nullcontext)
        make_company()

    def run(self, *words: str) -> Result:
        with clock.travel(LATER):
            return CliRunner().invoke(cli.app, ["attendance", *words])

    def test_writes_what_compute_reads(self, tmp_path: Path) -> None:
        for _number in range(3):
            make_worker()
        folder, days = str(tmp_path / "october"), str(tmp_path / "days")

        written = self.run("export", "--period", "2026-10", "--to", folder)
        computed = self.run("compute", "--from", folder, "--to", days, "--workers", "1")

        assert written.exit_code == computed.exit_code == 0
        assert written.stdout.startswith("3 of 3 people: 0 punches\n")
        assert computed.stdout.startswith("1 of 1 files: 93 days, 0 punches of no day")

    def test_stops_when_it_is_interrupted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for _number in range(2):
            make_worker()
        monkeypatch.setattr(framing, "PEOPLE_AT_ONCE", 1)
        given = months.given

        def interrupted(**named: Any) -> months.Given:
            os.kill(os.getpid(), signal.SIGINT)
            return given(**named)

        monkeypatch.setattr(months, "given", interrupted)

        result = self.run("export", "--period", "2026-10", "--to", str(tmp_path / "october"))

        assert result.exit_code == cli.INTERRUPTED
        assert list(tmp_path.iterdir()) == []

    def test_says_what_is_wrong_with_what_was_asked(self, tmp_path: Path) -> None:
        full = tmp_path / "full"
        full.mkdir()
        (full / "a.txt").write_text("mine")
        for period, to, entity, code, why in (
            ("October", tmp_path / "new", "", 2, "such as 2026-10"),
            ("2026-10", full, "", 2, "not empty"),
            ("2026-10", full / "a.txt", "", 2, "not empty"),
            ("2026-10", full / "a.txt" / "below", "", 1, "cannot be written"),
            ("2026-10", tmp_path / "new", "nobody", 2, "no such legal entity"),
            ("1990-01", tmp_path / "new", "", 1, "nobody was employed"),
        ):
            make_worker()
            words = ("--period", period, "--to", str(to), *(("--entity", entity) if entity else ()))
            result = self.run("export", *words)

            assert (result.exit_code, why in result.stderr.replace("\n", " ")) == (code, True), result.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["full"]
