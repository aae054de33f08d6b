"""Kiosks: setting one up, the tablet's screen, and punching by the code it shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import SYSTEM, make_branch, make_entity, make_user
from tests.factories.attendance import make_worker, wall
from zhiren.access.models import User
from zhiren.attendance import kiosk_codes, kiosks
from zhiren.attendance.models import DayRecord, Kiosk, Punch
from zhiren.kernel.refusals import NotFound
from zhiren.org.models import Branch
from zhiren.people.models import Employment
from zhiren.plumbing import clock

pytestmark = pytest.mark.django_db
MORNING = wall("2026-11-18 08:58:05")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def branch(worker: Employment) -> Branch:
    return make_branch(entity=worker.entity, name="徐汇店")


@pytest.fixture
def hr(worker: Employment) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user("hr_manager", scope="entity", entity=worker.entity, language="en"))
    return client


@pytest.fixture
def kiosk(branch: Branch) -> Kiosk:
    return kiosks.make_kiosk(actor=SYSTEM, at=MORNING, name="正门", branch_id=branch.pk)[0]


def tablet_of(kiosk: Kiosk, at: datetime = MORNING) -> Client:
    """Return the browser of a tablet that was made this kiosk."""
    tablet = Client(headers={"accept-language": "en"})
    secret = kiosks.new_pairing(actor=SYSTEM, at=at, kiosk_id=kiosk.pk)
    with clock.travel(at):
        assert "正门" in tablet.get(reverse("attendance:pair", args=[secret])).content.decode()
        answer = tablet.post(reverse("attendance:pair", args=[secret]))
    assert answer.headers["Location"] == reverse("attendance:screen")
    return tablet


def scan(user: User, code: str, at: datetime, *, method: str = "post") -> tuple[int, str]:
    """Have somebody open the address of a code and punch; return the status and the page."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    with clock.travel(at):
        answer = getattr(client, method)(reverse("attendance:kiosk", args=[code]))
    return answer.status_code, answer.content.decode()


class TestSettingUp:
    def test_gives_a_link_that_makes_a_tablet_the_kiosk(self, hr: Client, branch: Branch) -> None:
        with clock.travel(MORNING):
            page = hr.post(reverse("attendance:new_kiosk"), {"name": "正门", "branch": branch.pk}).content.decode()

        assert "/attendance/pair/" in page
        assert "<path" in page
        row = Kiosk.objects.get()
        assert (row.name, row.branch_id, row.paired_at) == ("正门", branch.pk, None)
        with clock.travel(MORNING):
            assert "Waits for its tablet" in hr.get(reverse("attendance:devices")).content.decode()

    def test_offers_no_place_of_another_entity(self, hr: Client) -> None:
        foreign = make_branch()

        answer = hr.post(reverse("attendance:new_kiosk"), {"name": "正门", "branch": foreign.pk})

        assert answer.status_code == 422
        assert not Kiosk.objects.exists()

    def test_asks_for_name_and_place(self, hr: Client) -> None:
        assert hr.post(reverse("attendance:new_kiosk"), {}).status_code == 422

    def test_is_for_who_keeps_devices(self, user: User, kiosk: Kiosk) -> None:
        client = Client()
        client.force_login(user)

        assert client.get(reverse("attendance:new_kiosk")).status_code == 403
        assert client.post(reverse("attendance:revoke_kiosk", args=[kiosk.pk])).status_code == 403

    def test_shows_a_kiosk_to_its_own_entity_only(self, kiosk: Kiosk) -> None:
        other = Client()
        other.force_login(make_user("hr_manager", scope="entity", entity=make_entity()))

        assert "正门" not in other.get(reverse("attendance:devices")).content.decode()
        assert other.post(reverse("attendance:revoke_kiosk", args=[kiosk.pk])).status_code == 404
        assert other.post(reverse("attendance:kiosk_link", args=[kiosk.pk])).status_code == 404

    def test_ends_an_older_link_and_the_tablet_before(self, kiosk: Kiosk) -> None:
        before = tablet_of(kiosk)
        old = kiosks.new_pairing(actor=SYSTEM, at=MORNING, kiosk_id=kiosk.pk)
        now = tablet_of(kiosk)

        with clock.travel(MORNING):
            assert Client().get(reverse("attendance:pair", args=[old])).status_code == 409
            assert before.get(reverse("attendance:screen")).status_code == 403
            assert now.get(reverse("attendance:screen")).status_code == 200

    def test_spends_a_link_at_its_first_use_and_after_an_hour(self, kiosk: Kiosk) -> None:
        secret = kiosks.new_pairing(actor=SYSTEM, at=MORNING, kiosk_id=kiosk.pk)
        address = reverse("attendance:pair", args=[secret])
        with clock.travel(MORNING + 61 * MINUTE):
            assert Client().post(address).status_code == 409
        with clock.travel(MORNING):
            Client().get(address)  # what looks at links spends none
            assert Client().post(address).status_code == 302
            assert Client().post(address).status_code == 409


class TestScreen:
    def test_shows_a_code_that_changes(self, kiosk: Kiosk) -> None:
        tablet = tablet_of(kiosk)

        with clock.travel(MORNING):
            page = tablet.get(reverse("attendance:screen")).content.decode()
            first = tablet.get(reverse("attendance:screen_code")).content.decode()
            again = tablet.get(reverse("attendance:screen_code")).content.decode()
        with clock.travel(MORNING + timedelta(seconds=20)):
            later = tablet.get(reverse("attendance:screen_code")).content.decode()

        assert "Scan with your phone" in page
        assert path_of(page) == path_of(first) == path_of(again) != path_of(later)

    def test_keeps_its_token_where_no_script_and_no_other_page_sees_it(self, kiosk: Kiosk) -> None:
        cookie = tablet_of(kiosk).cookies["zhiren_kiosk"]

        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/attendance/screen", True, "Strict")
        assert cookie.value not in str(Kiosk.objects.values_list().get())

    def test_is_for_kiosks_only(self, kiosk: Kiosk, user: User) -> None:
        del kiosk
        stranger = Client(headers={"accept-language": "en"})
        assert stranger.get(reverse("attendance:screen")).status_code == 403
        stranger.cookies["zhiren_kiosk"] = ""
        assert stranger.get(reverse("attendance:screen")).status_code == 403
        stranger.cookies["zhiren_kiosk"] = "made-up"
        stranger.force_login(user)
        assert "no kiosk" in stranger.get(reverse("attendance:screen")).content.decode()

    def test_goes_dark_when_taken_out_of_use(self, kiosk: Kiosk, hr: Client) -> None:
        tablet = tablet_of(kiosk)
        hr.post(reverse("attendance:revoke_kiosk", args=[kiosk.pk]))

        assert tablet.get(reverse("attendance:screen_code")).status_code == 403
        assert hr.post(reverse("attendance:kiosk_link", args=[kiosk.pk])).status_code == 409
        assert "Taken out of use" in hr.get(reverse("attendance:devices")).content.decode()

    def test_tells_that_it_lives(self, kiosk: Kiosk, hr: Client) -> None:
        tablet = tablet_of(kiosk)
        with clock.travel(MORNING + 10 * MINUTE):
            assert "Silent" in hr.get(reverse("attendance:devices")).content.decode()
            tablet.get(reverse("attendance:screen_code"))
            assert "Works" in hr.get(reverse("attendance:devices")).content.decode()

    def test_greets_who_punched_for_a_moment_by_half_a_name(self, kiosk: Kiosk, user: User, worker: Employment) -> None:
        tablet = tablet_of(kiosk)
        worker.person.name = "周明远"
        worker.person.save(update_fields=["name"])
        scan(user, kiosk_codes.code_for(kiosk.pk, MORNING), MORNING)

        with clock.travel(MORNING + timedelta(seconds=3)):
            soon = tablet.get(reverse("attendance:screen_code")).content.decode()
        with clock.travel(MORNING + timedelta(seconds=30)):
            later = tablet.get(reverse("attendance:screen_code")).content.decode()

        assert "周**" in soon
        assert "周明远" not in soon
        assert "周" not in later


def path_of(page: str) -> str:
    return page.partition('<path d="')[2].partition('"')[0]


class TestPunching:
    def test_records_it_at_the_place(self, kiosk: Kiosk, user: User, worker: Employment) -> None:
        code = kiosk_codes.code_for(kiosk.pk, MORNING)

        status, page = scan(user, code, MORNING, method="get")
        assert (status, "徐汇店" in page) == (200, True)
        assert Punch.objects.count() == 0
        assert scan(user, code, MORNING + timedelta(seconds=9))[0] == 302

        punch = Punch.objects.get()
        assert (punch.source, punch.employment_id, punch.zone) == ("kiosk", worker.pk, "Asia/Shanghai")
        assert punch.details == {"kiosk": "正门", "place": "徐汇店"}
        assert DayRecord.objects.get(employment=worker, on=date(2026, 11, 18)).first_in == punch.at

    def test_twice_by_one_code_records_it_once(self, kiosk: Kiosk, user: User) -> None:
        code = kiosk_codes.code_for(kiosk.pk, MORNING)

        scan(user, code, MORNING)
        scan(user, code, MORNING + timedelta(seconds=20))

        assert Punch.objects.count() == 1

    def test_by_one_code_records_each_who_scans_it(self, kiosk: Kiosk, user: User, worker: Employment) -> None:
        colleague = make_user("employee")
        make_worker(user=colleague, department=worker.department)
        code = kiosk_codes.code_for(kiosk.pk, MORNING)

        scan(user, code, MORNING)
        scan(colleague, code, MORNING)

        assert Punch.objects.count() == 2

    def test_takes_no_code_that_was_photographed(self, kiosk: Kiosk, user: User) -> None:
        code = kiosk_codes.code_for(kiosk.pk, MORNING)

        for method in ("get", "post"):
            status, page = scan(user, code, MORNING + MINUTE, method=method)
            assert (status, "not shown any more" in page) == (409, True)
        assert Punch.objects.count() == 0

    def test_takes_no_code_from_the_future(self, kiosk: Kiosk, user: User) -> None:
        assert scan(user, kiosk_codes.code_for(kiosk.pk, MORNING + MINUTE), MORNING)[0] == 409

    @pytest.mark.parametrize("change", ["", "none", "!!!", "a" * 49, "a" * 50, "ä" * 50, "flip", "x" * 2000])
    def test_takes_no_code_that_was_made_up(self, kiosk: Kiosk, user: User, change: str) -> None:
        good = kiosk_codes.code_for(kiosk.pk, MORNING)
        code = good[:30] + ("B" if good[30] != "B" else "C") + good[31:] if change == "flip" else change
        if not code:
            with pytest.raises(NotFound):
                kiosk_codes.read_code(code, MORNING)
            return

        assert scan(user, code, MORNING)[0] == 404
        assert Punch.objects.count() == 0

    def test_takes_no_code_of_a_kiosk_that_never_was(self, user: User, worker: Employment) -> None:
        del worker
        assert scan(user, kiosk_codes.code_for(uuid4(), MORNING), MORNING)[0] == 404

    def test_refuses_a_kiosk_out_of_use(self, kiosk: Kiosk, user: User) -> None:
        kiosks.revoke_kiosk(actor=SYSTEM, at=MORNING, kiosk_id=kiosk.pk)

        status, page = scan(user, kiosk_codes.code_for(kiosk.pk, MORNING), MORNING)

        assert (status, "not in use any more" in page) == (409, True)

    def test_refuses_a_kiosk_of_another_entity(self, user: User, worker: Employment) -> None:
        del worker
        foreign = make_branch(entity=make_entity(name="云杉零售"))
        kiosk = kiosks.make_kiosk(actor=SYSTEM, at=MORNING, name="后门", branch_id=foreign.pk)[0]

        status, page = scan(user, kiosk_codes.code_for(kiosk.pk, MORNING), MORNING)

        assert (status, "云杉零售" in page) == (422, True)
        assert Punch.objects.count() == 0

    def test_refuses_who_is_not_employed_that_day(self, kiosk: Kiosk, user: User, worker: Employment) -> None:
        worker.to_on = date(2026, 11, 17)
        worker.save(update_fields=["to_on"])

        status, page = scan(user, kiosk_codes.code_for(kiosk.pk, MORNING), MORNING)

        assert (status, "not employed" in page) == (422, True)

    def test_asks_a_visitor_to_sign_in(self, kiosk: Kiosk) -> None:
        code = kiosk_codes.code_for(kiosk.pk, MORNING)

        answer = Client().get(reverse("attendance:kiosk", args=[code]))

        assert answer.status_code == 302
        assert code in answer.headers["Location"]


class TestCode:
    def test_names_the_kiosk_and_its_slot(self) -> None:
        kiosk_id = UUID("01a22d7f-0a70-7279-9c8a-4b8ffc059773")

        code = kiosk_codes.code_for(kiosk_id, MORNING)

        assert kiosk_codes.read_code(code, MORNING) == (kiosk_id, kiosk_codes.slot_of(MORNING))
