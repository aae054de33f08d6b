"""Résumés on their way in, read by the real reader in its own process."""

import io
import threading
import zipfile
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from tests.factories import MONDAY, SYSTEM, actor_of, make_application, make_opening, make_person, make_user
from zhiren.kernel.refusals import Forbidden, NotFound
from zhiren.people import queries as people
from zhiren.people import services as people_services
from zhiren.people.errors import ContactMalformed
from zhiren.people.models import Document, Person
from zhiren.plumbing import jobs, postgres
from zhiren.recruiting import intake, queries, services
from zhiren.recruiting.errors import AlreadySettled, NameMissing, NothingUploaded, ReasonMissing, UploadTooLarge
from zhiren.recruiting.models import Application, Intake, IntakeFile, Opening
from zhiren.timeline import queries as timeline

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(minutes=1)
BROKEN = b"%PDF-1.7\nthis is not one"


def text_resume(name: str = "郑亦安", phone: str = "13900002222", mail: str = "yian@example.com") -> bytes:
    """Return a résumé as plain text."""
    return f"""{name}
电话：{phone}  邮箱：{mail}
现居：杭州

教育经历
2012.09 - 2016.06  浙江大学  计算机科学与技术  本科

工作经历
2016.07 - 2020.06  云帆数据有限公司  后端工程师
负责交易系统开发
2020.07 - 至今  远山科技有限公司  高级后端工程师
负责平台架构

技能
Python、Django、PostgreSQL
""".encode()


def packed(*members: tuple[str, bytes]) -> bytes:
    """Return a ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def take(opening: Opening, *files: tuple[str, bytes]) -> Intake:
    """Upload files as the opening's owner, and read them."""
    started = intake.start_intake(actor=actor_of(opening.owner), at=MONDAY, opening_id=opening.pk, files=files)
    jobs.run_due(LATER)
    return started


def states(started: Intake) -> list[str]:
    """Return the states of an upload's files in order."""
    return list(started.files.order_by("position").values_list("state", flat=True))


class TestStartIntake:
    def test_keeps_the_original_before_anybody_reads_it(self) -> None:
        opening = make_opening()
        upload = SimpleUploadedFile("简历.txt", text_resume())

        started = intake.start_intake(
            actor=actor_of(opening.owner), at=MONDAY, opening_id=opening.pk, files=[("简历.txt", upload)]
        )

        [row] = started.files.select_related("document")
        assert row.document is not None
        assert people.document_bytes(row.document) == text_resume()
        assert queries.file_name(row) == "简历.txt"
        assert (row.state, started.by) == ("waiting", opening.owner)
        assert not Application.objects.exists()

    def test_counts_each_file_of_a_zip_and_makes_a_task_of_what_cannot_be_taken_out(self) -> None:
        opening = make_opening()
        zipped = packed(("a/one.txt", text_resume()), ("../../evil.txt", text_resume()), ("two.txt", b""))

        started = intake.start_intake(
            actor=actor_of(opening.owner), at=MONDAY, opening_id=opening.pk, files=[("all.zip", zipped)]
        )

        assert states(started) == ["waiting", "unreadable", "unreadable"]
        slipped, empty = started.files.filter(state="unreadable").order_by("position")
        assert (slipped.problem, empty.problem) == ("lying", "empty")
        assert slipped.archive == empty.archive
        assert slipped.archive is not None
        assert people.document_bytes(slipped.archive) == zipped
        assert timeline.events_named(["recruiting.intake.unreadable"]).count() == 2

    def test_keeps_a_broken_zip_as_a_task(self) -> None:
        opening = make_opening()

        started = intake.start_intake(
            actor=actor_of(opening.owner), at=MONDAY, opening_id=opening.pk, files=[("all.zip", b"PK\x03\x04nonsense")]
        )

        [row] = started.files.all()
        assert (row.state, row.problem) == ("unreadable", "damaged")
        assert row.document is not None
        assert people.document_bytes(row.document) == b"PK\x03\x04nonsense"

    @pytest.mark.parametrize("files", [[], [("empty.zip", packed())]])
    def test_refuses_an_upload_without_files(self, files: list[tuple[str, bytes]]) -> None:
        opening = make_opening()

        with pytest.raises(NothingUploaded):
            take(opening, *files)

        assert not Intake.objects.exists()

    def test_refuses_more_than_the_limit_and_keeps_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(intake, "MOST_MEGABYTES", 1)
        opening = make_opening()

        with pytest.raises(UploadTooLarge, match="1 MB"):
            take(opening, ("a.txt", b"a" * 600_000), ("b.txt", b"b" * 600_000))

        assert not Document.objects.exists()

    def test_hides_the_openings_of_others(self) -> None:
        with pytest.raises(NotFound):
            intake.start_intake(
                actor=actor_of(make_user()), at=MONDAY, opening_id=make_opening().pk, files=[("a.txt", b"a")]
            )

    def test_refuses_a_closed_opening(self) -> None:
        opening = make_opening()
        services.close_opening(actor=SYSTEM, at=MONDAY, opening_id=opening.pk)

        with pytest.raises(NotFound):
            take(opening, ("a.txt", text_resume()))


class TestReadFile:
    def test_makes_a_candidate_with_the_facts_of_the_resume(self) -> None:
        opening = make_opening()

        started = take(opening, ("简历.txt", text_resume()))

        [row] = started.files.all()
        application = row.application
        assert application is not None
        person = application.person
        assert (row.state, row.was_known, row.hint, queries.file_name(row)) == ("done", False, "", "")
        assert (application.opening, application.stage.kind, application.source) == (opening, "new", "upload")
        assert (person.name, person.city, person.degree, person.years) == ("郑亦安", "杭州", "bachelor", 10)
        assert person.headline == "高级后端工程师 · 远山科技有限公司"
        assert "Django" in person.skills
        assert person.created_by == opening.owner_id
        [(document, name)] = people.documents_of(person)
        assert (name, people.document_bytes(document)) == ("简历.txt", text_resume())
        assert people.newest_resume(person) is not None
        happened = [name for name in timeline.names_of(person.pk) if name.startswith(("people.", "recruiting."))]
        assert happened == [
            "people.person.added", "recruiting.application.received", "people.resume.parsed",
        ]  # fmt: skip

    def test_counts_the_stages_clock_from_the_upload(self) -> None:
        opening = make_opening()

        started = take(opening, ("简历.txt", text_resume()))

        application = started.files.get().application
        assert application is not None
        assert (application.applied_at, application.entered_stage_at) == (MONDAY, MONDAY)

    def test_does_not_create_a_known_person_twice(self) -> None:
        known = make_person(name="郑亦安", phones=["139 0000 2222"], mails=[])
        opening = make_opening()

        started = take(opening, ("new.txt", text_resume()))

        row = started.files.get()
        assert row.application is not None
        assert (row.application.person, row.was_known) == (known, True)
        assert Person.objects.count() == 1

    def test_makes_one_application_of_the_same_file_twice(self) -> None:
        opening = make_opening()
        nameless = "没有联系方式的一份简历，熟悉 Python 与 Django。".encode()

        first = take(opening, ("a.txt", nameless))
        second = take(opening, ("b.txt", nameless), ("c.txt", nameless))

        rows = [first.files.get(), *second.files.order_by("position")]
        assert len({row.application_id for row in rows}) == 1
        assert [row.was_known for row in rows] == [False, True, True]
        assert Application.objects.count() == 1
        assert Document.objects.filter(person=Person.objects.get()).count() == 3

    def test_calls_who_is_not_named_by_the_file_and_says_so_until_it_is_corrected(self) -> None:
        opening = make_opening()
        started = take(opening, ("后端_简历-2026.txt", "熟悉 Python 与 Django，十年经验。".encode()))

        row = started.files.get()
        assert row.application is not None
        person = row.application.person
        assert (person.name, row.hint) == ("后端 简历 2026", "no_name")

        people_services.change_person(actor=SYSTEM, at=LATER, person_id=person.pk, changes={"name": "郑亦安"})
        jobs.run_due(LATER)
        row.refresh_from_db()
        assert row.hint == ""

    def test_makes_a_visible_task_of_what_cannot_be_read(self) -> None:
        opening = make_opening()

        started = take(opening, ("ok.txt", text_resume()), ("broken.pdf", BROKEN))

        assert states(started) == ["done", "unreadable"]
        [task] = queries.unreadable_files(actor_of(opening.owner))
        assert queries.file_name(task) == "broken.pdf"
        assert task.problem == "damaged"
        assert task.document is not None
        assert people.document_bytes(task.document) == BROKEN
        event = timeline.events_named(["recruiting.intake.unreadable"]).get()
        assert (event.by, event.payload["problem"]) == (opening.owner_id, "damaged")

    def test_makes_a_task_when_the_stored_file_is_gone(self) -> None:
        opening = make_opening()
        started = intake.start_intake(
            actor=actor_of(opening.owner), at=MONDAY, opening_id=opening.pk, files=[("a.txt", text_resume())]
        )
        [document] = Document.objects.all()
        next((postgres.data_folder() / "files").rglob(document.pk.hex)).unlink()

        jobs.run_due(LATER)

        assert started.files.get().problem == intake.FILE_MISSING

    def test_changes_nothing_the_second_time(self) -> None:
        opening = make_opening()
        started = take(opening, ("a.txt", text_resume()), ("broken.pdf", BROKEN))
        before = list(IntakeFile.objects.order_by("pk").values())

        for row in started.files.all():
            intake.read_file(at=LATER, intake_file_id=row.pk)

        assert list(IntakeFile.objects.order_by("pk").values()) == before
        assert timeline.events_named(["people.resume.parsed"]).count() == 1
        assert timeline.events_named(["recruiting.intake.unreadable"]).count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_makes_one_candidate_of_the_same_file_read_twice_at_once(self) -> None:
        opening = make_opening()
        nameless = "没有联系方式的一份简历，熟悉 Python。".encode()
        started = intake.start_intake(
            actor=actor_of(opening.owner),
            at=MONDAY,
            opening_id=opening.pk,
            files=[("a.txt", nameless), ("b.txt", nameless)],
        )

        def read(row: IntakeFile) -> None:
            intake.read_file(at=LATER, intake_file_id=row.pk)
            connections.close_all()

        threads = [threading.Thread(target=read, args=[row]) for row in started.files.all()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        assert states(started) == ["done", "done"]
        assert (Person.objects.count(), Application.objects.count()) == (1, 1)


class TestIntakeCounts:
    def test_are_of_files_by_state(self) -> None:
        started = take(make_opening(), ("a.txt", text_resume()), ("broken.pdf", BROKEN))

        assert queries.intake_counts(started) == {"waiting": 0, "done": 1, "unreadable": 1, "settled": 0}


class TestUnreadableFiles:
    def test_are_not_shown_to_other_recruiters(self) -> None:
        take(make_opening(), ("broken.pdf", BROKEN))

        assert not queries.unreadable_files(actor_of(make_user())).exists()


def a_task(
    opening: Opening | None = None, *, files: Sequence[tuple[str, bytes]] = (("broken.pdf", BROKEN),)
) -> IntakeFile:
    """Return a file that could not be read."""
    return take(opening or make_opening(), *files).files.get(state="unreadable")


class TestSettleUnreadable:
    def test_makes_a_candidate_with_the_original_attached(self) -> None:
        task = a_task()
        owner = actor_of(task.intake.opening.owner)

        application = intake.settle_unreadable(
            actor=owner, at=LATER, intake_file_id=task.pk, name="郑亦安", phones=["13900002222"], mails=[]
        )

        task.refresh_from_db()
        assert (task.state, task.settled_at, task.settled_by_id) == ("settled", LATER, owner.user_id)
        assert task.application == application
        assert application.person.name == "郑亦安"
        [(document, _name)] = people.documents_of(application.person)
        assert people.document_bytes(document) == BROKEN
        assert not queries.unreadable_files(owner).exists()
        assert "recruiting.intake.settled" in timeline.names_of(application.person_id)

    def test_finds_who_is_known_already(self) -> None:
        known = make_person(phones=["13900002222"])
        task = a_task()

        application = intake.settle_unreadable(
            actor=SYSTEM, at=LATER, intake_file_id=task.pk, name="郑", phones=["139-0000-2222"]
        )

        assert application.person == known

    def test_refuses_the_second_time(self) -> None:
        task = a_task()
        intake.dismiss_unreadable(actor=SYSTEM, at=LATER, intake_file_id=task.pk, reason="不是简历")

        with pytest.raises(AlreadySettled):
            intake.settle_unreadable(actor=SYSTEM, at=LATER, intake_file_id=task.pk, name="郑亦安")

    def test_refuses_nobody_and_numbers_that_are_none(self) -> None:
        task = a_task()

        with pytest.raises(NameMissing):
            intake.settle_unreadable(actor=SYSTEM, at=LATER, intake_file_id=task.pk, name=" ")
        with pytest.raises(ContactMalformed):
            intake.settle_unreadable(actor=SYSTEM, at=LATER, intake_file_id=task.pk, name="郑", phones=["12"])

        assert not Person.objects.exists()

    def test_hides_the_tasks_of_others_and_is_refused_to_who_may_only_look(self) -> None:
        task = a_task()
        manager = make_user("hiring_manager", department=task.intake.opening.department)

        with pytest.raises(NotFound):
            intake.settle_unreadable(actor=actor_of(make_user()), at=LATER, intake_file_id=task.pk, name="郑")
        with pytest.raises(Forbidden):
            intake.settle_unreadable(actor=actor_of(manager), at=LATER, intake_file_id=task.pk, name="郑")


class TestDismissUnreadable:
    def test_keeps_the_file_and_says_why(self) -> None:
        task = a_task()

        intake.dismiss_unreadable(actor=SYSTEM, at=LATER, intake_file_id=task.pk, reason=" 不是简历 ")

        task.refresh_from_db()
        assert (task.state, task.dismissed_because, task.application) == ("settled", "不是简历", None)
        assert task.document is not None
        assert people.document_bytes(task.document) == BROKEN

    def test_needs_a_reason(self) -> None:
        with pytest.raises(ReasonMissing):
            intake.dismiss_unreadable(actor=SYSTEM, at=LATER, intake_file_id=a_task().pk, reason=" ")


class TestFileUnreadable:
    def test_makes_one_task_for_a_file_that_came_by_the_career_site(self) -> None:
        application = make_application()
        document = people_services.store_document(
            at=MONDAY, data=BROKEN, name="cv.pdf", media_type="application/pdf", person_id=application.person_id
        )

        def tell() -> IntakeFile:
            return intake.file_unreadable(
                at=MONDAY,
                opening=application.opening,
                document=document,
                problem="damaged",
                application=application,
            )

        assert tell() == tell()
        [task] = queries.unreadable_files(actor_of(application.opening.owner))
        assert (task.application, queries.file_name(task)) == (application, "cv.pdf")
        assert "recruiting.intake.unreadable" in timeline.names_of(application.person_id)

    def test_is_settled_without_typing_anything(self) -> None:
        application = make_application()
        document = people_services.store_document(
            at=MONDAY, data=BROKEN, name="cv.pdf", media_type="application/pdf", person_id=application.person_id
        )
        task = intake.file_unreadable(
            at=MONDAY, opening=application.opening, document=document, problem="damaged", application=application
        )

        settled = intake.settle_unreadable(
            actor=actor_of(application.opening.owner), at=LATER, intake_file_id=task.pk, name=""
        )

        assert settled == application


class TestStopIntake:
    def test_keeps_what_was_not_read_as_tasks_and_goes_on_where_it_stopped(self) -> None:
        opening = make_opening()
        actor = actor_of(opening.owner)
        files = [("a.txt", text_resume()), ("b.txt", text_resume("林晓", "13900003333", "b@example.com"))]
        started = intake.start_intake(actor=actor, at=MONDAY, opening_id=opening.pk, files=files)
        first, second = started.files.order_by("position")
        intake.read_file(at=LATER, intake_file_id=first.pk)

        stopped = intake.stop_intake(actor=actor, at=LATER, intake_id=started.pk)
        jobs.run_due(LATER)

        assert stopped == 1
        assert states(started) == ["done", "unreadable"]
        assert [row.problem for row in queries.unreadable_files(actor)] == ["cancelled"]
        assert intake.stop_intake(actor=actor, at=LATER, intake_id=started.pk) == 0

        resumed = intake.resume_intake(actor=actor, at=LATER, intake_id=started.pk)
        jobs.run_due(LATER)

        assert resumed == 1
        assert states(started) == ["done", "done"]
        assert Application.objects.count() == 2
        assert timeline.events_named(["recruiting.intake.stopped", "recruiting.intake.resumed"]).count() == 2
        assert second.pk

    def test_lets_a_file_that_was_not_read_be_dealt_with_by_hand(self) -> None:
        opening = make_opening()
        actor = actor_of(opening.owner)
        started = intake.start_intake(actor=actor, at=MONDAY, opening_id=opening.pk, files=[("a.txt", text_resume())])
        intake.stop_intake(actor=actor, at=LATER, intake_id=started.pk)

        intake.settle_unreadable(actor=actor, at=LATER, intake_file_id=started.files.get().pk, name="郑亦安")

        assert intake.resume_intake(actor=actor, at=LATER, intake_id=started.pk) == 0
        assert states(started) == ["settled"]

    def test_is_for_those_who_may_upload_there(self) -> None:
        started = take(make_opening(), ("a.txt", text_resume()))

        with pytest.raises(NotFound):
            intake.stop_intake(actor=actor_of(make_user()), at=LATER, intake_id=started.pk)
        with pytest.raises(Forbidden):
            intake.resume_intake(actor=actor_of(make_user("interviewer")), at=LATER, intake_id=started.pk)


class TestKilledInTheMiddle:
    def test_reads_each_file_once_after_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        opening = make_opening()
        names = ("林晓一", "林晓二", "林晓三")
        files = [
            (f"{number}.txt", text_resume(name, f"1390000444{number}", f"l{number}@example.com"))
            for number, name in enumerate(names)
        ]
        started = intake.start_intake(
            actor=actor_of(opening.owner), at=MONDAY, opening_id=opening.pk, files=[("all.zip", packed(*files))]
        )
        second = started.files.get(position=2)

        def dies(*_given: object, **_named: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as killed:
            # at the last step of the second file, when its person and its application are written but not committed
            killed.setattr(intake, "_finish", dies)
            with pytest.raises(KeyboardInterrupt):
                intake.read_file(at=LATER, intake_file_id=second.pk)
        assert Application.objects.count() == 0

        jobs.run_due(LATER)
        for row in started.files.all():
            intake.read_file(at=LATER, intake_file_id=row.pk)  # a job that is run again by another worker

        assert states(started) == ["done", "done", "done"]
        assert Application.objects.count() == Person.objects.count() == 3


class TestTakeMore:
    def test_adds_only_what_the_opening_does_not_have(self) -> None:
        opening = make_opening()
        actor = actor_of(opening.owner)
        zipped = packed(("a.txt", text_resume()), ("empty.txt", b""))
        first, rows, _none = intake.take_more(
            actor=actor, at=MONDAY, opening_id=opening.pk, files=[("all.zip", zipped)]
        )
        assert first is not None

        again, _none, same = intake.take_more(
            actor=actor, at=MONDAY, opening_id=opening.pk, files=[("copy.txt", text_resume()), ("all.zip", zipped)]
        )

        assert again is None
        assert {row.pk for row in same} == {row.pk for row in rows}
        more, new, _none = intake.take_more(
            actor=actor, at=MONDAY, opening_id=opening.pk, files=[("b.txt", b"other")], intake_id=first.pk
        )
        assert (more, [row.position for row in new]) == (first, [3])

    def test_lets_another_opening_have_the_same_file(self) -> None:
        for opening in (make_opening(), make_opening()):
            _intake, [row], _none = intake.take_more(
                actor=actor_of(opening.owner), at=MONDAY, opening_id=opening.pk, files=[("a.txt", text_resume())]
            )
            assert row.intake.opening == opening
