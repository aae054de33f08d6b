"""Corrections stand beside the reading, and the person's record follows them."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.db import connection

from tests.factories import MONDAY, SYSTEM, actor_of, make_person, make_user
from zhiren import resumes
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.people import queries, resume_correcting, resume_rereading, services
from zhiren.people.errors import ContactTaken, ReadAgainMeanwhile, RereadingDecided, RunUnderWay
from zhiren.people.models import Correction, Person, ReadFacts, Rereading, Resume
from zhiren.people.resume_values import stated, stated_entry
from zhiren.people.services import PersonFacts
from zhiren.timeline import queries as timeline

TEXT = """\
许知夏
电话：19900001234
邮箱：xu.zhixia@example.com
现居城市：杭州

工作经历
2021.03 - 至今  云帆科技有限公司  后端工程师
负责订单系统的设计与开发

2018.07 - 2021.02  拓扑网络有限公司  开发工程师
负责支付接口的开发

教育经历
2014.09 - 2018.06  浙江大学  计算机科学  本科

专业技能
Java、Python、MySQL
"""


def read_resume(text: str = TEXT) -> tuple[Person, Resume]:
    """Return somebody who came with this résumé, as an upload makes them."""
    data = text.encode()
    read = resumes.parse(data, "resume.txt")
    facts = PersonFacts(
        name=read.name.value if read.name else "?",
        phones=[fact.value for fact in read.phones],
        mails=[fact.value for fact in read.mails],
        city=read.city.value if read.city else "",
        degree=read.degree.value if read.degree else "",
        headline="后端工程师 · 云帆科技有限公司",
        skills=[fact.value for fact in read.skills],
    )
    person, _new = services.add_or_find_person(actor=SYSTEM, at=MONDAY, facts=facts, door="upload")
    return person, keep(person, data, read)


def keep(person: Person, data: bytes, read: resumes.Resume, *, parser: str = "1") -> Resume:
    document = services.store_document(
        at=MONDAY, data=data, name="resume.txt", media_type="text/plain", person_id=person.pk
    )
    parsed = json.dumps(read.to_json(), ensure_ascii=False)
    return services.keep_resume(at=MONDAY, document=document, parsed_json=parsed, facts=9, parser=parser)


def correct(person: Person, row: Resume, key: str, act: str = "change", **values: str) -> Correction:
    return resume_correcting.correct(
        actor=SYSTEM,
        at=MONDAY,
        person_id=person.pk,
        resume_id=row.pk,
        reading=resume_correcting.stamp(row),
        key=key,
        act=act,
        values=values,
    )


def facts_of(person: Person) -> resumes.Resume:
    return queries.resumes_of([person.pk])[person.pk]


@pytest.mark.django_db
class TestCorrect:
    def test_changes_what_everybody_above_reads(self) -> None:
        person, row = read_resume()

        correct(person, row, "employers[0].title", value="高级后端工程师")

        title = facts_of(person).employers[0].title
        assert title is not None
        assert (title.value, title.source, title.rule) == ("高级后端工程师", "后端工程师", "corrected")
        assert "高级后端工程师" in queries.newest_resume(person)[1]  # type: ignore[index]  # there is one

    def test_leaves_what_was_read_as_it_was(self) -> None:
        person, row = read_resume()
        before = bytes(row.parsed_sealed)

        correct(person, row, "city", value="上海")

        row.refresh_from_db()
        assert bytes(row.parsed_sealed) == before

    def test_carries_the_persons_record_along(self) -> None:
        person, row = read_resume()

        correct(person, row, "city", value="上海")
        correct(person, row, "name", value="许知霞")
        correct(person, row, "employers[0].title", value="架构师")
        correct(person, row, "skills[0]", "remove")

        person.refresh_from_db()
        assert (person.city, person.name, person.headline) == ("上海", "许知霞", "架构师 · 云帆科技有限公司")
        assert "Java" not in person.skills
        assert queries.find_by_name(SYSTEM, "知霞") == [person]

    def test_leaves_alone_what_somebody_typed_over(self) -> None:
        person, row = read_resume()
        services.change_person(actor=SYSTEM, at=MONDAY, person_id=person.pk, changes={"city": "苏州"})

        correct(person, row, "city", value="上海")

        person.refresh_from_db()
        assert person.city == "苏州"

    def test_replaces_a_wrong_phone_number(self) -> None:
        person, row = read_resume()

        correct(person, row, "phones[0]", value="+8619900005678")

        assert queries.address_of(person.pk, "phone") == "+8619900005678"
        assert queries.person_with_contact("phone", "19900001234") is None

    def test_takes_nobody_elses_number(self) -> None:
        person, row = read_resume()
        make_person(phones=["19900005678"])

        with pytest.raises(ContactTaken):
            correct(person, row, "phones[0]", value="+8619900005678")

        assert queries.address_of(person.pk, "phone") == "+8619900001234"

    def test_seals_what_was_said_and_keeps_only_codes_in_the_clear(self) -> None:
        person, row = read_resume()

        correction = correct(person, row, "employers[0].employer", value="云帆科技（杭州）有限公司")

        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(people_correction::text, ' ') FROM people_correction")
            stored = cursor.fetchone()[0]
        assert "云帆" not in stored
        assert (correction.field, correction.parser, correction.rule != "") == ("employers.employer", "1", True)

    def test_prevails_over_what_was_said_before_of_the_same_fact(self) -> None:
        person, row = read_resume()
        first = correct(person, row, "city", value="上海")

        second = correct(person, row, "city", value="南京")

        first.refresh_from_db()
        assert first.withdrawn_at == MONDAY
        assert [c.pk for c in row.corrections.filter(withdrawn_at=None)] == [second.pk]

    def test_adds_an_employment_that_can_be_corrected_again(self) -> None:
        person, row = read_resume()
        added = correct(person, row, "employers", "add", employer="青禾软件", title="实习生", start="2017-06")

        correct(person, row, f"+{added.pk}.title", value="助理")

        jobs = facts_of(person).employers
        assert [job.title.value for job in jobs if job.title][-1] == "助理"
        assert len(jobs) == 3

    def test_takes_an_added_employment_away_again(self) -> None:
        person, row = read_resume()
        added = correct(person, row, "employers", "add", employer="青禾软件")

        resume_correcting.withdraw_correction(actor=SYSTEM, at=MONDAY, person_id=person.pk, correction_id=added.pk)

        assert len(facts_of(person).employers) == 2

    def test_refuses_a_place_of_a_reading_that_holds_no_more(self) -> None:
        person, row = read_resume()
        shown = resume_correcting.stamp(row)
        Resume.objects.filter(pk=row.pk).update(parser="2")

        with pytest.raises(ReadAgainMeanwhile):
            resume_correcting.correct(
                actor=SYSTEM, at=MONDAY, person_id=person.pk, resume_id=row.pk, reading=shown, key="city", act="remove"
            )

    @pytest.mark.parametrize("key", ["employers[9].title", "text", "+00000000-0000-7000-8000-000000000000"])
    def test_finds_no_place_that_is_not_there(self, key: str) -> None:
        person, row = read_resume()

        with pytest.raises(NotFound):
            correct(person, row, key, value="x")

    def test_is_not_for_whoever_may_not_correct(self) -> None:
        person, row = read_resume()

        with pytest.raises(Forbidden):
            resume_correcting.correct(
                actor=actor_of(make_user("hiring_manager", scope="all")),
                at=MONDAY,
                person_id=person.pk,
                resume_id=row.pk,
                reading=resume_correcting.stamp(row),
                key="city",
                act="remove",
            )

    def test_tells_what_happened_by_ids_alone(self) -> None:
        person, row = read_resume()

        correction = correct(person, row, "city", value="上海")

        event = timeline.events_of(person.pk).filter(name="people.resume.corrected").get()
        assert event.payload == {
            "document_id": str(row.document_id),
            "correction_id": str(correction.pk),
            "act": "change",
            "field": "city",
        }


@pytest.mark.django_db
class TestWithdrawCorrection:
    def test_brings_back_what_was_read(self) -> None:
        person, row = read_resume()
        city = correct(person, row, "city", value="上海")
        phone = correct(person, row, "phones[0]", "remove")
        assert queries.address_of(person.pk, "phone") is None

        for correction in (city, phone):
            resume_correcting.withdraw_correction(
                actor=SYSTEM, at=MONDAY, person_id=person.pk, correction_id=correction.pk
            )

        person.refresh_from_db()
        assert person.city == "杭州"
        assert queries.address_of(person.pk, "phone") == "+8619900001234"

    def test_knows_no_correction_of_somebody_else(self) -> None:
        person, row = read_resume()
        correction = correct(person, row, "city", value="上海")

        with pytest.raises(NotFound):
            resume_correcting.withdraw_correction(
                actor=SYSTEM, at=MONDAY, person_id=make_person().pk, correction_id=correction.pk
            )


def older_reading(row: Resume, person: Person, **changes: object) -> None:
    """Make the stored reading one that an older reader could have made."""
    from dataclasses import replace

    read = resumes.parse(TEXT.encode(), "resume.txt")
    keep_text = json.dumps(replace(read, **changes).to_json(), ensure_ascii=False)  # type: ignore[arg-type]  # fields
    services.keep_resume(at=MONDAY, document=row.document, parsed_json=keep_text, facts=1, parser="1")


def ask(person: Person, row: Resume) -> Rereading:
    asked = resume_rereading.ask_rereading(actor=SYSTEM, at=MONDAY, person_id=person.pk, resume_id=row.pk)
    resume_rereading.read_one_again(at=MONDAY, rereading_id=asked.pk)
    asked.refresh_from_db()
    return asked


@pytest.mark.django_db(transaction=True)
class TestReread:
    def test_takes_over_at_once_what_says_the_same(self) -> None:
        person, row = read_resume()

        rereading = ask(person, row)

        row.refresh_from_db()
        assert (rereading.state, row.parser) == ("same", resumes.VERSION)

    def test_proposes_what_differs_and_changes_nothing_yet(self) -> None:
        person, row = read_resume()
        older_reading(row, person, city=None)

        rereading = ask(person, row)

        row.refresh_from_db()
        assert (rereading.state, rereading.changed, row.parser) == ("proposed", {"city": {"added": 1}}, "1")
        assert facts_of(person).city is None

    def test_keeps_corrections_when_it_is_taken_over(self) -> None:
        person, row = read_resume()
        older_reading(row, person, city=None)
        row.refresh_from_db()
        correct(person, row, "employers[1].title", value="测试工程师")
        rereading = ask(person, row)

        resume_rereading.take_rereading(actor=SYSTEM, at=MONDAY, person_id=person.pk, rereading_id=rereading.pk)

        facts = facts_of(person)
        assert facts.city is not None
        assert facts.employers[1].title is not None
        assert (facts.city.value, facts.employers[1].title.value) == ("杭州", "测试工程师")
        assert row.corrections.get().parser == resumes.VERSION

    def test_holds_nothing_against_a_reader_that_reads_it_right_now(self) -> None:
        person, row = read_resume()
        older_reading(row, person, city=None)
        row.refresh_from_db()
        correct(person, row, "city", value="杭州")

        ask(person, row)

        assert row.corrections.get().parser == "1"

    def test_leaves_the_resume_when_it_is_put_aside(self) -> None:
        person, row = read_resume()
        older_reading(row, person, city=None)
        rereading = ask(person, row)

        resume_rereading.leave_rereading(actor=SYSTEM, at=MONDAY, person_id=person.pk, rereading_id=rereading.pk)

        assert facts_of(person).city is None
        with pytest.raises(RereadingDecided):
            resume_rereading.take_rereading(actor=SYSTEM, at=MONDAY, person_id=person.pk, rereading_id=rereading.pk)

    def test_counts_what_each_rule_read(self) -> None:
        person, row = read_resume()

        counted = ReadFacts.objects.filter(resume=row, field="skills")

        assert sum(one.number for one in counted) == len(facts_of(person).skills)


@pytest.mark.django_db(transaction=True)
class TestRun:
    def read_all(self, run_id: UUID) -> int:
        number = 0
        while resume_rereading.read_next(at=MONDAY, run_id=run_id):
            number += 1
        return number

    def test_reads_those_of_older_readers_and_takes_over_all_at_once(self) -> None:
        person, row = read_resume()
        older_reading(row, person, city=None)
        other = make_person()
        keep(other, TEXT.encode(), resumes.parse(TEXT.encode(), "resume.txt"), parser=resumes.VERSION)
        run = resume_rereading.start_run(actor=SYSTEM, at=MONDAY)

        assert (run.total, self.read_all(run.pk)) == (1, 1)
        assert facts_of(person).city is None

        resume_rereading.take_run(actor=SYSTEM, at=MONDAY, run_id=run.pk)
        while resume_rereading.take_next(at=MONDAY, run_id=run.pk):
            pass

        assert facts_of(person).city is not None
        run.refresh_from_db()
        assert (run.read, run.ended_at) == (1, MONDAY)

    def test_stops_when_cancelled_and_goes_on_where_it_stopped(self) -> None:
        for _number in range(3):
            keep(make_person(), TEXT.encode(), resumes.parse(TEXT.encode(), "resume.txt"))
        run = resume_rereading.start_run(actor=SYSTEM, at=MONDAY)
        assert resume_rereading.read_next(at=MONDAY, run_id=run.pk)

        resume_rereading.cancel_run(actor=SYSTEM, at=MONDAY, run_id=run.pk)
        assert not resume_rereading.read_next(at=MONDAY, run_id=run.pk)
        resume_rereading.resume_run(actor=SYSTEM, run_id=run.pk)

        assert self.read_all(run.pk) == 2
        assert Rereading.objects.filter(run=run).count() == 3

    def test_is_one_at_a_time(self) -> None:
        resume_rereading.start_run(actor=SYSTEM, at=MONDAY)

        with pytest.raises(RunUnderWay):
            resume_rereading.start_run(actor=SYSTEM, at=MONDAY)

    def test_makes_a_file_that_is_gone_no_proposal(self) -> None:
        person, row = read_resume()
        from zhiren.people import files

        files.remove(row.document_id)
        run = resume_rereading.start_run(actor=SYSTEM, at=MONDAY)

        self.read_all(run.pk)

        assert Rereading.objects.get(run=run).problem == "file_missing"
        assert facts_of(person).name is not None


class TestStated:
    @pytest.mark.parametrize(
        ("field", "typed", "value"),
        [
            ("employers.start", "2022年3月", "2022-03"),
            ("employers.end", "至今", "now"),
            ("schools.end", "至今", None),
            ("employers.start", "昨天", None),
            ("notice", "一个月", "30"),
            ("notice", "400", None),
            ("phones", "１９９ 0000 1234", "+8619900001234"),
            ("mails", "not a mail", None),
            ("degree", "bachelor", "bachelor"),
            ("degree", "学霸", None),
            ("skills", "k8s", "Kubernetes"),
            ("birth", "1995.3", "1995-03"),
            ("name", " 许\x00知夏 ", "许 知夏"),
        ],
    )
    def test_brings_what_is_typed_to_the_form_facts_have(self, field: str, typed: str, value: str | None) -> None:
        found = stated(field, typed)

        assert (found or {}).get("value") == value

    def test_reads_pay_with_its_parts(self) -> None:
        assert stated("expected_pay", "20-25K*13") == {
            "value": "20-25K*13", "low": "2000000", "high": "2500000", "currency": "CNY", "months": "13",
        }  # fmt: skip

    def test_tells_which_fields_of_an_entry_cannot_be(self) -> None:
        assert stated_entry("employers", {"employer": "青禾软件", "start": "?"}) == (
            {"employer": "青禾软件"},
            ["start"],
        )
