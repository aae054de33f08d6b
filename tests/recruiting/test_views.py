"""The pages, by role: what they show, what they change, how many queries they need."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import (
    MONDAY,
    SYSTEM,
    actor_of,
    make_application,
    make_company,
    make_department,
    make_opening,
    make_person,
    make_position,
    make_user,
)
from zhiren.access.models import User
from zhiren.people import merging
from zhiren.people import services as people
from zhiren.people.models import Person
from zhiren.plumbing import clock, jobs
from zhiren.recruiting import lists, queries, services
from zhiren.recruiting.models import Application, ExitReason, IntakeFile, Opening, Stage

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _on_monday() -> Any:
    with clock.travel(MONDAY + timedelta(hours=1)):
        yield


def signed_in(user: User, language: str = "en") -> Client:
    """Return a browser in which this user has signed in."""
    user.language = language
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user)
    return client


def owner_of(opening: Opening) -> Client:
    return signed_in(opening.owner)


def text_of(answer: Any) -> str:
    return answer.content.decode()


class TestOpenings:
    def test_show_where_the_candidates_are_and_who_is_late(self) -> None:
        opening = make_opening(city="上海")
        make_application(opening)
        make_application(opening, stage="interview", at=MONDAY - timedelta(days=30))

        page = text_of(owner_of(opening).get(reverse("recruiting:openings")))

        assert opening.title_en in page
        assert "?overdue=on" in page

    def test_show_nothing_of_others(self) -> None:
        opening = make_opening(title_en="Somebody else's")

        page = text_of(signed_in(make_user()).get(reverse("recruiting:openings")))

        assert opening.title_en not in page
        assert "No openings here" in page

    def test_show_closed_ones_apart(self) -> None:
        opening = make_opening(title_en="Long gone")
        services.close_opening(actor=SYSTEM, at=MONDAY, opening_id=opening.pk)
        client = owner_of(opening)

        assert "Long gone" not in text_of(client.get(reverse("recruiting:openings")))
        assert "Long gone" in text_of(client.get(reverse("recruiting:openings") + "?state=closed"))


class TestNewOpening:
    def test_drafts_one_in_the_smallest_unit_of_the_currency(self) -> None:
        recruiter, position = make_user(), make_position()

        answer = signed_in(recruiter).post(
            reverse("recruiting:new_opening"),
            {"position": position.pk, "city": "杭州", "headcount": 2, "currency": "CNY", "pay_from": "20000.50",
             "pay_to": "30000", "shows_pay": "on"},
        )  # fmt: skip

        opening = Opening.objects.get()
        assert answer.url == reverse("recruiting:opening_settings", args=[opening.pk])
        assert (opening.pay_from, opening.pay_to, opening.headcount) == (2_000_050, 3_000_000, 2)
        assert (opening.owner, opening.title, opening.state) == (recruiter, position.title, "draft")

    def test_gives_back_what_does_not_fit(self) -> None:
        answer = signed_in(make_user()).post(
            reverse("recruiting:new_opening"),
            {"position": make_position().pk, "headcount": 1, "currency": "CNY", "pay_from": "3", "pay_to": "2",
             "city": "杭州"},
        )  # fmt: skip

        assert answer.status_code == 422
        assert "lower end" in text_of(answer)
        assert "杭州" in text_of(answer)
        assert not Opening.objects.exists()


class TestOpening:
    def test_is_a_board_with_its_cards_and_numbers(self) -> None:
        opening = make_opening()
        person = make_person(name="郑亦安", city="杭州", degree="master", years=6)
        application = make_application(opening, person, at=MONDAY - timedelta(days=7))

        page = text_of(owner_of(opening).get(reverse("recruiting:opening", args=[opening.pk])))

        assert "郑亦安" in page
        assert "6 years" in page
        assert "here for 7 days" in page
        assert "1 overdue" in page
        assert "within 1 working day" in page
        assert f'data-version="{application.version}"' in page

    def test_pages_its_columns(self) -> None:
        opening = make_opening()
        for number in range(2 * lists.CARDS - 1):
            make_application(opening, at=MONDAY + timedelta(minutes=number))
        client = owner_of(opening)
        stage = Stage.objects.get(opening=opening, kind="new")

        page = client.get(reverse("recruiting:opening", args=[opening.pk]))
        columns = page.context["columns"]
        more = client.get(
            reverse("recruiting:more_cards", args=[opening.pk, stage.pk]) + f"?after={columns[0].after}", headers=HTMX
        )

        first = [card.application.pk for card in columns[0].cards]
        rest = [UUID(found) for found in re.findall(r'id="card-([^"]+)"', more.content.decode())]
        assert (len(first), len(rest), columns[0].count) == (lists.CARDS, lists.CARDS - 1, 2 * lists.CARDS - 1)
        waiting = Application.objects.filter(opening=opening).order_by("entered_stage_at")
        assert first + rest == list(waiting.values_list("pk", flat=True))
        assert "after=" not in more.content.decode()

    def test_tells_how_long_hiring_takes_once_somebody_was_hired(self) -> None:
        opening = make_opening()
        application = make_application(opening, at=MONDAY - timedelta(days=21))
        client, url = owner_of(opening), reverse("recruiting:opening", args=[opening.pk])
        assert "days to hire" not in text_of(client.get(url))

        hired = Stage.objects.get(opening=opening, kind="hired")
        services.move_application(actor=SYSTEM, at=MONDAY, application_id=application.pk, stage_id=hired.pk)

        assert "usually 21 days to hire" in text_of(client.get(url))

    def test_has_no_handles_for_who_may_only_look(self) -> None:
        application = make_application()
        manager = make_user("hiring_manager", department=application.opening.department)

        page = text_of(signed_in(manager).get(reverse("recruiting:opening", args=[application.opening_id])))

        assert application.person.name in page
        assert 'data-board="moves"' not in page
        assert "data-move-to" not in page
        assert "Upload résumés" not in page

    @pytest.mark.parametrize("name", ["opening", "opening_table", "opening_numbers", "opening_settings"])
    def test_looks_to_others_as_if_there_were_none(self, name: str) -> None:
        answer = signed_in(make_user()).get(reverse(f"recruiting:{name}", args=[make_opening().pk]))

        assert answer.status_code == 404


class TestMove:
    def test_answers_with_the_card_as_it_is_now_and_a_way_back(self) -> None:
        application = make_application()
        client = owner_of(application.opening)
        target = Stage.objects.get(opening=application.opening, kind="screening")

        answer = client.post(
            reverse("recruiting:move", args=[application.pk]), {"stage": target.pk, "version": 1}, headers=HTMX
        )

        assert answer.status_code == 200
        assert 'data-version="2"' in text_of(answer)
        assert "undo=1" in answer["HX-Trigger"]
        undo = f"{reverse('recruiting:move', args=[application.pk])}?stage={application.stage_id}&version=2&undo=1"
        assert undo in answer["HX-Trigger"]
        assert client.post(undo, headers=HTMX)["HX-Refresh"] == "true"
        application.refresh_from_db()
        assert (application.stage.kind, application.version) == ("new", 3)

    def test_refuses_the_second_of_two_with_words(self) -> None:
        application = make_application(stage="interview")
        target = Stage.objects.get(opening=application.opening, kind="offer")

        answer = owner_of(application.opening).post(
            reverse("recruiting:move", args=[application.pk]), {"stage": target.pk, "version": 1}, headers=HTMX
        )

        assert answer.status_code == 409
        assert "Interview" in answer["HX-Trigger"]
        application.refresh_from_db()
        assert application.stage.kind == "interview"

    @pytest.mark.parametrize("stage", ["", "exit", "00000000-0000-0000-0000-000000000000"])
    def test_refuses_what_is_no_stage_of_the_opening(self, stage: str) -> None:
        application = make_application()

        answer = owner_of(application.opening).post(
            reverse("recruiting:move", args=[application.pk]), {"stage": stage}, headers=HTMX
        )

        assert answer.status_code == 422


class TestChoosingOnTheBoard:
    def test_ticks_each_candidate_by_name_and_leads_to_the_comparison(self) -> None:
        opening = make_opening()
        first, second = (make_application(opening, make_person(name=name)) for name in ("郑亦安", "李想"))
        client = owner_of(opening)

        page = text_of(client.get(reverse("recruiting:opening", args=[opening.pk])))
        answer = client.get(reverse("talent:compare"), {"seen": [first.pk, second.pk]}, headers=HTMX)

        for application, name in ((first, "郑亦安"), (second, "李想")):
            assert re.search(rf'name="seen" value="{application.pk}"[^>]*aria-label="Choose {name}"', page)
        assert {str(first.person_id), str(second.person_id)} == set(answer["HX-Redirect"].partition("=")[2].split(","))

    def test_is_there_for_cards_that_come_later_too(self) -> None:
        opening = make_opening()
        for _number in range(lists.CARDS + 1):
            last = make_application(opening)
        client = owner_of(opening)
        [column, *_others] = client.get(reverse("recruiting:opening", args=[opening.pk])).context["columns"]

        more = client.get(
            reverse("recruiting:more_cards", args=[opening.pk, column.stage.pk]), {"after": column.after}, headers=HTMX
        )

        assert text_of(more).count('name="seen"') == 1
        assert str(last.pk) in text_of(more)

    def test_is_also_for_who_compares_but_moves_nobody(self) -> None:
        application = make_application()
        manager = application.opening.hiring_manager or make_user("hiring_manager")
        Opening.objects.filter(pk=application.opening_id).update(hiring_manager=manager)
        client = signed_in(manager)

        for view in ("recruiting:opening", "recruiting:opening_table"):
            page = text_of(client.get(reverse(view, args=[application.opening_id])))
            assert ('name="seen"' in page, "Compare" in page) == (True, True)
            assert "Move those chosen to" not in page


class TestMoveMany:
    def test_moves_those_chosen_and_tells_of_those_that_stay(self) -> None:
        opening = make_opening()
        first, second = make_application(opening), make_application(opening, stage="screening")
        target = Stage.objects.get(opening=opening, kind="interview")

        answer = owner_of(opening).post(
            reverse("recruiting:move_many", args=[opening.pk]),
            {"stage": target.pk, "seen": [f"{first.pk}:1", f"{second.pk}:1", "nonsense"]},
        )

        [told] = get_messages(answer.wsgi_request)
        assert str(told).startswith("1 candidate moved. 2 were moved by somebody else")
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.stage.kind, second.stage.kind) == ("interview", "screening")


class TestExit:
    def test_asks_for_a_reason_and_ends(self) -> None:
        application = make_application()
        client, url = owner_of(application.opening), reverse("recruiting:exit", args=[application.pk])

        asked = client.get(url, headers=HTMX)
        nothing = client.post(url, {"version": 1}, headers=HTMX)
        reason = ExitReason.objects.get(code="other_offer")
        ended = client.post(url, {"version": 1, "reason": reason.pk, "note": "去了别处"}, headers=HTMX)

        assert "Took another offer" in text_of(asked)
        assert (nothing.status_code, "choose a reason" in text_of(nothing)) == (422, True)
        assert "dialog-done" in ended["HX-Trigger"]
        application.refresh_from_db()
        assert (application.state, application.exit_reason) == ("exited", reason)
        back = client.post(reverse("recruiting:reopen", args=[application.pk]) + "?undo=1", headers=HTMX)
        application.refresh_from_db()
        assert (back["HX-Refresh"], application.state) == ("true", "active")


class TestOpeningTable:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", {"郑亦安", "李想", "王小明"}),
            ("q=亦安", {"郑亦安"}),
            ("q=lix", {"李想"}),
            ("degree=bachelor", {"郑亦安", "李想"}),
            ("years=5", {"郑亦安"}),
            ("city=上海", {"李想"}),
            ("overdue=on", {"王小明"}),
            ("source=careers", set()),
            ("state=exited", {"钱多"}),
            ("state=all", {"郑亦安", "李想", "王小明", "钱多"}),
            ("after=bm9uc2Vuc2U&years=x&stage=y", {"郑亦安", "李想", "王小明"}),
        ],
    )
    def test_shows_what_the_filters_let_through(self, query: str, found: set[str]) -> None:
        opening = make_opening()
        make_application(opening, make_person(name="郑亦安", city="杭州", degree="master", years=6))
        make_application(opening, make_person(name="李想", city="上海", degree="bachelor", years=2))
        make_application(opening, make_person(name="王小明"), at=MONDAY - timedelta(days=30))
        ended = make_application(opening, make_person(name="钱多"))
        reason = ExitReason.objects.get(code="skill")
        services.exit_application(actor=SYSTEM, at=MONDAY, application_id=ended.pk, reason_id=reason.pk)
        make_application(make_opening(opening.owner), make_person(name="孙悦"))

        page = owner_of(opening).get(reverse("recruiting:opening_table", args=[opening.pk]) + f"?{query}")

        assert {card.application.person.name for card in page.context["cards"]} == found

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("city=上海", 1), ("city=北京", 0), ("degree=master", 1), ("years=5", 1), ("years=10", 0), ("key=on", 1),
            ("q=明远", 1), ("q=明遠", 1), ("q=林", 0),
        ],
    )  # fmt: skip
    def test_filters_by_who_stays_of_a_merge(self, query: str, shown: int) -> None:
        opening = make_opening()
        stays = make_person(name="周明远", city="上海", degree="master", years=6)
        people.mark_key(actor=SYSTEM, at=MONDAY, person_id=stays.pk, is_key=True)
        goes = make_person(name="周明遠", city="北京", degree="bachelor", years=12)
        make_application(opening, goes)
        merging.merge_persons(actor=SYSTEM, at=MONDAY, stays_id=stays.pk, goes_id=goes.pk)

        page = owner_of(opening).get(reverse("recruiting:opening_table", args=[opening.pk]) + f"?{query}")

        assert [card.application.person.root.name for card in page.context["cards"]] == ["周明远"] * shown

    @pytest.mark.parametrize("sort", ["newest", "oldest", "waiting"])
    def test_goes_through_all_rows_once_in_every_order(self, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("zhiren.recruiting.lists.ROWS", 2)
        opening = make_opening()
        for hours in (5, 1, 4, 2, 3):
            make_application(opening, at=MONDAY - timedelta(hours=hours))
        client, url = owner_of(opening), reverse("recruiting:opening_table", args=[opening.pk])

        seen: list[Any] = []
        after = ""
        for _page in range(3):
            page = client.get(f"{url}?sort={sort}&after={after}")
            seen += [card.application.applied_at for card in page.context["cards"]]
            after = page.context["after"]

        assert seen == sorted(seen, reverse=sort == "newest")
        assert (len(set(seen)), after) == (5, "")


class TestOpeningNumbers:
    def test_count_applications_by_week_and_source(self) -> None:
        opening = make_opening()
        make_application(opening, at=MONDAY)
        make_application(opening, at=MONDAY - timedelta(weeks=2))
        make_application(opening, at=MONDAY - timedelta(weeks=30))

        page = owner_of(opening).get(reverse("recruiting:opening_numbers", args=[opening.pk]))

        [series] = page.context["chart"]["series"]
        assert (series["name"], len(series["values"])) == ("Upload", 12)
        assert (series["values"][-1], series["values"][-3], sum(series["values"])) == (1, 1, 2)


class TestOpeningSettings:
    def test_change_texts_stages_and_team(self) -> None:
        opening, colleague = make_opening(), make_user()
        client, url = owner_of(opening), reverse("recruiting:opening_settings", args=[opening.pk])
        stages = queries.stages_of(opening)
        hours = {f"{stage.pk.hex}-limit_hours": "27" for stage in stages}

        client.post(url, {"part": "opening", "title": "架构师", "headcount": 3, "currency": "CNY"})
        client.post(url, {"part": "stages", **hours, f"{stages[0].pk.hex}-owner": str(colleague.pk)})
        client.post(url, {"part": "team", "team": [str(colleague.pk)]})

        opening.refresh_from_db()
        assert (opening.title, opening.headcount) == ("架构师", 3)
        first = queries.stages_of(opening)[0]
        assert (first.limit_hours, first.owner) == (27, colleague)
        assert list(opening.team.all()) == [colleague]

    def test_give_back_what_does_not_fit(self) -> None:
        opening = make_opening()
        url = reverse("recruiting:opening_settings", args=[opening.pk])

        answer = owner_of(opening).post(url, {"part": "opening", "title": "", "headcount": 0, "currency": "CNY"})

        assert answer.status_code == 422

    def test_publish_take_back_and_close(self) -> None:
        opening = make_opening()
        client = owner_of(opening)

        states = []
        for name in ("publish", "unpublish", "close", "open"):
            client.post(reverse(f"recruiting:{name}", args=[opening.pk]))
            opening.refresh_from_db()
            states.append((opening.state, opening.published_at is not None))

        assert states == [("open", True), ("open", False), ("closed", False), ("open", False)]


class TestCandidates:
    def test_are_those_of_ones_openings(self) -> None:
        mine, other = make_application(), make_application()

        page = owner_of(mine.opening).get(reverse("recruiting:candidates"))

        assert [card.application for card in page.context["cards"]] == [mine]
        assert other.person.name not in text_of(page)


class TestNewCandidate:
    def test_becomes_an_application_without_a_resume(self) -> None:
        opening = make_opening()

        answer = owner_of(opening).post(
            reverse("recruiting:new_candidate"),
            {"opening": opening.pk, "name": "郑亦安", "phone": "13900002222", "mail": ""},
        )

        application = Application.objects.get()
        assert answer.url == reverse("people:person", args=[application.person_id])
        assert (application.person.name, application.source) == ("郑亦安", "by_hand")


def upload(client: Client, opening: Opening, *files: SimpleUploadedFile) -> Any:
    return client.post(reverse("recruiting:upload"), {"opening": opening.pk, "files": list(files)}, headers=HTMX)


class TestUpload:
    def test_counts_what_is_read_and_shows_what_became_of_each_file(self) -> None:
        opening = make_opening()
        client = owner_of(opening)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("a.txt", "郑亦安\n电话：13900002222\n")
            archive.writestr("b.pdf", b"%PDF-1.7 nonsense")

        begun = upload(client, opening, SimpleUploadedFile("all.zip", target.getvalue()))
        assert "0 of 2 files" in text_of(begun)
        assert "every 1s" in text_of(begun)
        jobs.run_due(clock.now())
        intake_id = IntakeFile.objects.all()[0].intake_id
        done = text_of(client.get(reverse("recruiting:intake", args=[intake_id]), headers=HTMX))

        assert "2 of 2 files" in done
        assert "every 1s" not in done
        assert "郑亦安" in done
        assert "b.pdf" in done
        assert "damaged" in done

    def test_refuses_an_upload_without_files_in_words(self) -> None:
        opening = make_opening()

        answer = upload(owner_of(opening), opening)

        assert answer.status_code == 422
        assert "no file" in answer["HX-Trigger"]

    def test_is_not_for_the_openings_of_others(self) -> None:
        answer = upload(signed_in(make_user()), make_opening(), SimpleUploadedFile("a.txt", b"a"))

        assert answer.status_code == 422
        assert not IntakeFile.objects.exists()


class TestUnreadable:
    @pytest.fixture
    def task(self) -> IntakeFile:
        """A file that could not be read."""
        opening = make_opening()
        upload(owner_of(opening), opening, SimpleUploadedFile("a<b>&c.pdf", b"%PDF-1.7 nonsense"))
        jobs.run_due(clock.now())
        return IntakeFile.objects.get(state="unreadable")

    def test_lists_the_tasks_with_the_reason_in_words(self, task: IntakeFile) -> None:
        page = text_of(owner_of(task.intake.opening).get(reverse("recruiting:unreadable")))

        assert "a&lt;b&gt;&amp;c.pdf" in page
        assert "damaged" in page

    def test_hands_out_the_original_as_a_download_only(self, task: IntakeFile) -> None:
        url = reverse("recruiting:original", args=[task.pk])
        answer = owner_of(task.intake.opening).get(url)

        assert answer.content == b"%PDF-1.7 nonsense"
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert signed_in(make_user()).get(url).status_code == 404

    def test_is_settled_by_typing_what_one_sees(self, task: IntakeFile) -> None:
        client, url = owner_of(task.intake.opening), reverse("recruiting:settle", args=[task.pk])

        assert client.get(url, headers=HTMX).status_code == 200
        assert client.post(url, {"name": ""}, headers=HTMX).status_code == 422
        answer = client.post(url, {"name": "郑亦安", "phone": "13900002222"}, headers=HTMX)

        assert answer["HX-Refresh"] == "true"
        assert Person.objects.get().name == "郑亦安"

    def test_is_put_aside_with_a_reason(self, task: IntakeFile) -> None:
        client, url = owner_of(task.intake.opening), reverse("recruiting:dismiss", args=[task.pk])

        assert client.post(url, {"reason": ""}, headers=HTMX).status_code == 422
        client.post(url, {"reason": "不是简历"}, headers=HTMX)

        task.refresh_from_db()
        assert (task.state, task.dismissed_because) == ("settled", "不是简历")


class TestOfPerson:
    def test_shows_the_persons_applications_and_what_can_be_done(self) -> None:
        application = make_application()

        page = text_of(owner_of(application.opening).get(reverse("recruiting:of_person", args=[application.person_id])))

        assert application.opening.title_en in page
        assert "Move to…" in page

    def test_shows_nothing_of_the_openings_of_others(self) -> None:
        application = make_application()

        page = text_of(signed_in(make_user()).get(reverse("recruiting:of_person", args=[application.person_id])))

        assert application.opening.title_en not in page


def _pages(opening: Opening, person: Person) -> dict[str, str]:
    return {
        "openings": reverse("recruiting:openings"),
        "new_opening": reverse("recruiting:new_opening"),
        "opening": reverse("recruiting:opening", args=[opening.pk]),
        "opening_table": reverse("recruiting:opening_table", args=[opening.pk]),
        "opening_numbers": reverse("recruiting:opening_numbers", args=[opening.pk]),
        "opening_settings": reverse("recruiting:opening_settings", args=[opening.pk]),
        "candidates": reverse("recruiting:candidates"),
        "upload": reverse("recruiting:upload"),
        "unreadable": reverse("recruiting:unreadable"),
        "of_person": reverse("recruiting:of_person", args=[person.pk]),
    }


class TestQueries:
    @pytest.mark.parametrize("name", list(_pages(Opening(), Person())))
    def test_do_not_grow_with_the_data(self, name: str, django_assert_max_num_queries: Callable[..., Any]) -> None:
        make_company()
        department = make_department()
        manager = make_user("hr_manager", entity=department.entity)
        opening = make_opening(manager, department=department)
        person = make_person()
        make_application(opening, person)
        client, url = signed_in(manager), _pages(opening, person)[name]

        counted = []
        for more in (0, 5):
            for number in range(more):
                kinds = ("new", "screening", "interview", "offer", "hired")
                make_application(opening, stage=kinds[number])
                make_application(make_opening(manager, department=department), person)
            with django_assert_max_num_queries(MOST_QUERIES) as queries_made:
                assert client.get(url).status_code == 200
            counted.append(len(queries_made))
        assert counted[0] == counted[1]


class TestTelling:
    def test_puts_what_happened_into_words_for_who_may_see_it(self) -> None:
        application = make_application(stage="screening")
        reason = ExitReason.objects.get(code="skill")
        services.exit_application(
            actor=SYSTEM, at=MONDAY, application_id=application.pk, reason_id=reason.pk, note="再看看"
        )
        url = reverse("people:timeline", args=[application.person_id])

        page = text_of(owner_of(application.opening).get(url))

        assert "Moved from “New” to “Screening”" in page
        assert "We declined: Skills do not fit" in page
        assert "再看看" in page


class TestSearch:
    def test_finds_openings_by_a_part_of_the_title(self) -> None:
        from zhiren.recruiting.search import openings

        opening = make_opening(title="高级后端工程师")

        assert [hit.url for hit in openings(actor_of(opening.owner), "后端")] == [
            reverse("recruiting:opening", args=[opening.pk])
        ]
        assert openings(actor_of(make_user()), "后端") == []
