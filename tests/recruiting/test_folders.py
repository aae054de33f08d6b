"""A folder of résumés brought in from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import MONDAY, actor_of, make_opening, make_user
from tests.recruiting.test_intake import packed, text_resume
from zhiren.kernel.refusals import NotFound
from zhiren.recruiting import folders
from zhiren.recruiting.folders import Summary
from zhiren.recruiting.models import Application, Intake, IntakeFile, Opening

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three people, one of them in a ZIP, one of them twice, and a file that is broken."""
    (tmp_path / "below").mkdir()
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "a.txt").write_bytes(text_resume())
    (tmp_path / "below" / "b.txt").write_bytes(text_resume("林晓", "13900003333", "b@example.com"))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nthis is not one")
    (tmp_path / "copy of a.txt").write_bytes(text_resume())
    (tmp_path / "more.zip").write_bytes(packed(("c.txt", text_resume("周可", "13900004444", "c@example.com"))))
    return tmp_path


def bring_in(opening: Opening, folder: Path, *, at_most: int = 99) -> Summary:
    """Bring a folder in, and be interrupted after some files."""
    summary = Summary()
    steps = folders.bring_in(
        actor=actor_of(opening.owner),
        opening_id=opening.pk,
        paths=folders.files_in(folder),
        now=lambda: MONDAY,
        summary=summary,
    )
    for number, _path in enumerate(steps, 1):
        if number == at_most:
            break
    return summary


class TestBringIn:
    def test_counts_where_each_file_led(self, folder: Path) -> None:
        summary = bring_in(make_opening(), folder)

        assert (summary.looked_at, summary.candidates, summary.known, summary.tasks, summary.again) == (5, 3, 0, 1, 1)
        assert Application.objects.count() == 3
        assert Intake.objects.count() == 1

    def test_takes_nothing_twice_when_it_is_run_again(self, folder: Path) -> None:
        opening = make_opening()
        bring_in(opening, folder, at_most=2)
        IntakeFile.objects.filter(position=2).update(state="waiting", application=None)  # killed before it was read

        summary = bring_in(opening, folder)
        nothing_new = bring_in(opening, folder)

        assert summary.again == 2
        assert (nothing_new.candidates, nothing_new.tasks, nothing_new.again) == (0, 0, 5)
        assert IntakeFile.objects.count() == 4
        assert set(IntakeFile.objects.values_list("state", flat=True)) == {"done", "unreadable"}

    def test_names_what_could_not_be_read_from_the_disk(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(folders, "MOST_BYTES", 100)
        (folder / "gone.txt").symlink_to(folder / "a.txt")

        summary = bring_in(make_opening(), folder)

        assert (folder / "a.txt", "larger than 200 MB") in summary.left


class TestFindOpening:
    def test_finds_it_by_its_short_name_or_id_among_ones_own(self) -> None:
        opening = make_opening()
        owner = actor_of(opening.owner)

        assert folders.find_opening(owner, opening.slug) == folders.find_opening(owner, str(opening.pk)) == opening
        with pytest.raises(NotFound):
            folders.find_opening(actor_of(make_user()), opening.slug)
        with pytest.raises(NotFound):
            folders.find_opening(owner, "nothing-like-it")
