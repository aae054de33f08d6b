"""The document of the JSON Resume schema."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from tests.resumes.test_explain import TEXT
from zhiren.resumes import Resume, fact_paths, parse, to_jsonresume

TODAY = date(2026, 3, 2)
# What version 1.0.0 of the schema allows at the top, and how it writes a date.
TOP = {"$schema", "basics", "work", "education", "skills", "languages", "certificates", "meta"}
DATE = re.compile(r"[12]\d{3}(-[01]\d)?(-[0-3]\d)?")


def document(text: str = TEXT) -> dict[str, Any]:
    return to_jsonresume(parse(text.encode(), "cv.txt"), on=TODAY)


class TestToJsonresume:
    def test_says_what_the_resume_says(self) -> None:
        told = document()

        assert told["basics"] == {"name": "李若水", "email": "li.ruoshui@example.com", "phone": "+8613800001234"}
        assert told["work"] == [
            {
                "name": "宁波远帆信息技术股份有限公司",
                "position": "会计",
                "startDate": "2018-07",
                "endDate": "2021-02",
            }
        ]
        assert told["education"] == [
            {
                "institution": "南麓财经大学",
                "area": "会计学",
                "studyType": "bachelor",
                "startDate": "2011-09",
                "endDate": "2015-06",
            }
        ]
        assert told["languages"] == [{"language": "English", "fluency": "英语六级"}]
        assert told["certificates"] == [{"name": "注册会计师"}]
        assert {"name": "Yonyou"} in told["skills"]

    def test_stays_inside_the_schema(self) -> None:
        told = document()

        assert set(told) <= TOP
        entries = [*told["work"], *told["education"], *told["certificates"]]
        dates = [value for entry in entries for name, value in entry.items() if name.lower().endswith("date")]
        assert len(dates) == 4
        assert all(DATE.fullmatch(value) for value in dates)
        assert json.loads(json.dumps(told)) == told

    def test_carries_what_the_schema_has_no_place_for(self) -> None:
        ours = document()["meta"]["x-zhiren"]

        assert (ours["expected_pay"]["low"], ours["expected_pay"]["high"], ours["expected_pay"]["currency"]) == (
            1_500_000,
            2_000_000,
            "CNY",
        )
        assert ours["years_of_experience"] == 2.7
        assert [finding["code"] for finding in ours["findings"]] == ["gap"]
        assert ours["warnings"] == []

    def test_gives_the_evidence_of_every_fact(self) -> None:
        resume = parse(TEXT.encode(), "cv.txt")
        evidence = to_jsonresume(resume, on=TODAY)["meta"]["x-zhiren"]["evidence"]

        assert list(evidence) == [path for path, _ in fact_paths(resume)]
        assert (evidence["name"]["line"], evidence["name"]["source"]) == (1, "李若水")
        assert 0 < evidence["name"]["confidence"] <= 1

    def test_of_an_empty_resume_has_empty_lists(self) -> None:
        told = to_jsonresume(Resume(text="", pages=None, language="other"), on=TODAY)

        assert (told["basics"], told["work"], told["skills"]) == ({}, [], [])
