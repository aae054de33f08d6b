"""Files of punches: nothing is lost, nothing is made up, whatever wrote them."""

from __future__ import annotations

import gzip
import io
import struct
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, ClassVar

import pytest
import xlsxwriter

from zhiren.attendance import filebooks, files
from zhiren.attendance.files import Doubt, Layout, Mapping, Reading, Unclear, Why
from zhiren.resumes.errors import Reason, Unreadable

ATTLOG = (
    "     895\t2026-03-02 08:58:12\t1\t0\t1\t0\r\n"
    "    2320\t2026-03-02 09:01:40\t1\t0\t1\t0\r\n"
    "     895\t2026-03-02 18:03:05\t1\t1\t1\t0\r\n"
)


def at(text: str) -> datetime:
    """Return a local wall time."""
    return datetime.fromisoformat(text)


def read(data: bytes | str, **given: Any) -> Reading:
    """Return what a file holds by the mapping that is proposed; every line of it must be accounted for."""
    tables = files.tables_of(data.encode() if isinstance(data, str) else data)
    mapping = Mapping(**{**vars(files.guess(tables)), **given})
    reading = files.read(tables, mapping)
    assert reading.unaccounted(tables[mapping.sheet]) == set()
    return reading


def told(reading: Reading) -> list[tuple[str, str]]:
    """Return the punches as badge and time."""
    return [(punch.badge, punch.at.isoformat(" ")) for punch in reading.punches]


def whys(reading: Reading) -> list[tuple[int, Why]]:
    """Return the lines that are none, and why."""
    return [(each.line, each.why) for each in reading.rejected]


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return an XLSX with these cells."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    formats = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        time: book.add_format({"num_format": "hh:mm"}),
    }
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if type(cell) in formats:
                    sheet.write_datetime(line, column, cell, formats[type(cell)])
                elif cell != "":
                    sheet.write(line, column, cell)
    book.close()
    return target.getvalue()


def endless_workbook() -> bytes:
    """Return an XLS of three sectors whose directory goes on with itself, which fills all memory of some readers."""
    data = bytearray(1536)
    data[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<5H", data, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<9I", data, 40, 0, 1, 1, 0, 0x1000, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", data, 76, 0, *[0xFFFFFFFF] * 108)
    struct.pack_into("<2I", data, 512, 0xFFFFFFFD, 1)
    return bytes(data)


class TestAttlog:
    def test_is_read_without_a_heading(self) -> None:
        reading = read(ATTLOG)

        assert told(reading) == [
            ("895", "2026-03-02 08:58:12"),
            ("2320", "2026-03-02 09:01:40"),
            ("895", "2026-03-02 18:03:05"),
        ]
        assert [punch.line for punch in reading.punches] == [1, 2, 3]
        assert (reading.headings, reading.rejected, reading.lines) == ((), (), 3)

    def test_keeps_the_zeros_of_a_badge(self) -> None:
        assert read(ATTLOG.replace("     895", "00000895")).punches[0].badge == "00000895"

    def test_takes_no_status_for_a_punch_and_no_badge_for_a_date(self) -> None:
        reading = read("45123\t2026-03-02 08:58:12\t0\t1\n45124\t2026-03-02 08:59:12\t0\t1\n")

        assert told(reading) == [("45123", "2026-03-02 08:58:12"), ("45124", "2026-03-02 08:59:12")]

    def test_says_of_broken_lines_what_is_wrong(self) -> None:
        reading = read(
            ATTLOG + "895\t2026-02-30 08:00:00\t1\t0\n895\t2000-00-00 00:00:00\t1\t0\n\t2026-03-02 08:00:00\t1\t0\n"
            "895\n895\t2026-03-02 25:61:00\t1\t0\n895\t2026-03-02 08:00:599\t1\t0\n895\t2026-03-02\t1\t0\n"
        )

        assert len(reading.punches) == 3
        assert whys(reading) == [
            (4, Why.BAD_DATE),
            (5, Why.BAD_DATE),
            (6, Why.NO_BADGE),
            (7, Why.FEW_COLUMNS),
            (8, Why.BAD_TIME),
            (9, Why.BAD_TIME),
            (10, Why.NO_TIME),
        ]
        assert reading.rejected[0].text == "895\t2026-02-30 08:00:00\t1\t0"

    def test_passes_over_blank_lines_and_the_end_mark_of_old_systems(self) -> None:
        reading = read("\r\n" + ATTLOG + "\r\n\x1a")

        assert [punch.line for punch in reading.punches] == [2, 3, 4]
        assert reading.rejected == ()

    def test_loses_one_line_to_broken_bytes_and_not_the_next(self) -> None:
        data = ATTLOG.encode().replace(b"    2320", b"\xff\xfe\x00\x81 2320")

        reading = read(data)

        assert [punch.badge for punch in reading.punches] == ["895", "895"]
        assert whys(reading) == [(2, Why.NO_BADGE)]

    def test_has_names_beside_badges(self) -> None:
        reading = read(
            "1\t张三\t2026-03-02 08:58:12\t0\n2\t李四\t2026-03-02 08:59:00\t0\n12\t王五六\t2026-03-02 09:00:00\t0\n"
        )

        assert [(punch.badge, punch.name) for punch in reading.punches] == [
            ("1", "张三"),
            ("2", "李四"),
            ("12", "王五六"),
        ]

    def test_of_ninety_columns_is_read_by_two_of_them(self) -> None:
        line = "895\t2026-03-02 08:58:12" + "\t0" * 88 + "\n"

        assert told(read(line * 3)) == [("895", "2026-03-02 08:58:12")] * 3

    def test_may_part_its_columns_by_blanks(self) -> None:
        reading = read("1  2026-03-02 08:58:12  0\n2  2026-03-02 08:59:12  0\n")

        assert told(reading) == [("1", "2026-03-02 08:58:12"), ("2", "2026-03-02 08:59:12")]
        assert told(read("1 2026-03-02 08:58:12 0\n2 2026-03-02 08:59:12 0\n")) == told(reading)


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
    def test_is_read_in_the_encodings_people_write(self, encoding: str) -> None:
        text = "工号,姓名,打卡时间\r\n007,张三,2026-03-02 08:58:12\r\n008,欧阳娜娜,2026-03-02 09:02:00\r\n"

        reading = read(text.encode(encoding))

        assert [(punch.badge, punch.name) for punch in reading.punches] == [("007", "张三"), ("008", "欧阳娜娜")]
        assert reading.headings == (1,)

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_is_parted_by_what_parts_it(self, delimiter: str) -> None:
        lines = [["Badge", "Name", "Date/Time"], ["7", "Ann, B.", "2026-03-02 08:58"], ["8", "Ben", "2026-03-02 08:59"]]
        quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in line] for line in lines]

        reading = read("\n".join(delimiter.join(line) for line in quoted))

        assert told(reading) == [("7", "2026-03-02 08:58:00"), ("8", "2026-03-02 08:59:00")]
        assert reading.punches[0].name == "Ann, B."

    def test_survives_a_quote_that_nobody_closed(self) -> None:
        lines = ["工号,姓名,时间"] + [f"{n},人{n},2026-03-02 08:{n:02d}:00" for n in range(10, 30)]
        lines[5] = lines[5].replace("人", '"人')

        assert len(read("\n".join(lines)).punches) == 20

    def test_may_run_over_lines_within_quotes(self) -> None:
        reading = read('工号,备注,时间\n7,"第一\n第二",2026-03-02 08:58\n8,,2026-03-02 08:59\n')

        assert [(punch.badge, punch.line) for punch in reading.punches] == [("7", 2), ("8", 4)]

    def test_may_have_tabs_that_only_keep_a_spreadsheet_from_counting(self) -> None:
        reading = read(
            "工号\t,姓名\t,打卡时间\t\n0012\t,张三\t,2026-03-02 08:58:12\t\n0013\t,李四\t,2026-03-02 08:59:12\t\n"
        )

        assert told(reading) == [("0012", "2026-03-02 08:58:12"), ("0013", "2026-03-02 08:59:12")]

    def test_of_another_product_has_many_columns_and_some_that_do_not_count(self) -> None:
        head = "姓名,工号,部门,职位,手机号,打卡时间,打卡地点,来源,来源描述,是否有效,设备ID,设备名称,wifi名称"
        row = "张三,A0012,销售部,店长,13800000000,2026/3/2 8:58,门店,考勤机,,是,3,前门,"

        reading = read(f"{head}\n{row}\n{row.replace('8:58', '18:02')}\n")

        assert told(reading) == [("A0012", "2026-03-02 08:58:00"), ("A0012", "2026-03-02 18:02:00")]
        assert reading.punches[0].name == "张三"

    def test_prefers_the_number_at_the_clock_to_others(self) -> None:
        lines = [f"{number},1,0000002{number},Wang,0,2026/03/02 08:58:12" for number in (4, 5)]

        reading = read("\n".join(["No,TMNo,EnNo,Name,Mode,DateTime", *lines]))

        assert [punch.badge for punch in reading.punches] == ["00000024", "00000025"]

    def test_may_have_a_line_for_a_day_with_in_and_out(self) -> None:
        reading = read(
            "考勤号码,姓名,日期,对应时段,上班时间,下班时间,签到时间,签退时间,迟到时间\n"
            "12,张三,2026-03-02,正常,09:00,18:00,08:55,18:03,\n"
            "12,张三,2026-03-03,正常,09:00,18:00,09:12,,00:12\n"
            "12,张三,2026-03-04,正常,09:00,18:00,,,\n"
        )

        assert told(reading) == [
            ("12", "2026-03-02 08:55:00"),
            ("12", "2026-03-02 18:03:00"),
            ("12", "2026-03-03 09:12:00"),
        ]
        assert whys(reading) == [(4, Why.NO_TIME)]

    def test_may_have_several_times_in_a_cell(self) -> None:
        lines = ["12,2026-03-02,08:55 12:01;13:02 18:03", "12,2026-03-03,08:5512:01", "13,2026-03-02,次日00:35"]

        reading = read("\n".join(["工号,日期,打卡时间", *lines]))

        assert told(reading) == [
            ("12", "2026-03-02 08:55:00"),
            ("12", "2026-03-02 12:01:00"),
            ("12", "2026-03-02 13:02:00"),
            ("12", "2026-03-02 18:03:00"),
            ("12", "2026-03-03 08:55:00"),
            ("12", "2026-03-03 12:01:00"),
            ("13", "2026-03-03 00:35:00"),
        ]

    def test_has_titles_above_its_headings(self) -> None:
        reading = read(
            "某某公司打卡记录,,\n统计日期：2026-03-01 至 2026-03-31,,\n工号,姓名,时间\n12,张三,2026-03-02 08:55\n"
        )

        assert reading.headings == (1, 2, 3)
        assert told(reading) == [("12", "2026-03-02 08:55:00")]


class TestDates:
    @pytest.mark.parametrize(
        "written",
        [
            "2026-03-02 08:05:00", "2026/3/2 8:05", "2026.03.02 08:05", "2026年3月2日 8时05分",
            "2026年03月02日 08:05:00", "20260302080500", "2026-03-02T08:05:00", "2026-03-02 星期一 08:05",
            "2026-03-02（周一）08:05",
            "２０２６-０３-０２　０８：０５", "2-Mar-2026 8:05 AM", "Mar 2, 2026 08:05", "2026-03-02 上午8:05",
            "Mon 2026-03-02 08:05", "2026-03-02 08:05:00.123", "46083.3368055556", "02 March 2026, 8:05 a.m.",
            "2026-03-02 08:05 a. m.",
        ],
    )  # fmt: skip
    def test_are_read_as_they_are_written(self, written: str) -> None:
        assert told(read(f"badge;time\n7;{written}\n8;{written}\n")) == [
            ("7", "2026-03-02 08:05:00"),
            ("8", "2026-03-02 08:05:00"),
        ]

    def test_in_the_afternoon_are(self) -> None:
        reading = read(
            "badge;time\n7;2026-03-02 6:05 PM\n7;2026-03-02 下午6:05\n7;2026-03-02 12:05 AM\n7;2026-03-02 12:05 PM\n"
        )

        assert [punch.at.hour for punch in reading.punches] == [18, 18, 0, 12]

    def test_with_an_offset_are_read_in_the_zone_of_the_mapping(self) -> None:
        text = "badge;time\n7;2026-03-02T01:05:00Z\n7;2026-03-02T03:05:00+02:00\n"

        assert told(read(text, zone="Asia/Shanghai")) == [("7", "2026-03-02 09:05:00")] * 2

    def test_with_a_day_over_twelve_first_are_read_day_first_everywhere(self) -> None:
        reading = read("badge,time\n7,03/02/2026 08:05\n7,28/02/2026 08:05\n")

        assert told(reading) == [("7", "2026-02-03 08:05:00"), ("7", "2026-02-28 08:05:00")]

    def test_with_a_day_over_twelve_second_are_read_month_first_everywhere(self) -> None:
        reading = read("badge,time\n7,03/02/2026 08:05\n7,02/28/2026 08:05\n")

        assert told(reading) == [("7", "2026-03-02 08:05:00"), ("7", "2026-02-28 08:05:00")]

    def test_of_two_digits_may_begin_with_the_year(self) -> None:
        reading = read("badge,time\n7,26-03-02 08:05\n7,26-02-28 08:05\n7,26-12-31 08:05\n")

        assert told(reading)[0] == ("7", "2026-03-02 08:05:00")

    def test_that_only_ascend_in_one_order_are_read_in_that(self) -> None:
        reading = read("badge,time\n7,01/02/2026 08:05\n7,02/02/2026 08:05\n7,01/03/2026 08:05\n7,02/03/2026 08:05\n")

        assert [punch.at.date().isoformat() for punch in reading.punches] == [
            "2026-02-01", "2026-02-02", "2026-03-01", "2026-03-02",
        ]  # fmt: skip

    def test_that_can_be_read_in_two_orders_are_asked_about(self) -> None:
        tables = files.tables_of(b"badge,time\n7,03/02/2026 08:05\n7,04/02/2026 08:05\n")
        mapping = files.guess(tables)

        assert files.doubts(tables[0], mapping) == (Doubt.ORDER,)
        with pytest.raises(Unclear) as refused:
            files.read(tables, mapping)
        assert refused.value.doubts == (Doubt.ORDER,)
        assert told(files.read(tables, Mapping(**{**vars(mapping), "order": "mdy"})))[0] == ("7", "2026-03-02 08:05:00")
        assert told(files.read(tables, Mapping(**{**vars(mapping), "order": "dmy"})))[0] == ("7", "2026-02-03 08:05:00")

    def test_that_contradict_each_other_are_asked_about(self) -> None:
        tables = files.tables_of(b"badge,time\n7,13/02/2026 08:05\n7,02/13/2026 08:05\n7,14/02/2026 08:05\n")

        assert files.doubts(tables[0], files.guess(tables)) == (Doubt.ORDER,)

    def test_of_which_one_in_many_is_broken_are_not(self) -> None:
        lines = [f"7,{day}/02/2026 08:05" for day in range(13, 29)] * 2 + ["7,02/13/2026 08:05"]

        reading = read("badge,time\n" + "\n".join(lines))

        assert len(reading.punches) == 32
        assert whys(reading) == [(34, Why.BAD_DATE)]

    def test_of_a_broken_line_do_not_make_a_question_of_the_file(self) -> None:
        reading = read(ATTLOG * 10 + "895\t03/02/2026 08:00:00\t1\t0\n895\t99/99/2026 08:00:00\t1\t0\n")

        assert len(reading.punches) == 30
        assert whys(reading) == [(31, Why.BAD_DATE), (32, Why.BAD_DATE)]

    def test_far_away_are_punches_all_the_same(self) -> None:
        assert told(read("7\t2019-03-02 08:05:00\t0\n7\t2091-03-02 08:05:00\t0\n")) == [
            ("7", "2019-03-02 08:05:00"),
            ("7", "2091-03-02 08:05:00"),
        ]


class TestWorkbook:
    def test_has_dates_numbers_and_texts(self) -> None:
        data = workbook(
            ("说明", [["本表由系统导出"]]),
            (
                "打卡",
                [
                    ["工号", "姓名", "打卡时间"],
                    [12, "张三", datetime(2026, 3, 2, 8, 55, 30)],  # noqa: DTZ001  # a wall time
                    ["0012", "李四", "2026-03-02 18:03"],
                    [13, "王五", 46083.75],
                    [14, "赵六", "昨天"],
                ],
            ),
        )

        reading = read(data)

        assert told(reading) == [
            ("12", "2026-03-02 08:55:30"),
            ("0012", "2026-03-02 18:03:00"),
            ("13", "2026-03-02 18:00:00"),
        ]
        assert whys(reading) == [(5, Why.BAD_DATE)]

    def test_has_dates_and_times_in_columns_of_their_own(self) -> None:
        data = workbook(
            (
                "Sheet1",
                [
                    ["Employee ID", "Name", "Date", "Shift start", "Clock in", "Clock out"],
                    [12, "Ann", date(2026, 3, 2), time(9), time(8, 55), time(18, 3)],
                    [12, "Ann", date(2026, 3, 3), time(9), "8:57 AM", "6:04 PM"],
                ],
            )
        )

        assert [stamp for _badge, stamp in told(read(data))] == [
            "2026-03-02 08:55:00", "2026-03-02 18:03:00", "2026-03-03 08:57:00", "2026-03-03 18:04:00",
        ]  # fmt: skip

    def test_cut_off_is_damaged(self) -> None:
        with pytest.raises(Unreadable) as refused:
            files.tables_of(workbook(("a", [["工号", "时间"]]))[:100])

        assert refused.value.reason is Reason.DAMAGED

    def test_with_a_cell_in_the_last_corner_is_a_bomb(self) -> None:
        target = io.BytesIO()
        book = xlsxwriter.Workbook(target)
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")
        book.close()

        with pytest.raises(Unreadable) as refused:
            files.tables_of(target.getvalue())

        assert refused.value.reason is Reason.BOMB

    @pytest.mark.parametrize(
        ("rows", "why"),
        [
            ([["a"]] * 1_000_001, "rows"),
            ([["a"] * 100] * 40_001, "cells"),
            ([["x" * 30_000 + str(number)] for number in range(9_000)], "bytes"),
        ],
        ids=["rows", "cells", "bytes"],
    )
    def test_of_more_than_anybodys_month_is_too_large(self, rows: list[list[Any]], why: str) -> None:
        class Sheet:
            start = (0, 0)

            def iter_rows(self) -> Any:
                return iter(rows)

        class Book:
            sheet_names: ClassVar = ["a"]

            def get_sheet_by_name(self, name: str) -> Sheet:
                return Sheet()

        with pytest.raises(Unreadable) as refused:
            for _line in filebooks._lines_of(Book()):
                pass

        assert (refused.value.reason, refused.value.detail) == (Reason.TOO_LARGE, why)

    def test_that_is_too_large_is_refused_while_it_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = workbook(("a", [["工号", "时间"], *([[str(number), "08:55"] for number in range(3000)])]))
        smaller = "from zhiren.attendance import filebooks; filebooks.MAX_FILLED = 100; filebooks.main()"
        whole = "from zhiren.attendance.filebooks import main; main()"
        monkeypatch.setattr(filebooks, "_PROGRAM", filebooks._PROGRAM.replace(whole, smaller))

        with pytest.raises(Unreadable) as refused:
            files.tables_of(data)

        assert (refused.value.reason, refused.value.detail) == (Reason.TOO_LARGE, "cells")

    def test_that_begins_further_in_keeps_its_lines_and_columns(self) -> None:
        [table] = files.tables_of(workbook(("a", [[], ["", "", "工号"], ["", "", "7", "08:55"]])))

        assert [(row.line, row.cells) for row in table.rows] == [(2, ("", "", "工号")), (3, ("", "", "7", "08:55"))]

    def test_whose_sectors_follow_one_another_for_ever_hurts_nobody(self) -> None:
        with pytest.raises(Unreadable) as refused:
            files.tables_of(endless_workbook())

        assert refused.value.reason is Reason.DAMAGED

    def test_of_many_rows_is_read_whole(self) -> None:
        rows = [[f"{number % 50:04d}", f"2026-03-{number % 28 + 1:02d} 08:{number % 60:02d}"] for number in range(3000)]

        assert len(read(workbook(("a", [["工号", "时间"], *rows]))).punches) == 3000

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", Reason.EMPTY),
            (b" \r\n\x00", Reason.EMPTY),
            (b"%PDF-1.7 ...", Reason.UNSUPPORTED),
            (b"<html><table><tr><td>1</td></tr></table>", Reason.UNSUPPORTED),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, Reason.DAMAGED),
        ],
    )
    def test_or_what_is_none_is_refused_with_a_reason(self, data: bytes, reason: Reason) -> None:
        with pytest.raises(Unreadable) as refused:
            files.tables_of(data)

        assert refused.value.reason is reason


DAYS = [float(day) for day in range(1, 32)]


class TestMonthSheet:
    def test_has_a_row_per_person_and_a_column_per_day(self) -> None:
        data = workbook(
            (
                "考勤记录",
                [
                    ["某某公司 2026年2月 考勤记录"],
                    ["工号", "姓名", "部门", *DAYS, "迟到次数"],
                    ["", "", "", "日", "一", "二", "三"],
                    [12, "张三", "销售", "", "08:55\n18:03", "08:57 12:01\n13:00 18:02", *[""] * 28, 3],
                    [13, "李四", "销售", "", "08:5818:00", "休"],
                    [14, "王五", "销售"],
                    [15, "赵六", "销售", *[""] * 30, "08:00"],
                    [16, "钱七", "销售", "8:99 18:00"],
                ],
            )
        )

        reading = read(data)

        assert told(reading) == [
            ("12", "2026-02-02 08:55:00"),
            ("12", "2026-02-02 18:03:00"),
            ("12", "2026-02-03 08:57:00"),
            ("12", "2026-02-03 12:01:00"),
            ("12", "2026-02-03 13:00:00"),
            ("12", "2026-02-03 18:02:00"),
            ("13", "2026-02-02 08:58:00"),
            ("13", "2026-02-02 18:00:00"),
        ]
        assert reading.headings == (1, 2, 3)
        assert whys(reading) == [(5, Why.NO_TIME), (6, Why.NO_TIME), (7, Why.NO_SUCH_DAY), (8, Why.BAD_TIME)]
        assert {punch.name for punch in reading.punches} == {"张三", "李四"}

    def test_may_run_from_one_month_into_the_next(self) -> None:
        days = [*range(26, 32), *range(1, 26)]
        head = ",".join(["编号", "姓名", *map(str, days)])
        row = ",".join(["12", "张三", "08:55 18:03", *[""] * 5, "09:00 18:00"])

        reading = read(f"考勤日期：2026-01-26 ～ 2026-02-25\n{head}\n{row}\n")

        assert told(reading) == [
            ("12", "2026-01-26 08:55:00"),
            ("12", "2026-01-26 18:03:00"),
            ("12", "2026-02-01 09:00:00"),
            ("12", "2026-02-01 18:00:00"),
        ]

    def test_has_a_block_per_person(self) -> None:
        data = workbook(
            ("排班信息", [["排班信息表"], ["工号", "姓名", *DAYS], [1, "张三", *[1] * 31]]),
            (
                "刷卡记录",
                [
                    ["员工刷卡记录表"],
                    [],
                    ["考勤日期:", "", "2026-03-01 ~ 2026-03-31", "", "", "制表时间:", "2026-04-01 09:12"],
                    DAYS,
                    ["工号:", "", "1", "", "", "", "", "", "姓名:", "", "张三", "", "", "部门:", "", "总公司"],
                    ["", "08:5512:0113:0218:03", "08:57"],
                    ["工号:", "", "2", "", "", "", "", "", "姓名:", "", "李四", "", "", "部门:", "", "总公司"],
                    [],
                    ["工号:", "", "3", "", "", "", "", "", "姓名:", "", "王五", "", "", "部门:", "", "总公司"],
                    [*[""] * 30, "09:0122:10"],
                ],
            ),
        )

        reading = read(data)

        assert [(punch.badge, punch.name, punch.at.isoformat(" ")) for punch in reading.punches] == [
            ("1", "张三", "2026-03-02 08:55:00"),
            ("1", "张三", "2026-03-02 12:01:00"),
            ("1", "张三", "2026-03-02 13:02:00"),
            ("1", "张三", "2026-03-02 18:03:00"),
            ("1", "张三", "2026-03-03 08:57:00"),
            ("3", "王五", "2026-03-31 09:01:00"),
            ("3", "王五", "2026-03-31 22:10:00"),
        ]
        assert reading.rejected == ()

    def test_may_have_several_lines_of_times_in_a_block(self) -> None:
        lines = [
            "2026年3月刷卡记录",
            "工号：7  姓名：张三".replace("  ", ","),
            ",".join(map(str, range(1, 32))),
            ",08:55,08:57",
            ",18:03,18:02",
            "工号：8,姓名：李四",
            ",".join(map(str, range(1, 32))),
            "09:00",
        ]

        assert told(read("\n".join(lines))) == [
            ("7", "2026-03-02 08:55:00"),
            ("7", "2026-03-03 08:57:00"),
            ("7", "2026-03-02 18:03:00"),
            ("7", "2026-03-03 18:02:00"),
            ("8", "2026-03-01 09:00:00"),
        ]

    def test_of_somebody_without_a_badge_is_not_given_to_the_person_above(self) -> None:
        head = ",".join(["姓名", "工号", "UserId", *map(str, range(1, 32))])
        rows = ["张三,1,u1,08:55", "李四,,u2,08:56", ",,,18:00", "王五,,,08:57"]

        reading = read("\n".join(["2026-03-01 至 2026-03-31", head, *rows]))

        assert told(reading) == [
            ("u1", "2026-03-01 08:55:00"),
            ("u2", "2026-03-01 08:56:00"),
            ("u2", "2026-03-01 18:00:00"),
        ]
        assert whys(reading) == [(6, Why.NO_BADGE)]

    def test_may_say_in_a_cell_what_it_thinks_of_a_time(self) -> None:
        head = ",".join(["工号", "姓名", *map(str, range(1, 32))])

        reading = read(f"2026年3月\n{head}\n12,张三,迟到5分钟(09:05)\u3000正常(18:00),次日 00:12,08:55 1803\n")

        assert [stamp for _badge, stamp in told(reading)] == [
            "2026-03-01 09:05:00",
            "2026-03-01 18:00:00",
            "2026-03-03 00:12:00",
        ]
        assert whys(reading) == [(3, Why.BAD_TIME)]

    def test_without_a_month_is_asked_about(self) -> None:
        text = ",".join(["工号", "姓名", *map(str, range(1, 32))]) + "\n12,张三,08:55 18:03\n"
        tables = files.tables_of(text.encode())
        mapping = files.guess(tables)

        assert (mapping.layout, files.doubts(tables[0], mapping)) == (Layout.DAYS, (Doubt.BEGINS,))
        assert told(read(text, begins=date(2026, 3, 1))) == [
            ("12", "2026-03-01 08:55:00"),
            ("12", "2026-03-01 18:03:00"),
        ]

    def test_may_name_its_days_by_dates(self) -> None:
        head = ",".join(["工号", "姓名", *(f"2026-03-{day:02d} 星期一" for day in range(1, 15))])

        assert told(read(f"{head}\n12,张三,,08:55\n")) == [("12", "2026-03-02 08:55:00")]


class TestMapping:
    def test_can_be_changed_by_a_person(self) -> None:
        text = "a,b,c\n1,9,2026-03-02 08:55\n2,9,2026-03-02 08:56\n"

        assert [punch.badge for punch in read(text, badge=1).punches] == ["9", "9"]
        assert [punch.badge for punch in read(text, badge=0).punches] == ["1", "2"]

    def test_that_knows_no_badge_says_so(self) -> None:
        tables = files.tables_of("天气,时间\n晴,2026-03-02 08:55\n阴,2026-03-02 08:56\n".encode())

        assert files.doubts(tables[0], files.guess(tables)) == (Doubt.BADGE,)

    def test_of_a_file_without_times_says_so(self) -> None:
        tables = files.tables_of("工号,姓名\n1,张三\n2,李四\n".encode())

        assert Doubt.TIME in files.doubts(tables[0], files.guess(tables))

    def test_knows_no_other_order(self) -> None:
        with pytest.raises(ValueError, match="ydm"):
            Mapping(order="ydm")


REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "attendance_punches"


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the logs of real clocks are not at {REAL}")
class TestRealClocks:
    def test_lose_no_line(self) -> None:
        for path in sorted(REAL.glob("*.dat*")):
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()

            assert len(read(data).punches) == sum(bool(line.strip()) for line in data.splitlines())
