"""`zhiren attendance compute`: everybody's month anew, from the database or from files."""

from __future__ import annotations

import os
import signal
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.attendance.test_frames import folder  # noqa: F401  # a fixture
from tests.factories import make_company
from tests.factories.attendance import make_worker
from zhiren.attendance import buckets, computing
from zhiren.attendance.models import ComputeRun, DayRecord
from zhiren.site import cli

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_django", nullcontext)
    make_company()


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, ["attendance", "compute", *words])


def test_computes_a_month_and_says_how_far_it_is(company: None) -> None:
    for _number in range(3):
        make_worker()

    first, again = (run("--period", "2026-10", "--workers", "1") for _time in range(2))

    assert first.exit_code == 0
    assert first.stdout == (
        "3 of 3 people: 93 of 93 days written, 0 unchanged, 0 noted beside closed months\n3 people: done.\n"
    )
    assert "0 of 93 days written, 93 unchanged" in again.stdout


def test_computes_what_waits_for_the_worker(company: None) -> None:
    worker, _other = make_worker(), make_worker()
    computing.mark([(worker.pk, date(2026, 10, 14))], at=datetime(2026, 11, 1, tzinfo=UTC))

    done = run("--period", "2026-10", "--marked", "--workers", "1")

    assert done.stdout.startswith("1 of 1 people: 1 of 1 days written")
    assert run("--period", "2026-10", "--marked").stdout == "0 people: done.\n"
    assert run("--period", "2026-10", "--marked", "--again").exit_code == 2


def test_computes_one_legal_entity_by_its_name_or_id(company: None) -> None:
    one, other = make_worker(), make_worker()

    run("--period", "2026-10", "--entity", one.entity.name, "--workers", "1")
    run("--period", "2026-10", "--entity", str(other.entity_id), "--workers", "1")

    assert list(ComputeRun.objects.order_by("begun_at").values_list("entity", "done")) == [
        (one.entity_id, 1), (other.entity_id, 1),
    ]  # fmt: skip


def test_stops_after_the_part_at_which_it_was_interrupted_and_goes_on(
    company: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(5):
        make_worker()
    monkeypatch.setattr("zhiren.attendance.runs.PEOPLE_AT_ONCE", 2)
    work = buckets.OfDatabase.__call__

    def interrupted(self: Any, bucket: int) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return work(self, bucket)

    monkeypatch.setattr(buckets.OfDatabase, "__call__", interrupted)
    stopped = run("--period", "2026-10", "--workers", "1")
    monkeypatch.setattr(buckets.OfDatabase, "__call__", work)

    assert stopped.exit_code == cli.INTERRUPTED
    assert "stopped: 2 of 5 people are done" in stopped.stderr
    assert DayRecord.objects.count() == 62
    went_on = run("--period", "2026-10", "--workers", "1")
    assert went_on.stdout.startswith("2 of 5 people: 62 of 62 days written")
    assert went_on.stdout.endswith("5 people: done.\n")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "such as 2026-10"),
        (("--period", "October"), "such as 2026-10"),
        (("--period", "0001-01"), "such as 2026-10"),
        (("--period", "2026-10", "--entity", "nobody"), "no such legal entity"),
        (("--period", "2026-10", "--from", "."), "go together"),
        (("--period", "2026-10", "--from", ".", "--to", "."), "leave --period"),
        (("--period", "2026-10", "--engine", "abacus"), "abacus"),
    ],
)
def test_says_what_is_wrong_with_what_was_asked(company: None, words: tuple[str, ...], why: str) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert why in result.stderr


def test_says_when_the_rules_are_not_compiled(company: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    result = run("--period", "2026-10", "--workers", "1")

    assert result.exit_code == 0
    assert "forty times slower" in result.stderr


def test_computes_files_without_a_database(folder: Path, tmp_path: Path) -> None:  # noqa: F811  # the fixture
    words = ("--from", str(folder), "--to", str(tmp_path / "days"), "--workers", "1")

    first, again = run(*words), run(*words)

    assert first.exit_code == 0
    assert first.stdout.splitlines()[-1].startswith("3 of 3 files: 36 days")
    assert first.stdout.endswith("0 files kept\n")
    assert again.stdout.endswith("3 files kept\n")


def test_says_what_is_missing_in_a_folder(tmp_path: Path) -> None:
    result = run("--from", str(tmp_path), "--to", str(tmp_path / "days"))

    assert result.exit_code == 1
    assert "no folders with a roster.parquet" in result.stderr
