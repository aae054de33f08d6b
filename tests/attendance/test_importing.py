"""Files of punches brought in: shown before they count, every row once, nothing lost when something stops."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from tests.factories import SYSTEM, actor_of, make_user
from tests.factories.attendance import make_worker, wall
from zhiren.attendance import filetables, import_looks, import_queries, import_words, importing, queries, services
from zhiren.attendance.errors import FileNotReady, FileTooLarge, ZoneOfOthers
from zhiren.attendance.files import Mapping
from zhiren.attendance.import_forms import FileForm
from zhiren.attendance.models import FileImport, Punch
from zhiren.attendance.services import Incoming
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.people.models import Document
from zhiren.plumbing.jobs import run_due
from zhiren.timeline.models import EventRow

pytestmark = pytest.mark.django_db
NOON = wall("2026-11-18 12:00")
TUESDAY = date(2026, 11, 17)
ATTLOG = (
    "     895\t2026-11-17 08:58:12\t1\t0\t1\t0\r\n"
    "    2320\t2026-11-17 09:01:40\t1\t0\t1\t0\r\n"
    "     895\t2026-11-17 18:03:05\t1\t1\t1\t0\r\n"
)


def started(text: str = ATTLOG, *, name: str = "1_attlog.dat", **given: Any) -> FileImport:
    return importing.start_import(actor=SYSTEM, at=NOON, name=name, data=text.encode(), **given)


def imported(text: str = ATTLOG, **given: Any) -> FileImport:
    """Bring a file in as it is proposed, and let the worker do its work."""
    row = started(text, **given)
    importing.begin_import(actor=SYSTEM, at=NOON, import_id=row.pk)
    run_due(NOON)
    row.refresh_from_db()
    return row


def shown(row: FileImport) -> dict[str, Any]:
    return import_queries.shown_of(row)


class TestStartImport:
    def test_shows_what_is_in_a_file_and_makes_no_punch(self) -> None:
        make_worker(badge="895")

        row = started()

        look = shown(row)
        assert row.state == "asking"
        assert (row.lines, row.punches, row.rejected) == (3, 3, 0)
        assert look["read"][0] == {"line": 1, "badge": "895", "name": "", "at": "2026-11-17 08:58:12"}
        assert look["nobody"] == {"n": 1, "badges": ["2320"], "punches": 1}
        assert look["zones"] == {"Asia/Shanghai": 1}
        assert (look["first"], look["last"]) == ("2026-11-17 08:58", "2026-11-17 18:03")
        assert Punch.objects.count() == 0

    def test_keeps_neither_file_nor_what_is_shown_in_the_clear(self) -> None:
        row = started("工号,姓名,打卡时间\n895,王小明,2026-11-17 08:58\n", name="打卡.csv")

        assert "王小明".encode() not in bytes(row.shown_sealed)
        assert shown(row)["read"][0]["name"] == "王小明"

    def test_leaves_a_large_file_to_the_worker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importing, "AT_ONCE_BYTES", 10)

        row = started()
        assert row.state == "reading"
        run_due(NOON)

        row.refresh_from_db()
        assert (row.state, row.punches) == ("asking", 3)

    def test_asks_what_it_cannot_know(self) -> None:
        row = started("工号,打卡时间\n895,03/04/2026 08:58\n2320,05/04/2026 09:01\n", name="a.csv")

        assert shown(row)["doubts"] == ["order"]
        with pytest.raises(FileNotReady):
            importing.begin_import(actor=SYSTEM, at=NOON, import_id=row.pk)

    def test_says_why_a_file_cannot_be_read_and_lets_it_go(self) -> None:
        row = started("%PDF-1.4 no punches")

        row.refresh_from_db()
        assert (row.state, row.problem) == ("unreadable", "unsupported")
        assert row.document is None
        assert not Document.objects.filter(kind="punches").exists()

    def test_refuses_what_is_larger_than_can_be_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importing, "MAX_BYTES", 10)

        with pytest.raises(FileTooLarge):
            started()

        assert not FileImport.objects.exists()

    def test_says_how_large_a_file_may_be(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(filetables, "MAX_LINES", 2)

        row = started()

        row.refresh_from_db()
        assert (row.state, row.problem) == ("unreadable", "too_large")
        with override("en"):
            assert "1,000,000 lines" in str(import_words.PROBLEMS[row.problem])

    def test_takes_no_upload_into_memory_that_is_too_large(self) -> None:
        file = SimpleUploadedFile("a.csv", b"1")
        file.size = filetables.MAX_BYTES + 1
        form = FileForm({}, {"file": file}, actor=SYSTEM)

        assert not form.is_valid()
        assert "100 MB" in str(form.errors["file"])

    def test_is_for_those_who_manage_attendance(self) -> None:
        worker = make_worker()
        manager = actor_of(make_user("hr_manager", scope="entity", entity=worker.entity))
        other = make_worker()

        with pytest.raises(Forbidden):
            importing.start_import(actor=actor_of(make_user("employee")), at=NOON, name="a", data=b"1")
        for entity_id in (None, other.entity_id):
            with pytest.raises(NotFound):
                importing.start_import(actor=manager, at=NOON, name="a", data=b"1", entity_id=entity_id)
        row = importing.start_import(actor=manager, at=NOON, name="a", data=ATTLOG.encode(), entity_id=worker.entity_id)

        assert import_queries.latest_imports(manager) == [row]
        assert (
            import_queries.latest_imports(actor_of(make_user("hr_manager", scope="entity", entity=other.entity))) == []
        )


class TestChooseMapping:
    def test_reads_the_file_by_what_somebody_says(self) -> None:
        row = started("工号,打卡时间\n895,03/04/2026 08:58\n2320,05/04/2026 09:01\n", name="a.csv")
        mapping = import_looks.mapping_of(row.mapping)

        row = importing.choose_mapping(
            actor=SYSTEM, at=NOON, import_id=row.pk, mapping=_with(mapping, order="dmy", zone="Europe/Berlin")
        )

        assert shown(row)["doubts"] == []
        assert [one["at"] for one in shown(row)["read"]] == ["2026-04-03 08:58:00", "2026-04-05 09:01:00"]

    def test_guesses_another_sheet_anew(self) -> None:
        data = _workbook(
            {"说明": [["请看下一页"]], "打卡": [["考勤号", "日期", "时间"], ["895", "2026-11-17", "08:58"]]}
        )
        row = importing.start_import(actor=SYSTEM, at=NOON, name="a.xlsx", data=data)
        mapping = import_looks.mapping_of(row.mapping)
        assert (mapping.sheet, row.punches) == (1, 1)

        row = importing.choose_mapping(actor=SYSTEM, at=NOON, import_id=row.pk, mapping=_with(mapping, sheet=0))
        assert (row.mapping["sheet"], row.punches) == (0, 0)
        row = importing.choose_mapping(
            actor=SYSTEM, at=NOON, import_id=row.pk, mapping=_with(import_looks.mapping_of(row.mapping), sheet=1)
        )

        assert row.mapping == import_looks.mapping_to_json(mapping)

    def test_changes_nothing_of_a_file_that_was_imported(self) -> None:
        row = imported()

        with pytest.raises(FileNotReady):
            importing.choose_mapping(
                actor=SYSTEM, at=NOON, import_id=row.pk, mapping=import_looks.mapping_of(row.mapping)
            )


class TestImport:
    def test_makes_every_row_a_punch_and_computes_the_day(self) -> None:
        worker = make_worker(badge="895")

        row = imported()

        assert row.state == "done"
        assert (row.new, row.known, row.of_nobody, row.done) == (3, 0, 1, 3)
        record = queries.days_of(worker.pk, TUESDAY, TUESDAY)[TUESDAY]
        assert (record.worked, record.late, record.n_punches) == (480, 0, 2)
        punch = Punch.objects.get(at=wall("2026-11-17 08:58:12"))
        assert (punch.source, punch.employment_id, punch.zone) == ("file", worker.pk, "Asia/Shanghai")
        assert punch.details == {"file": str(row.pk), "line": 1}
        event = EventRow.objects.get(name="attendance.file.imported")
        assert (event.payload["new"], event.payload["rejected"]) == (3, 0)

    def test_makes_the_same_file_twice_the_same_punches(self) -> None:
        make_worker(badge="895")
        imported()

        row = imported()

        assert (row.new, row.known) == (0, 3)
        assert Punch.objects.count() == 3

    def test_makes_what_two_files_share_one_punch(self) -> None:
        make_worker(badge="895")
        imported()

        row = imported("工号,打卡时间\n895,2026-11-17 18:03:05\n895,2026-11-17 22:00:00\n", name="b.csv")

        assert (row.new, row.known) == (1, 1)
        assert Punch.objects.count() == 4

    def test_makes_a_line_that_stands_twice_one_punch(self) -> None:
        row = imported(ATTLOG + ATTLOG)

        assert (row.done, row.new, row.known) == (6, 3, 3)

    def test_knows_what_the_clock_itself_told(self) -> None:
        worker = make_worker(badge="895")
        told = Incoming(
            key="SN1:895:20261117085812", at=wall("2026-11-17 08:58:12"), zone="Asia/Shanghai", source="device",
            badge="895",
        )  # fmt: skip
        services.take_punches(at=NOON, punches=[told])

        row = imported()

        assert (row.new, row.known) == (2, 1)
        assert Punch.objects.filter(employment=worker).count() == 2

    def test_gives_a_badge_to_whom_the_entity_has(self) -> None:
        one, _other = make_worker(badge="895"), make_worker(badge="895")

        imported(entity_id=one.entity_id)

        assert set(Punch.objects.filter(badge="895").values_list("employment_id", flat=True)) == {one.pk}

    def test_keeps_what_nobody_has_until_somebody_does(self) -> None:
        imported()
        assert [stray.badge for stray in queries.strays(SYSTEM)] == ["895", "2320"]
        worker = make_worker(badge="2320")

        services.find_owners(at=NOON)

        assert Punch.objects.get(badge="2320").employment_id == worker.pk

    def test_keeps_lines_that_are_no_punches_with_their_reason(self) -> None:
        text = "工号,打卡时间\n895,2026-11-17 08:58\n,2026-11-17 09:00\n77,2026-13-45 09:00\n77,\n"

        row = imported(text, name="a.csv")

        assert (row.new, row.rejected) == (1, 3)
        assert [(one["line"], one["why"]) for one in importing.rejects_of(row)] == [
            (3, "no_badge"), (4, "bad_date"), (5, "no_time"),
        ]  # fmt: skip
        assert row.new + row.rejected + shown(row)["headings"] == row.lines

    def test_lets_the_file_go_when_it_is_done(self) -> None:
        row = imported()

        assert row.document is None
        assert not Document.objects.filter(kind="punches").exists()

    def test_takes_the_wall_time_by_the_zone_that_was_chosen(self) -> None:
        row = started()
        mapping = _with(import_looks.mapping_of(row.mapping), zone="Europe/Berlin")
        importing.choose_mapping(actor=SYSTEM, at=NOON, import_id=row.pk, mapping=mapping)

        importing.begin_import(actor=SYSTEM, at=NOON, import_id=row.pk)
        run_due(NOON)

        first = Punch.objects.order_by("at")[0]
        assert first.at == datetime(2026, 11, 17, 8, 58, 12, tzinfo=ZoneInfo("Europe/Berlin"))


class TestZone:
    def test_of_nobody_in_the_file_is_refused_unless_somebody_insists(self) -> None:
        make_worker(badge="895")
        row = started()
        mapping = _with(import_looks.mapping_of(row.mapping), zone="Europe/Berlin")
        importing.choose_mapping(actor=SYSTEM, at=NOON, import_id=row.pk, mapping=mapping)

        with pytest.raises(ZoneOfOthers) as refusal:
            importing.begin_import(actor=SYSTEM, at=NOON, import_id=row.pk)
        row = importing.begin_import(actor=SYSTEM, at=NOON, import_id=row.pk, zone_is_right=True)

        assert refusal.value.params == {"zone": "Europe/Berlin", "others": "Asia/Shanghai"}
        assert row.state == "importing"

    def test_that_shows_the_same_time_is_no_other(self) -> None:
        make_worker(badge="895")
        row = started()
        mapping = _with(import_looks.mapping_of(row.mapping), zone="Asia/Singapore")
        importing.choose_mapping(actor=SYSTEM, at=NOON, import_id=row.pk, mapping=mapping)

        assert importing.begin_import(actor=SYSTEM, at=NOON, import_id=row.pk).state == "importing"


class TestTakeSome:
    @pytest.fixture(autouse=True)
    def _two_at_a_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importing, "CHUNK", 2)

    def test_goes_on_where_a_worker_died(self) -> None:
        row = self._begun()
        reading = importing.reading_of(row.pk)
        assert reading is not None
        assert importing.take_some(import_id=row.pk, reading=reading, at=NOON)
        assert Punch.objects.count() == 2

        run_due(NOON)

        row.refresh_from_db()
        assert (row.state, row.done, row.new, row.known) == ("done", 3, 3, 0)

    def test_stops_when_somebody_says_so_and_goes_on_when_they_do(self) -> None:
        row = self._begun()
        reading = importing.reading_of(row.pk)
        assert reading is not None
        importing.take_some(import_id=row.pk, reading=reading, at=NOON)

        importing.stop_import(actor=SYSTEM, import_id=row.pk)
        assert not importing.take_some(import_id=row.pk, reading=reading, at=NOON)
        run_due(NOON)
        assert Punch.objects.count() == 2

        importing.go_on(actor=SYSTEM, import_id=row.pk)
        run_due(NOON)
        row.refresh_from_db()
        assert (row.state, row.new) == ("done", 3)

    def test_does_nothing_twice_when_its_job_runs_twice(self) -> None:
        row = self._begun()
        run_due(NOON)

        assert importing.reading_of(row.pk) is None
        assert Punch.objects.count() == 3

    def _begun(self) -> FileImport:
        return importing.begin_import(actor=SYSTEM, at=NOON, import_id=started().pk)


class TestThrowAway:
    def test_takes_the_file_and_leaves_the_punches(self) -> None:
        row = imported("工号,打卡时间\n895,2026-11-17 08:58\n,2026-11-17 09:00\n", name="a.csv")

        importing.throw_away(actor=SYSTEM, import_id=row.pk)

        assert not FileImport.objects.exists()
        assert not Document.objects.filter(kind="punches").exists()
        assert Punch.objects.count() == 1

    def test_waits_for_an_import_to_be_stopped(self) -> None:
        row = importing.begin_import(actor=SYSTEM, at=NOON, import_id=started().pk)

        with pytest.raises(FileNotReady):
            importing.throw_away(actor=SYSTEM, import_id=row.pk)


class TestForgetOld:
    def test_throws_away_what_is_kept_of_old_files(self) -> None:
        row = started()

        assert importing.forget_old(at=NOON + importing.KEPT - timedelta(hours=1)) == 0
        assert importing.forget_old(at=NOON + importing.KEPT + timedelta(hours=1)) == 1

        row.refresh_from_db()
        assert (row.document, bytes(row.shown_sealed)) == (None, b"")
        assert importing.forget_old(at=NOON + importing.KEPT + timedelta(hours=1)) == 0
        with pytest.raises(FileNotReady):
            importing.begin_import(actor=SYSTEM, at=NOON, import_id=row.pk)


class TestLook:
    def test_tells_what_is_strange(self) -> None:
        text = (
            ATTLOG
            + "895\t2026-11-17 08:58:12\t1\t0\r\n895\t2036-11-17 08:00:00\t1\t0\r\n895\t2024-11-17 08:00:00\t1\t0\r\n"
        )

        look = shown(started(text))

        assert look["odd"]["doubles"] == {"n": 1, "examples": ["1, 4"]}
        assert look["odd"]["future"]["n"] == 1
        assert look["beyond"] == {"future": 1, "old": 1}
        assert 8 in look["hours"]

    def test_names_columns_so_that_they_can_be_told_apart(self) -> None:
        row = started("工号,姓名,打卡时间\n895,王小明,2026-11-17 08:58\n", name="a.csv")

        assert shown(row)["columns"] == ["A · 工号 · 895", "B · 姓名 · 王小明", "C · 打卡时间 · 2026-11-17 08:58"]


def _with(mapping: Mapping, **given: Any) -> Mapping:
    return Mapping(**{**{name: getattr(mapping, name) for name in mapping.__dataclass_fields__}, **given})


def _workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()
