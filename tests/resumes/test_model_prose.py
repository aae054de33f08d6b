"""Employments told in sentences. The spans are given, so that only the telling is tested; one test goes all the way."""

from __future__ import annotations

import re

from zhiren.resumes.model import Span, Tagger
from zhiren.resumes.model.prose import employments_in_prose

_MARKED = re.compile(r"\[(\w+):([^\]]+)\]")


def told(marked: str) -> list[tuple[str | None, str | None, str | None, str | None, bool]]:
    """Return what is told by a text whose entities are marked: `[employer:某公司]`."""
    text, spans, at = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        spans.append(Span(match[1], len(text), len(text) + len(match[2]), 0.9))
        text += match[2]
        at = match.end()
    text += marked[at:]
    return [
        (
            one.employer and text[one.employer.start : one.employer.end],
            one.title and text[one.title.start : one.title.end],
            one.first and one.first.value,
            one.last and one.last.value,
            one.current,
        )
        for one in employments_in_prose(text, spans)
    ]


class TestEmploymentsInProse:
    def test_give_a_title_its_employer_and_its_time(self) -> None:
        assert told("2007年5月至2012年6月任[employer:甲公司][title:经理]；") == [
            ("甲公司", "经理", "2007-05", "2012-06", False)
        ]

    def test_share_employer_and_time_among_titles_in_a_row(self) -> None:
        assert told("2007年至今任[employer:甲公司][title:董事]、[title:副总经理]。") == [
            ("甲公司", "董事", "2007", None, True),
            ("甲公司", "副总经理", "2007", None, True),
        ]

    def test_end_the_past_where_the_present_begins(self) -> None:
        assert told("曾任[employer:甲厂][title:厂长]，现任[employer:乙公司][title:总经理]。") == [
            ("甲厂", "厂长", None, None, False),
            ("乙公司", "总经理", None, None, True),
        ]

    def test_take_up_the_past_again_behind_the_present(self) -> None:
        assert told("现任[employer:甲公司][title:总经理]，曾任[employer:乙公司][title:科长]。") == [
            ("甲公司", "总经理", None, None, True),
            ("乙公司", "科长", None, None, False),
        ]

    def test_read_gongsi_as_the_employer_named_before(self) -> None:
        assert told("2011年加入[employer:甲地产公司]，历任[employer:公司][title:副总裁]。")[-1][:2] == (
            "甲地产公司",
            "副总裁",
        )

    def test_leave_out_studies_and_professional_titles(self) -> None:
        assert told("1965年出生，[title:高级工程师]，毕业于[school:某大学]，[title:中共党员]。") == []

    def test_take_a_school_for_an_employer_where_somebody_serves_it(self) -> None:
        assert told("现任[school:某大学][title:教授]。") == [("某大学", "教授", None, None, True)]

    def test_tell_an_employer_without_a_title(self) -> None:
        assert told("2001年至2003年在[employer:甲公司]工作。") == [("甲公司", None, "2001", "2003", False)]

    def test_leave_out_what_was_given_up(self) -> None:
        assert told("不再担任[employer:甲公司][title:独立董事]。") == []

    def test_point_at_the_dates_in_the_text(self) -> None:
        text = "王明先生。2007年5月至今任甲公司经理。"
        employer, title = Span("employer", 15, 18, 0.9), Span("title", 18, 20, 0.9)

        (one,) = employments_in_prose(text, [employer, title])

        assert one.first is not None
        assert text[one.first.start : one.first.end].startswith("2007年5")
        assert text[employer.start : employer.end] == "甲公司"

    def test_read_a_sentence_with_the_model_that_is_shipped(self) -> None:
        text = "2010年3月至2015年8月任宁波华鑫机械制造有限公司副总经理；"
        text += "2015年9月至今任杭州远达电子科技股份有限公司董事长。"

        found = employments_in_prose(text, Tagger.default("zh").tag(text))

        assert [
            (text[one.employer.start : one.employer.end], text[one.title.start : one.title.end], one.current)
            for one in found
            if one.employer and one.title
        ] == [("宁波华鑫机械制造有限公司", "副总经理", False), ("杭州远达电子科技股份有限公司", "董事长", True)]
