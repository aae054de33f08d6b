"""The pages of files of punches and of platforms outside, as HR uses them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import SYSTEM, make_user
from tests.factories.attendance import make_worker, wall
from zhiren.attendance import pulling
from zhiren.attendance.models import FileImport, Punch, PunchAccount
from zhiren.plumbing import clock
from zhiren.plumbing.jobs import run_due

pytestmark = pytest.mark.django_db
NOON = wall("2026-11-18 12:00")
CSV = "工号,打卡时间\n895,2026-11-17 08:58\n=1+1,\n"


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with clock.travel(NOON):
        yield


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user("hr_manager", scope="all", language="en"))
    return client


def uploaded(client: Client, text: str = CSV) -> FileImport:
    file = SimpleUploadedFile("打卡.csv", text.encode())
    answer = client.post(reverse("attendance:imports"), {"file": file})
    row = FileImport.objects.get()
    assert answer.headers["Location"] == reverse("attendance:import", args=[row.pk])
    return row


class TestImports:
    def test_takes_a_file_and_shows_what_is_in_it(self, client: Client) -> None:
        make_worker(badge="895")

        row = uploaded(client)
        page = client.get(reverse("attendance:import", args=[row.pk])).content.decode()

        assert "2026-11-17 08:58:00" in page
        assert "Import 1 punch" in page
        assert "No punch: No time" in page
        assert Punch.objects.count() == 0
        assert "打卡.csv" in client.get(reverse("attendance:imports")).content.decode()

    def test_imports_what_was_shown_and_hands_out_the_rest(self, client: Client) -> None:
        make_worker(badge="895")
        row = uploaded(client)

        client.post(reverse("attendance:begin_import", args=[row.pk]))
        run_due(NOON)

        page = client.get(reverse("attendance:import", args=[row.pk])).content.decode()
        assert "1 of 1 punch" in page
        rest = client.get(reverse("attendance:import_rejects", args=[row.pk])).content.decode()
        assert rest.splitlines()[1:] == ["3,No time,'=1+1"]
        assert Punch.objects.count() == 1

    def test_reads_it_by_another_mapping(self, client: Client) -> None:
        row = uploaded(client, "a,工号,打卡时间\n1,895,03/04/2026 08:58\n2,896,05/04/2026 09:00\n")
        page = client.get(reverse("attendance:import", args=[row.pk])).content.decode()
        assert "Are dates written day first or month first?" in page
        assert "Import 2" not in page

        client.post(
            reverse("attendance:import", args=[row.pk]),
            {"zone": "Asia/Shanghai", "badge": "1", "day": "2", "order": "dmy", "first_line": "2"},
        )

        page = client.get(reverse("attendance:import", args=[row.pk])).content.decode()
        assert "2026-04-03 08:58:00" in page
        assert "Import 2 punches" in page

    def test_refuses_a_mapping_that_makes_no_sense(self, client: Client) -> None:
        row = uploaded(client)

        answer = client.post(
            reverse("attendance:import", args=[row.pk]),
            {"zone": "Mars/Olympus", "badge": "1", "day": "77", "first_line": "0"},
        )

        assert answer.status_code == 422
        assert "Mars/Olympus is not a time zone" in answer.content.decode()

    def test_warns_of_a_clock_nobody_works_by(self, client: Client) -> None:
        make_worker(badge="895")
        row = uploaded(client)
        client.post(
            reverse("attendance:import", args=[row.pk]),
            {"zone": "Europe/Berlin", "badge": "0", "day": "1", "order": "ymd", "first_line": "2"},
        )

        page = client.get(reverse("attendance:import", args=[row.pk])).content.decode()
        assert "work by the clock of Asia/Shanghai, but it is read by that of Europe/Berlin" in page
        assert client.post(reverse("attendance:begin_import", args=[row.pk])).status_code == 409
        client.post(reverse("attendance:begin_import", args=[row.pk]), {"zone_is_right": "on"})
        run_due(NOON)

        assert Punch.objects.get().zone == "Europe/Berlin"

    def test_stops_goes_on_and_throws_away(self, client: Client) -> None:
        row = uploaded(client)
        for name, state in (("begin", "importing"), ("stop", "stopped"), ("go_on", "importing"), ("stop", "stopped")):
            client.post(reverse(f"attendance:{name}_import", args=[row.pk]))
            row.refresh_from_db()
            assert row.state == state

        client.post(reverse("attendance:throw_away_import", args=[row.pk]))

        assert not FileImport.objects.exists()

    def test_shows_how_far_it_is_until_it_is_done(self, client: Client) -> None:
        row = uploaded(client)
        address = reverse("attendance:import", args=[row.pk])
        client.post(reverse("attendance:begin_import", args=[row.pk]))

        assert "0 of 1 punch" in client.get(address, headers={"HX-Request": "true"}).content.decode()
        run_due(NOON)

        assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


class TestPlatforms:
    GIVEN: dict[str, Any] = {
        "platform": "wecom", "name": "企业微信", "tenant": "ww1", "secret": "s3cret", "known_by": "number",
        "since": "2026-11-10", "every_minutes": "30",
    }  # fmt: skip

    def test_sets_an_account_up_and_shows_how_it_stands(self, client: Client) -> None:
        assert "No platform is connected" in client.get(reverse("attendance:platforms")).content.decode()

        client.post(reverse("attendance:new_platform"), self.GIVEN)

        row = PunchAccount.objects.get()
        assert (row.platform, row.tenant, row.since) == ("wecom", "ww1", date(2026, 11, 10))
        page = client.get(reverse("attendance:platforms")).content.decode()
        assert "Not asked yet" in page
        assert "s3cret" not in client.get(reverse("attendance:platform", args=[row.pk])).content.decode()

    @pytest.mark.parametrize(("platform", "needed"), [("wecom", "tenant"), ("dingtalk", "app_id")])
    def test_asks_for_what_the_platform_needs(self, client: Client, platform: str, needed: str) -> None:
        answer = client.post(
            reverse("attendance:new_platform"), {**self.GIVEN, "platform": platform, "tenant": "", "secret": ""}
        )

        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {needed, "secret"}

    def test_shows_what_is_wrong_and_since_when(self, client: Client) -> None:
        client.post(reverse("attendance:new_platform"), self.GIVEN)
        PunchAccount.objects.update(problem="not_allowed", detail="48002 api forbidden", failing_since=NOON)

        page = client.get(reverse("attendance:platforms")).content.decode()

        assert "The application may not do this." in page
        assert "48002 api forbidden" in page

    def test_tests_the_connection(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ZHIREN_WECOM_URL", "http://127.0.0.1:9")

        answer = client.post(
            reverse("attendance:new_platform"), {**self.GIVEN, "test": "1"}, headers={"HX-Request": "true"}
        )

        assert "The platform does not answer." in answer.content.decode()
        assert not PunchAccount.objects.exists()

    def test_switches_it_off_and_on(self, client: Client) -> None:
        client.post(reverse("attendance:new_platform"), self.GIVEN)
        row = PunchAccount.objects.get()

        for active in (False, True):
            client.post(reverse("attendance:switch_platform", args=[row.pk]), {"active": "1" if active else "0"})
            row.refresh_from_db()
            assert row.is_active is active

    def test_has_it_asked_now(self, client: Client) -> None:
        row = pulling.save_account(
            actor=SYSTEM, at=NOON,
            facts=pulling.AccountFacts(platform="console", name="a", secret="b", since=date(2026, 11, 10)),
        )  # fmt: skip

        client.post(reverse("attendance:ask_platform", args=[row.pk]))
        run_due(NOON)

        row.refresh_from_db()
        assert row.last_success_at is not None
