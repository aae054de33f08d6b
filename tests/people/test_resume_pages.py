"""The résumé beside its fields, corrected by a click, read again, and the reader's own report."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import MONDAY, make_application, make_opening, make_user
from tests.people.test_resume_correcting import TEXT, correct, keep, older_reading, read_resume
from tests.resumes.builders import pdf
from zhiren import resumes
from zhiren.access.models import User
from zhiren.people import queries, resume_queries, resume_rereading, services
from zhiren.people.models import Person, Resume
from zhiren.timeline import queries as timeline


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def candidate() -> tuple[Client, Person, Resume]:
    """Return a recruiter's client and their candidate with a résumé."""
    recruiter = make_user("recruiter")
    person, row = read_resume()
    make_application(make_opening(recruiter), person)
    return signed_in(recruiter), person, row


def url(name: str, *ids: object, **query: str) -> str:
    from urllib.parse import urlencode

    return reverse(f"people:{name}", args=ids) + (f"?{urlencode(query)}" if query else "")


def post(client: Client, person: Person, row: Resume, **given: str) -> object:
    reading = f"{row.parser}-{int(row.parsed_at.timestamp() * 1000):x}"
    return client.post(
        url("correct_resume", person.pk, row.pk), {"reading": reading, **given}, headers={"HX-Request": "true"}
    )


@pytest.mark.django_db
class TestResume:
    def test_shows_each_field_with_how_sure_it_is(self) -> None:
        client, person, row = candidate()
        correct(person, row, "city", value="上海")

        page = client.get(url("resume", person.pk)).content.decode()

        assert "上海" in page
        assert "已更正" in page
        assert 'data-fact="employers-0-title"' in page

    def test_masks_numbers(self) -> None:
        client, person, _row = candidate()

        page = client.get(url("resume_wide", person.pk)).content.decode()

        assert "19900001234" not in page
        assert "xu.zhixia@" not in page

    def test_asks_the_database_at_most_twelve_times(self, django_assert_max_num_queries: object) -> None:
        client, person, row = candidate()
        for key, value in (("city", "上海"), ("name", "许知霞"), ("employers[0].title", "架构师")):
            correct(person, row, key, value=value)

        for name, ids in (
            ("resume", [person.pk]),
            ("resume_wide", [person.pk]),
            ("resume_fields", [person.pk, row.pk]),
            ("resume_original", [person.pk, row.pk]),
        ):
            with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture
                assert client.get(url(name, *ids)).status_code == 200

    def test_shows_nobody_elses(self) -> None:
        _client, person, row = candidate()
        stranger = signed_in(make_user("recruiter"))

        assert stranger.get(url("resume_wide", person.pk)).status_code == 404
        assert stranger.get(url("resume_fields", person.pk, row.pk)).status_code == 404
        assert stranger.get(url("resume_original", person.pk, row.pk)).status_code == 404


@pytest.mark.django_db
class TestOriginal:
    def test_marks_the_words_of_each_fact_and_notes_once_who_looked(self) -> None:
        client, person, row = candidate()

        page = client.get(url("resume_original", person.pk, row.pk)).content.decode()
        client.get(url("resume_original", person.pk, row.pk))

        assert 'data-mark="employers-0-title">后端工程师' in page
        assert timeline.names_of(person.pk).count("people.document.opened") == 1

    def test_is_only_for_who_may_see_numbers(self) -> None:
        _client, person, row = candidate()
        manager = signed_in(make_user("hiring_manager", scope="all"))

        assert manager.get(url("resume_original", person.pk, row.pk)).status_code == 403
        assert manager.get(url("resume_page", person.pk, row.pk, 1)).status_code == 403
        field = manager.get(url("resume_field", person.pk, row.pk, key="name"))
        assert field.status_code == 200
        assert "<mark>" not in field.content.decode()

    def test_draws_the_pages_of_a_pdf(self) -> None:
        client, person, _row = candidate()
        data = pdf([[(60, 780, "Anna Berg"), (60, 760, "Stockholm"), (60, 740, "anna.berg@example.com")]])
        document = services.store_document(
            at=MONDAY, data=data, name="cv.pdf", media_type="application/pdf", person_id=person.pk
        )
        read = resumes.parse(data, "cv.pdf")
        row = services.keep_resume(
            at=MONDAY, document=document, parsed_json=json.dumps(read.to_json()), facts=1, parser="2"
        )

        picture = client.get(url("resume_page", person.pk, row.pk, 1))
        beyond = client.get(url("resume_page", person.pk, row.pk, 7))

        assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")
        assert picture.headers["Cache-Control"] == "no-store"
        assert beyond.status_code == 404


@pytest.mark.django_db
class TestCorrect:
    def test_saves_and_shows_the_fields_anew(self) -> None:
        client, person, row = candidate()

        answer = post(client, person, row, key="employers[0].title", act="change", value="架构师")

        assert answer.status_code == 200  # type: ignore[attr-defined]  # an answer
        assert "架构师" in answer.content.decode()  # type: ignore[attr-defined]  # an answer
        assert "withdraw" in answer.headers["HX-Trigger"]  # type: ignore[attr-defined]  # an answer

    def test_says_what_is_wrong_with_a_value_and_saves_nothing(self) -> None:
        client, person, row = candidate()

        answer = post(client, person, row, key="employers[0].start", act="change", value="很久以前")

        assert answer.status_code == 422  # type: ignore[attr-defined]  # an answer
        assert answer.headers["HX-Retarget"] == "#correct-employers-0-start"  # type: ignore[attr-defined]  # an answer
        assert "很久以前" in answer.content.decode()  # type: ignore[attr-defined]  # an answer
        assert row.corrections.count() == 0

    def test_adds_an_employment(self) -> None:
        client, person, row = candidate()

        post(
            client,
            person,
            row,
            key="employers",
            act="add",
            employer="青禾软件",
            title="实习生",
            start="2017年6月",
            end="",
        )

        job = queries.resumes_of([person.pk])[person.pk].employers[-1]
        assert job.employer is not None
        assert job.start is not None
        assert (job.employer.value, job.start.value) == ("青禾软件", "2017-06")

    def test_confirms_and_removes(self) -> None:
        client, person, row = candidate()

        post(client, person, row, key="name", act="confirm", value="")
        post(client, person, row, key="skills[0]", act="remove", value="")

        facts = queries.resumes_of([person.pk])[person.pk]
        assert facts.name is not None
        assert (facts.name.rule, facts.name.value) == ("confirmed", "许知夏")
        assert "Java" not in [skill.value for skill in facts.skills]

    def test_is_taken_back_by_undo(self) -> None:
        client, person, row = candidate()
        correction = correct(person, row, "city", value="上海")

        answer = client.post(url("withdraw_correction", person.pk, correction.pk), headers={"HX-Request": "true"})

        assert answer.headers["HX-Trigger"] == "resume-changed"
        assert resume_queries.performance("1", ["field"])[0].changed == 0

    @pytest.mark.parametrize("key", ["employers[7]", "", "text", "+x"])
    def test_finds_no_other_place(self, key: str) -> None:
        client, person, row = candidate()

        assert post(client, person, row, key=key, act="change", value="x").status_code == 404  # type: ignore[attr-defined]  # an answer


@pytest.mark.django_db(transaction=True)
class TestReread:
    def test_shows_the_difference_before_it_is_taken_over(self) -> None:
        client, person, row = candidate()
        older_reading(row, person, city=None)

        waiting = client.post(url("reread", person.pk, row.pk)).content.decode()
        asked = resume_queries.open_rereading_of(row)
        assert asked is not None
        assert "hx-trigger" in waiting
        resume_rereading.read_one_again(at=MONDAY, rereading_id=asked.pk)
        proposed = client.get(url("rereading", person.pk, asked.pk)).content.decode()
        assert "杭州" in proposed

        client.post(url("take_rereading", person.pk, asked.pk))

        assert queries.resumes_of([person.pk])[person.pk].city is not None
        assert client.post(url("leave_rereading", person.pk, asked.pk)).status_code == 409

    def test_of_all_is_for_managers(self) -> None:
        client, _person, _row = candidate()
        manager = signed_in(make_user("hr_manager", scope="all"))

        assert client.get(url("readings")).status_code == 403
        assert client.post(url("start_run")).status_code == 403
        assert manager.get(url("readings")).status_code == 200

    def test_of_all_shows_a_real_count_and_who_is_left_to_decide(self, django_assert_max_num_queries: object) -> None:
        _client, person, row = candidate()
        older_reading(row, person, city=None)
        manager = signed_in(make_user("hr_manager", scope="all"))
        manager.post(url("start_run"))
        run = resume_queries.newest_runs()[0]
        while resume_rereading.read_next(at=MONDAY, run_id=run.pk):
            pass

        with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture
            page = manager.get(url("readings")).content.decode()

        assert person.name in page
        assert 'max="1"' in page
        assert resume_queries.changes_of_run(run) == {"city": {"added": 1}}


@pytest.mark.django_db
class TestReport:
    def test_counts_corrections_by_field_layout_and_rule(self) -> None:
        _client, person, row = candidate()
        correct(person, row, "employers[0].title", value="架构师")
        correct(person, row, "skills[0]", "remove")
        correct(person, row, "skills", "add", value="Rust")
        correct(person, row, "name", "confirm", value="许知夏")

        rows = {one.field: one for one in resume_queries.performance("1", ["field"])}

        assert (rows["employers.title"].read, rows["employers.title"].changed) == (2, 1)
        assert rows["employers.title"].percent == "50.0"
        assert (rows["skills"].invented, rows["skills"].missed, rows["name"].confirmed) == (1, 1, 1)

    def test_shows_numbers_only(self) -> None:
        _client, person, row = candidate()
        correct(person, row, "employers[0].title", value="架构师")
        manager = signed_in(make_user("hr_manager", scope="all"))

        for by in ("field", "layout", "rule", "nonsense"):
            page = manager.get(url("reader_report", by=by, version="1")).content.decode()
            assert "架构师" not in page
            assert "50.0 %" in page or by != "field"

    def test_asks_the_database_at_most_twelve_times(self, django_assert_max_num_queries: object) -> None:
        _client, person, row = candidate()
        keep(person, TEXT.encode() + b"\n", resumes.parse(TEXT.encode(), "resume.txt"))
        correct(person, row, "city", value="上海")
        manager = signed_in(make_user("hr_manager", scope="all"))

        with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture
            manager.get(url("reader_report", by="rule"))
