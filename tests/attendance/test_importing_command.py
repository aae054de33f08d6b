"""`zhiren import punches`: what is in a file, and the file brought in."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.factories import make_company
from tests.factories.attendance import make_worker
from zhiren.attendance.models import FileImport, Punch
from zhiren.site import cli

pytestmark = pytest.mark.django_db
ATTLOG = "895\t2026-11-17 08:58:12\t1\t0\n895\t2026-11-17 18:03:05\t1\t1\nbroken\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cli, "_django", nullcontext)
    make_company()
    path = tmp_path / "1_attlog.dat"
    path.write_text(ATTLOG)
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, ["import", "punches", *words])


class TestImportPunches:
    def test_shows_what_is_in_a_file_and_makes_no_punch(self, file: Path) -> None:
        result = run(str(file))

        assert (result.exit_code, result.stdout) == (0, "3 lines: 2 punches, 1 that are none\n")
        assert not Punch.objects.exists()

    def test_imports_it_when_told_to_and_again_without_doubling(self, file: Path) -> None:
        make_worker(badge="895")

        first, again = run(str(file), "--yes"), run(str(file), "--yes")

        assert "2 new, 0 known before, 0 of nobody yet." in first.stdout
        assert "0 new, 2 known before" in again.stdout
        assert Punch.objects.count() == 2

    def test_refuses_a_clock_nobody_works_by(self, file: Path) -> None:
        make_worker(badge="895")

        result = run(str(file), "--yes", "--zone", "Europe/Berlin")

        assert result.exit_code == 1
        assert "Europe/Berlin" in result.stderr
        assert not Punch.objects.exists()

    def test_leaves_what_must_be_said_to_the_page(self, file: Path) -> None:
        file.write_text("工号,打卡时间\n895,03/04/2026 08:58\n2320,05/04/2026 09:01\n")

        result = run(str(file), "--yes")

        assert result.exit_code == 1
        assert "order" in result.stderr
        assert FileImport.objects.get().state == "asking"

    def test_says_why_a_file_cannot_be_read(self, file: Path) -> None:
        file.write_text("%PDF-1.4")

        result = run(str(file))

        assert result.exit_code == 1
        assert result.stderr.endswith("1_attlog.dat cannot be read: unsupported\n")
