"""The pages that belong to no app."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories import SYSTEM, make_user
from zhiren.access import services as access
from zhiren.site import health

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
class TestHome:
    @pytest.mark.parametrize("role", ["recruiter", "hr_manager", "hiring_manager", "interviewer", "administrator"])
    def test_leads_every_role_to_a_page_that_opens(self, client: Client, role: str) -> None:
        client.force_login(make_user(role))

        answer = client.get("/", follow=True)

        assert answer.status_code == 200
        assert answer.redirect_chain[-1][0] == ("/org/" if role == "administrator" else "/today/")

    def test_leads_somebody_without_a_role_to_their_settings(self, client: Client) -> None:
        client.force_login(access.invite_user(actor=SYSTEM, at=NOW, email="nobody@yunshan.example", name="无角色"))

        assert client.get("/", follow=True).redirect_chain[-1] == ("/access/preferences", 302)

    def test_leads_visitors_to_the_open_jobs(self, client: Client) -> None:
        assert client.get("/").headers["Location"] == "/careers/"


@pytest.mark.django_db
class TestLanguage:
    def test_is_kept_for_a_visitor_who_comes_back(self, client: Client) -> None:
        answer = client.post(reverse("language"), {"language": "en", "next": "/account/login/"})

        assert answer.headers["Location"] == "/account/login/"
        assert '<html lang="en"' in client.get("/account/login/").content.decode()

    def test_is_kept_with_the_user(self, client: Client) -> None:
        user = make_user("recruiter")
        client.force_login(user)

        client.post(reverse("language"), {"language": "en"})

        user.refresh_from_db()
        assert user.language == "en"

    @pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
    def test_leads_nobody_elsewhere(self, client: Client, target: str) -> None:
        answer = client.post(reverse("language"), {"language": "en", "next": target})

        assert answer.headers["Location"] == "/"

    def test_ignores_a_language_there_is_not(self, client: Client) -> None:
        assert client.post(reverse("language"), {"language": "xx"}).cookies == {}


@pytest.mark.django_db
class TestPalette:
    def test_finds_pages_by_part_of_their_name(self, client: Client) -> None:
        client.force_login(make_user("recruiter"))

        page = client.get(reverse("palette"), {"q": "密码"}).content.decode()

        assert reverse("account_change_password") in page
        assert reverse("mfa_index") not in page

    def test_says_so_when_there_is_nothing(self, client: Client) -> None:
        client.force_login(make_user("interviewer"))

        page = client.get(reverse("palette"), {"q": "<script>zzz"}).content.decode()

        assert "没有找到“&lt;script&gt;zzz”" in page

    def test_is_closed_to_visitors(self, client: Client) -> None:
        assert client.get(reverse("palette")).status_code == 302


@pytest.mark.django_db
class TestManifest:
    def test_names_pictures_that_exist(self, client: Client) -> None:
        icons = client.get(reverse("manifest")).json()["icons"]

        assert len(icons) == 3
        assert all(icon["src"].startswith("/static/") for icon in icons)


@pytest.mark.django_db
class TestAccountPages:
    def test_offer_no_way_to_sign_up_or_to_reset_by_mail(self, client: Client) -> None:
        page = client.get(reverse("account_login")).content.decode()

        assert client.get(reverse("account_signup")).status_code == 404
        assert "password/reset" not in page
        assert "signup" not in page

    @pytest.mark.parametrize("name", ["mfa_index", "account_change_password", "account_reauthenticate"])
    def test_are_drawn_in_the_frame(self, client: Client, name: str) -> None:
        client.force_login(make_user("recruiter"))

        page = client.get(reverse(name), follow=True).content.decode()

        assert 'id="content"' in page


def insert_worker(last_heartbeat: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [last_heartbeat])


def insert_job(status: str, scheduled_at: datetime | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args, scheduled_at)"
            " VALUES ('default', 'tests.job', %s::procrastinate_job_status, '{}', %s)",
            [status, scheduled_at],
        )


@pytest.mark.django_db
class TestLook:
    def test_finds_a_worker_that_was_heard_of_lately(self) -> None:
        insert_worker(NOW - timedelta(seconds=7))

        found = health.look(NOW)

        assert (found.worker_heartbeat_age, found.worker, found.well) == (7, True, True)

    def test_takes_a_silent_worker_for_dead(self) -> None:
        insert_worker(NOW - timedelta(seconds=21))

        found = health.look(NOW)

        assert (found.worker, found.well) == (False, False)

    def test_counts_what_is_due_and_how_long_it_has_waited(self) -> None:
        insert_job("todo", NOW - timedelta(seconds=90))
        insert_job("todo", NOW + timedelta(seconds=90))
        insert_job("failed")

        found = health.look(NOW)

        assert (found.jobs_waiting, found.jobs_failed, found.oldest_job_age) == (1, 1, 90)


@pytest.mark.django_db
class TestState:
    def test_answers_503_while_no_worker_is_there(self, client: Client) -> None:
        answer = client.get(reverse("health"))

        assert answer.status_code == 503
        assert answer.json()["worker"]["status"] == "absent"
        assert answer["Cache-Control"] == "no-store"
