"""Which words at the head of an employment name the employer, the title, a department or a town."""

from __future__ import annotations

import pytest

from tests.resumes.builders import docx, table
from tests.resumes.reading import jobs_of, read
from zhiren.resumes import parse


def jobs(*lines: str) -> list[tuple[str | None, ...]]:
    return jobs_of(read("\n".join(["Jane Roe", "jane.roe@example.com", "", "Work Experience", "", *lines])))


class TestAFieldBehindATitle:
    def test_is_no_employer_where_the_line_below_names_one_beside_a_place(self) -> None:
        assert jobs("Manager, Human Capital\tOct 2019 - Present", "Kestrel, Brussels", "- Led eleven people") == [
            ("Kestrel", "Manager, Human Capital", "2019-10", "now")
        ]

    def test_is_no_employer_where_the_line_below_has_the_word_of_one(self) -> None:
        assert jobs("Staff Nurse, Intensive Care\tFeb 2011 - Apr 2016", "Larkspur Hospital, Smallville") == [
            ("Larkspur Hospital", "Staff Nurse, Intensive Care", "2011-02", "2016-04")
        ]

    def test_is_no_employer_where_the_other_titles_have_theirs_below(self) -> None:
        assert jobs(
            "Line Manager, Final Assembly\t09/2018 - now",
            "Kestrel · Smallville",
            "- Three shifts",
            "Shift Supervisor\t03/2009 - 08/2018",
            "Larkspur · Overthere",
            "- Two shifts",
        ) == [
            ("Kestrel", "Line Manager, Final Assembly", "2018-09", "now"),
            ("Larkspur", "Shift Supervisor", "2009-03", "2018-08"),
        ]

    def test_may_have_a_word_of_an_employer(self) -> None:
        assert jobs("Analyst, Talent & Organization\tSep 2012 - Dec 2014", "Kestrel, Brussels") == [
            ("Kestrel", "Analyst, Talent & Organization", "2012-09", "2014-12")
        ]

    def test_ends_at_the_word_at(self) -> None:
        assert jobs("Analyst, Talent & Organization at Kestrel - Brussels, Sep 2012 - Dec 2014") == [
            ("Kestrel", "Analyst, Talent & Organization", "2012-09", "2014-12")
        ]


class TestNamesBetweenCommas:
    def test_have_the_employer_before_a_place_that_is_known(self) -> None:
        assert jobs("Consultant, Human Capital, Kestrel, Brussels", "Sep 2012 - Dec 2014", "- Wrote plans") == [
            ("Kestrel", "Consultant, Human Capital", "2012-09", "2014-12")
        ]

    def test_have_the_employer_last_where_another_entry_has_no_place(self) -> None:
        assert jobs(
            "Line Manager, Final Assembly, Kestrel\tSep 2018 - Present",
            "- Three shifts",
            "Shift Supervisor, Larkspur\tMar 2009 - Aug 2018",
            "- Two shifts",
        ) == [
            ("Kestrel", "Line Manager, Final Assembly", "2018-09", "now"),
            ("Larkspur", "Shift Supervisor", "2009-03", "2018-08"),
        ]

    def test_have_the_employer_first_where_another_entry_names_a_place(self) -> None:
        assert jobs(
            "Line Manager, Kestrel, Smallville\tSep 2018 - Present",
            "- Three shifts",
            "Shift Supervisor, Larkspur, Brussels\tMar 2009 - Aug 2018",
        ) == [
            ("Kestrel", "Line Manager", "2018-09", "now"),
            ("Larkspur", "Shift Supervisor", "2009-03", "2018-08"),
        ]

    def test_name_no_employer_where_nothing_tells(self) -> None:
        assert jobs("Line Manager, Final Assembly, Kestrel\tSep 2018 - Present", "- Three shifts") == [
            (None, "Line Manager", "2018-09", "now")
        ]


class TestATownBehindAnEmployer:
    def test_is_no_title_where_the_line_below_names_one(self) -> None:
        assert jobs("University of Eastmere, Smallville\tAug 2019 - Present", "Associate Professor") == [
            ("University of Eastmere", "Associate Professor", "2019-08", "now")
        ]

    def test_is_no_title_where_nothing_names_one(self) -> None:
        assert jobs("Larkspur Hospital, Smallville\tAug 2019 - Present", "- Nights and weekends") == [
            ("Larkspur Hospital", None, "2019-08", "now")
        ]

    def test_may_be_a_city_that_is_a_country(self) -> None:
        assert jobs("Larkspur, Singapore\tJul 2020 - Present", "Principal Engineer", "- Wrote a queue") == [
            ("Larkspur", "Principal Engineer", "2020-07", "now")
        ]


class TestLabels:
    def test_are_no_names(self) -> None:
        assert jobs(
            "Period: 09/2018 - present",
            "Position: Shift Supervisor",
            "Employer: Kestrel, Smallville",
            "Duties:",
            "* Three shifts",
        ) == [("Kestrel", "Shift Supervisor", "2018-09", "now")]

    def test_may_stand_in_a_cell_of_their_own(self) -> None:
        assert jobs("From - to\tSep 2018 - present", "Employer\tKestrel, Smallville", "Position held\tAnalyst") == [
            ("Kestrel", "Analyst", "2018-09", "now")
        ]

    def test_are_found_behind_what_was_done(self) -> None:
        resume = read(
            "Jane Roe\njane.roe@example.com\n\nWork Experience\n\nDates\tSep 2018 - present\n"
            "Occupation or position held\tAnalyst\nMain activities and responsibilities\tForecasts of sales\n"
            "Reports for the board\nName and address of employer\tKestrel, Smallville\n"
        )

        assert jobs_of(resume) == [("Kestrel", "Analyst", "2018-09", "now")]

    @pytest.mark.parametrize("label", ["时间", "任职时间", "起止时间"])
    def test_in_chinese_are_no_names_either(self, label: str) -> None:
        lines = [
            "李若水",
            "手机：13800001234",
            "",
            "工作经历",
            f"{label}：2018.05—至今",
            "单位：青禾设备有限公司",
            "职务：技术员",
        ]

        assert jobs_of(read("\n".join(lines))) == [("青禾设备有限公司", "技术员", "2018-05", "now")]


class TestChineseNames:
    def test_leave_the_town_in_brackets_out(self) -> None:
        text = "李若水\n手机：13800001234\n\n工作经历\n2016/03 - 2020/02\n车间主任，青禾（杭州）设备有限公司（青岛）"

        assert jobs_of(read(text)) == [("青禾（杭州）设备有限公司", "车间主任", "2016-03", "2020-02")]

    def test_know_a_title_that_ends_like_a_department(self) -> None:
        text = "李若水\n手机：13800001234\n\n工作经历\n2008年7月-2011年10月\t青禾集团\t储备干部"

        assert jobs_of(read(text)) == [("青禾集团", "储备干部", "2008-07", "2011-10")]

    def test_go_on_to_now_in_two_languages(self) -> None:
        text = "李若水\n手机：13800001234\n\n工作经历\n青禾集团\t2019/03 – 至今 Present\n财务经理"

        assert jobs_of(read(text)) == [("青禾集团", "财务经理", "2019-03", "now")]


PERSON = "<w:p><w:r><w:t>李若水 13800001234</w:t></w:r></w:p><w:p><w:r><w:t>工作经历</w:t></w:r></w:p>"


class TestATableWithEmptyCells:
    HEAD = (["起止年月"], ["单位名称"], ["部门"], ["职务"], ["证明人"], ["离职原因"])

    def test_gives_the_titles_by_their_words(self) -> None:
        rows = [
            self.HEAD,
            (["2015/04-至今"], ["青禾设备有限公司"], [], ["技术员"], ["李国强"], []),
            (["2010/04-2015/03"], ["星野集团有限公司"], ["检修部"], ["机电科科长"], ["周芳"], ["个人发展"]),
        ]
        made = docx(PERSON + table(rows))

        assert jobs_of(parse(made, "cv.docx")) == [
            ("青禾设备有限公司", "技术员", "2015-04", "now"),
            ("星野集团有限公司", "机电科科长", "2010-04", "2015-03"),
        ]

    def test_gives_no_title_that_no_word_tells(self) -> None:
        rows = [self.HEAD, (["2015/04-至今"], ["青禾设备有限公司"], [], ["李国强"], [], [])]
        made = docx(PERSON + table(rows))

        assert jobs_of(parse(made, "cv.docx")) == [("青禾设备有限公司", None, "2015-04", "now")]
