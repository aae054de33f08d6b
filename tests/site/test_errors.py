"""What is answered when something cannot be done."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError
from django.http import HttpRequest as DjangoRequest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import gettext_lazy as _

from tests.factories import make_user
from zhiren.access.models import User
from zhiren.kernel.refusals import Conflict, TooMany
from zhiren.plumbing.notices import tell
from zhiren.plumbing.routes import Open, route
from zhiren.site import errors
from zhiren.site import urls as site

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class SeatTaken(Conflict):
    code = "tests.seat_taken"
    message = _("Seat %(seat)s is taken.")


def refuse(request: DjangoRequest) -> HttpResponse:
    raise SeatTaken(seat="<b>7</b>")


def hurry(request: DjangoRequest) -> HttpResponse:
    raise TooMany(retry_after=42)


def lose_database(request: DjangoRequest) -> HttpResponse:
    raise OperationalError("the server closed the connection; host=10.0.0.1")


def look_for_nul(request: DjangoRequest) -> HttpResponse:
    return HttpResponse(str(User.objects.filter(name__icontains=request.GET["q"]).count()))


def break_down(request: DjangoRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


def do(request: DjangoRequest) -> HttpResponse:
    tell(request, "Done.", undo="/take-back")
    answer = HttpResponse("ok")
    answer["HX-Trigger"] = "dialog-done"
    return answer


OPEN = Open("a test")
handler404 = site.handler404
handler500 = site.handler500
urlpatterns = [
    route("refuse", refuse, name="refuse", needs=OPEN, methods=["GET", "POST"]),
    route("hurry", hurry, name="hurry", needs=OPEN),
    route("lose", lose_database, name="lose", needs=OPEN),
    route("look", look_for_nul, name="look", needs=OPEN),
    route("break", break_down, name="break", needs=OPEN),
    route("do", do, name="do", needs=OPEN, methods=["POST"]),
    *site.urlpatterns,
]
HTMX = {"HX-Request": "true"}


class TestRefusal:
    def test_is_a_page_with_its_sentence_escaped(self, client: Client) -> None:
        answer = client.get("/refuse", headers={"Accept": "text/html", "Accept-Language": "en"})

        assert answer.status_code == 409
        assert "Seat &lt;b&gt;7&lt;/b&gt; is taken." in answer.content.decode()

    def test_leaves_a_draft_where_it_is(self, client: Client) -> None:
        assert "data-error-page" in client.post("/refuse").content.decode()

    def test_is_a_notice_under_htmx_and_changes_nothing_in_the_page(self, client: Client) -> None:
        answer = client.post("/refuse", headers=HTMX)

        told = json.loads(answer["HX-Trigger"])["notices"]["items"]
        assert (answer.status_code, answer["HX-Reswap"], answer.content) == (409, "none", b"")
        assert [(one["text"], one["tone"]) for one in told] == [("Seat <b>7</b> is taken.", "bad")]

    def test_is_json_for_machines(self, client: Client) -> None:
        answer = client.get("/refuse", headers={"Accept": "application/json"})

        assert answer.json() == {"code": "tests.seat_taken", "message": "Seat <b>7</b> is taken."}

    def test_says_when_to_come_back(self, client: Client) -> None:
        answer = client.get("/hurry")

        assert (answer.status_code, answer["Retry-After"]) == (429, "42")

    def test_of_the_kernel_speaks_the_readers_language(self, client: Client) -> None:
        assert "请稍等再试" in client.get("/hurry").content.decode()


class TestNul:
    def test_in_what_is_looked_for_is_a_bad_request(self, client: Client) -> None:
        assert client.get("/look", {"q": "\0"}).status_code == 400
        assert client.get("/look", {"q": "x"}).status_code == 200


class TestDatabaseGone:
    def test_answers_503_without_a_query_and_without_details(
        self, client: Client, django_assert_num_queries: object
    ) -> None:
        with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture
            answer = client.get("/lose")

        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert "10.0.0.1" not in answer.content.decode()


class TestServerError:
    def test_answers_503_for_a_database_lost_before_any_view(self) -> None:
        try:
            lose_database(RequestFactory().get("/today/"))
        except OperationalError:
            answer = errors.server_error(RequestFactory().get("/today/"))

        assert (answer.status_code, answer["Retry-After"]) == (503, "10")


class TestDefect:
    def test_answers_500_and_tells_nothing_about_it(self) -> None:
        answer = Client(raise_request_exception=False).get("/break")

        assert answer.status_code == 500
        assert "a secret detail" not in answer.content.decode()

    def test_of_htmx_is_a_notice(self) -> None:
        answer = Client(raise_request_exception=False).get("/break", headers=HTMX)

        assert answer["HX-Reswap"] == "none"
        assert json.loads(answer["HX-Trigger"])["notices"]["items"][0]["tone"] == "bad"


class TestOtherAnswers:
    def test_a_wrong_address_is_404_with_a_way_back(self, client: Client) -> None:
        answer = client.get("/nowhere")

        assert answer.status_code == 404
        assert 'href="/"' in answer.content.decode()

    def test_a_wrong_method_is_405_and_names_the_right_one(self, client: Client) -> None:
        answer = client.get("/do")

        assert (answer.status_code, answer["Allow"]) == (405, "POST")

    def test_a_form_without_its_token_is_refused_in_words(self) -> None:
        answer = Client(enforce_csrf_checks=True).post("/do")

        assert answer.status_code == 403
        assert "刷新" in answer.content.decode()


class TestSafeAnswerMiddleware:
    def test_gives_htmx_what_was_told_beside_the_views_own_events(self, client: Client) -> None:
        answer = client.post("/do", headers=HTMX)

        events = json.loads(answer["HX-Trigger"])
        assert events["dialog-done"] == {}
        assert events["notices"]["items"] == [{"text": "Done.", "tone": "good", "undo": "/take-back"}]

    def test_keeps_what_was_told_for_the_next_page_otherwise(self, client: Client) -> None:
        client.post("/do")

        page = client.get("/account/login/").content.decode()

        assert "Done." in page
        assert 'action="/take-back"' in page

    def test_keeps_a_signed_in_readers_pages_out_of_caches(self, client: Client) -> None:
        assert "no-store" not in client.get("/nowhere").get("Cache-Control", "")
        client.force_login(make_user("recruiter"))

        assert client.get("/nowhere")["Cache-Control"] == "no-store"

    def test_forbids_what_no_page_needs(self, client: Client) -> None:
        assert "camera=()" in client.get("/account/login/")["Permissions-Policy"]
