"""The demo company's own files: a consistent firm, believable applicants, résumés that say what the applicants are."""

import html
import re
import sys
from collections import Counter
from datetime import date
from importlib import resources
from io import BytesIO
from typing import Any

import phonenumbers
import pypdfium2
import pytest
import yaml
from docx import Document
from docx.oxml.ns import qn

from zhiren.operations.demo import resumes
from zhiren.operations.demo.people import MAIL_DOMAINS, FictionalPerson, fictional_people
from zhiren.operations.demo.resumes import LAYOUTS, DemoExtraMissingError, broken_resume, layout_of, write_resume

NOVEMBER = date(2026, 11, 22)
PEOPLE = fictional_people(on=NOVEMBER)
CHINESE = next(person for person in PEOPLE if person.language == "zh")
ENGLISH = next(person for person in PEOPLE if person.language == "en")
DEMO = resources.files("zhiren.operations.demo")


def text_of(name: str, content: bytes) -> str:
    """Return the text of a résumé without any white space, as lines may break anywhere."""
    if name.endswith(".pdf"):
        with pypdfium2.PdfDocument(content) as document:
            text = "".join(page.get_textpage().get_text_range() for page in document)
    elif name.endswith(".docx"):
        text = "".join(node.text or "" for node in Document(BytesIO(content)).element.body.iter(qn("w:t")))
    else:
        text = html.unescape(re.sub(r"<[^>]+>", " ", content.decode()))
    return re.sub(r"\s", "", text)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


class TestFictionalPeople:
    def test_are_the_same_for_the_same_seed_and_month(self) -> None:
        assert fictional_people(on=date(2026, 11, 1)) == PEOPLE

    def test_differ_with_the_seed(self) -> None:
        assert fictional_people(on=NOVEMBER, seed=1) != PEOPLE

    def test_are_enough_for_every_opening(self) -> None:
        applicants = Counter(person.opening for person in PEOPLE)

        assert len(PEOPLE) == 45
        assert min(applicants.values()) >= 10
        assert set(applicants) == {opening["key"] for opening in company()["openings"]}

    @pytest.mark.parametrize("on", [date(2026, 1, 31), date(2026, 6, 15), NOVEMBER], ids=str)
    @pytest.mark.parametrize("seed", range(4))
    def test_studied_and_worked_one_thing_after_the_other(self, on: date, seed: int) -> None:
        for person in fictional_people(on=on, seed=seed):
            months = [month for study in person.education for month in (study.start, study.end)]
            for job in person.employments:
                months += [job.start, job.end or on]
            assert months == sorted(months), person.key
            assert months[-1] <= on, person.key
            assert all(job.end for job in person.employments[:-1]), person.key
            starts = [job.start for job in person.employments]
            ends = [person.education[-1].end, *(job.end for job in person.employments[:-1])]
            assert all(end < start for end, start in zip(ends, starts, strict=True)), person.key

    def test_were_eighteen_when_their_studies_began(self) -> None:
        ages = {p.education[0].start.year - p.birth_year for p in PEOPLE if p.birth_year}

        assert ages == {18}

    def test_have_duties_in_every_job_and_no_blanks_left_open(self) -> None:
        for person in PEOPLE:
            duties = [duty for job in person.employments for duty in job.duties]
            assert all(job.duties for job in person.employments), person.key
            assert len(set(duties)) == len(duties), person.key
            assert not re.search(r"[{}]", "".join(duties)), person.key

    def test_can_all_be_told_apart_by_phone_and_mail_but_the_declared_one(self) -> None:
        first_files = [person for person in PEOPLE if person.same_as is None]

        assert len({person.phone for person in first_files}) == len(first_files) == 44
        assert len({person.mail for person in PEOPLE}) == len(PEOPLE)

    def test_hold_one_human_being_twice(self) -> None:
        [again] = [person for person in PEOPLE if person.same_as]
        [first] = [person for person in PEOPLE if person.key == again.same_as]

        assert (again.phone, again.name, again.employments) == (first.phone, first.name, first.employments)
        assert (again.mail, again.city) != (first.mail, first.city)
        assert write_resume(again, layout_of(again)) != write_resume(first, layout_of(first))

    def test_hold_two_human_beings_with_one_name(self) -> None:
        namesakes = [person for person in PEOPLE if person.name == "张伟"]

        assert len({person.phone for person in namesakes}) == 2

    def test_can_be_reached_by_nobody(self) -> None:
        reserved = r"\+(861620000\d{4}|49176040690\d{2}|442079460\d{3}|120255501\d{2})"
        for person in PEOPLE:
            assert phonenumbers.is_valid_number(phonenumbers.parse(person.phone)), person.key
            assert re.fullmatch(reserved, person.phone), person.key
            assert person.mail.split("@")[1] in MAIL_DOMAINS, person.key

    def test_bring_skills_and_wishes_that_fit_their_opening(self) -> None:
        sources = yaml.safe_load(DEMO.joinpath("people.yaml").read_text(encoding="utf-8"))["openings"]
        ranges = {opening["key"]: opening["pay_range"] for opening in company()["openings"]}
        for person in PEOPLE:
            core = sources[person.opening][person.language]["core_skills"]
            pay = ranges[person.opening]
            assert len(set(core) & set(person.skills)) >= 3, person.key
            assert pay["minimum"] <= person.expected_pay <= pay["maximum"] * 1.25, person.key
            assert person.currency == pay["currency"], person.key


class TestWriteResume:
    @pytest.mark.parametrize("person", [CHINESE, ENGLISH], ids=["zh", "en"])
    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_tells_who_they_are_where_they_studied_and_worked(self, layout: str, person: FictionalPerson) -> None:
        text = text_of(*write_resume(person, layout))

        expected = [person.name, person.mail, person.city, person.summary, *person.skills]
        for job in person.employments:
            expected += [job.company, job.title, *job.duties]
        for study in person.education:
            expected += [study.school, study.major, study.degree]
        missing = [words for words in expected if words.replace(" ", "") not in text]
        assert missing == []
        assert str(phonenumbers.parse(person.phone).national_number) in digits(text)

    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_dates_every_study_and_job(self, layout: str) -> None:
        text = text_of(*write_resume(CHINESE, layout))

        patterns = ("{0}.{1:02}", "{0}年{1}月", "{0}/{1:02}")
        for moment in [study.start for study in CHINESE.education] + [job.start for job in CHINESE.employments]:
            assert any(pattern.format(moment.year, moment.month) in text for pattern in patterns), moment
        assert text.count("至今") == sum(job.end is None for job in CHINESE.employments)

    def test_gives_the_same_bytes_again(self) -> None:
        for layout in LAYOUTS:
            once, again = write_resume(CHINESE, layout), write_resume(CHINESE, layout)
            assert once == again, layout

    def test_gives_everybody_in_the_company_a_file_of_their_own(self) -> None:
        files = dict(write_resume(person, layout_of(person)) for person in PEOPLE)

        assert len(files) == len(PEOPLE)
        for person in PEOPLE:
            name, content = write_resume(person, layout_of(person))
            assert person.name.replace(" ", "") in text_of(name, content), name

    def test_fits_on_one_page_and_embeds_its_letters(self) -> None:
        for person in PEOPLE:
            name, content = write_resume(person, layout_of(person))
            if name.endswith(".pdf"):
                with pypdfium2.PdfDocument(content) as document:
                    assert len(document) == 1, name
                assert b"FontFile" in content, name

    def test_names_the_extra_when_the_typesetter_is_not_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        resumes._typesetter.cache_clear()
        monkeypatch.setitem(sys.modules, "typst", None)

        with pytest.raises(DemoExtraMissingError, match=r"typst.*zhiren\[demo\]"):
            write_resume(CHINESE, "classic")

        assert write_resume(CHINESE, "docx_plain")[0].endswith(".docx")

    def test_fetches_no_package_while_it_typesets(self) -> None:
        templates = [entry for entry in DEMO.joinpath("layouts").iterdir() if entry.name.endswith(".typ")]

        assert len(templates) >= 7
        assert [entry.name for entry in templates if "@preview" in entry.read_text(encoding="utf-8")] == []


class TestLayoutOf:
    def test_uses_every_layout_several_times(self) -> None:
        used = Counter(layout_of(person) for person in PEOPLE)

        assert set(used) == set(LAYOUTS)
        assert min(used.values()) >= 3


class TestBrokenResume:
    def test_starts_like_a_pdf_that_nobody_can_open(self) -> None:
        name, content = broken_resume()

        assert name.endswith(".pdf")
        assert content.startswith(b"%PDF-")
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(content)


def company() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(DEMO.joinpath("company.yaml").read_text(encoding="utf-8"))
    return content


class TestCompany:
    def test_refers_only_to_what_it_holds(self) -> None:
        firm = company()
        keys = {part: [row["key"] for row in firm[part]] for part in firm if part not in {"company", "staff"}}
        references = {
            "departments": {"parent": "departments", "entity": "entities", "head": "users"},
            "positions": {"department": "departments", "grade": "grades"},
            "users": {"position": "positions", "department": "departments", "manager": "users"},
            "openings": {
                "position": "positions",
                "entity": "entities",
                "recruiter": "users",
                "hiring_manager": "users",
                "interviewers": "users",
            },
            "benefits": {"entities": "entities"},
            "groups": {"entity": "entities", "departments": "departments"},
        }

        assert [part for part, names in keys.items() if len(set(names)) != len(names)] == []
        for part, fields in references.items():
            for row in firm[part]:
                for field, target in fields.items():
                    named = row[field] if isinstance(row[field], list) else [row[field]]
                    assert set(named) - {None} <= set(keys[target]), (part, row["key"], field)

    def test_names_parents_and_managers_before_those_below_them(self) -> None:
        for part, field in (("departments", "parent"), ("users", "manager")):
            seen: set[str | None] = {None}
            for row in company()[part]:
                assert row[field] in seen, row["key"]
                seen.add(row["key"])

    def test_has_somebody_for_every_role(self) -> None:
        roles = Counter(user["role"] for user in company()["users"])

        assert roles == {"recruiter": 2, "hr_manager": 1, "interviewer": 4, "hiring_manager": 2, "administrator": 1}

    def test_gives_openings_to_the_right_hands(self) -> None:
        roles = {user["key"]: user["role"] for user in company()["users"]}
        for opening in company()["openings"]:
            assert roles[opening["recruiter"]] == "recruiter"
            assert roles[opening["hiring_manager"]] == "hiring_manager"
            assert {roles[key] for key in opening["interviewers"]} == {"interviewer"}

    def test_pays_within_the_grade_of_the_position(self) -> None:
        firm = company()
        grade_of = {position["key"]: position["grade"] for position in firm["positions"]}
        ranges = {(grade["key"], pay["entity"]): pay for grade in firm["grades"] for pay in grade["pay_ranges"]}
        for opening in firm["openings"]:
            grade, pay = ranges[grade_of[opening["position"]], opening["entity"]], opening["pay_range"]
            assert pay["currency"] == grade["currency"]
            assert grade["minimum"] <= pay["minimum"] < pay["maximum"] <= grade["maximum"], opening["key"]

    def test_speaks_both_languages_and_writes_to_nobody(self) -> None:
        firm = company()
        for user in firm["users"]:
            assert user["mail"].endswith("@yunshan.example")
            assert user["introduction"]["zh"].endswith("。")
            assert user["introduction"]["en"].endswith(".")
        for opening in firm["openings"]:
            assert min(text.count("\n\n") for text in opening["description"].values()) >= 3, opening["key"]
