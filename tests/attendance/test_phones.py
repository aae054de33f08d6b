"""Punches made without a network, as a browser signs and sends them, and what HR sees of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.factories.attendance import make_worker, wall
from zhiren.access.models import RoleGrant, User
from zhiren.attendance.models import DayRecord, DoubtfulPunch, Punch, PunchKey
from zhiren.attendance.phone_words import browser
from zhiren.people.models import Employment
from zhiren.plumbing import clock

pytestmark = pytest.mark.django_db
MORNING, EVENING = wall("2026-11-18 08:50"), wall("2026-11-18 20:00")
SECOND = timedelta(seconds=1)
CHROME = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
)
STORE = {"name": "徐汇店", "lat": 31.2304, "lon": 121.4737, "radius_m": 200}


class Phone:
    """A browser: signs with a key of its own, and has a clock that may be off or be set."""

    def __init__(self, user: User, *, off: timedelta = timedelta()) -> None:
        self.client = Client(headers={"user-agent": CHROME, "accept": "application/json", "accept-language": "en"})
        self.client.force_login(user)
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.off = off
        self.sequence = 0
        self.id = ""
        self.contact: dict[str, Any] = {}
        self.met: datetime

    def public(self) -> str:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return base64.b64encode(self.private.public_key().public_bytes(serialization.Encoding.DER, form)).decode()

    def meet(self, at: datetime) -> dict[str, Any]:
        """Speak with the server, and make a key if there is none that counts."""
        with clock.travel(at):
            self.contact = self.client.get(reverse("attendance:contact"), {"key": self.id}).json()
            self.met = at + self.off
            if not self.contact["key"]:
                self.id = self.post("attendance:add_phone", {"key": self.public()}).json()["id"]
        return self.contact

    def post(self, name: str, body: Any, **more: Any) -> Any:
        return self.client.post(reverse(name), body, content_type="application/json", **more)

    def entry(self, when: datetime, *, steady: bool = True, **other: Any) -> dict[str, str]:
        """Return a punch that was made at a moment, signed; `steady` where the page stayed open."""
        self.sequence += 1
        seen = when + self.off
        payload = {
            "key": self.id,
            "seq": self.sequence,
            "id": str(uuid4()),
            "stamp": self.contact["stamp"],
            "met": milliseconds(self.met),
            "made": milliseconds(seen),
            "elapsed": milliseconds(seen) - milliseconds(self.met) if steady else None,
            "place": None,
            **other,
        }
        return self.signed(json.dumps(payload))

    def signed(self, payload: str) -> dict[str, str]:
        half = 32
        r, s = utils.decode_dss_signature(self.private.sign(payload.encode(), ec.ECDSA(hashes.SHA256())))
        raw = r.to_bytes(half, "big") + s.to_bytes(half, "big")
        return {"payload": payload, "signature": base64.b64encode(raw).decode()}

    def send(self, at: datetime, *entries: dict[str, str]) -> Any:
        with clock.travel(at):
            return self.post(
                "attendance:send", {"key": self.id, "shown": milliseconds(at + self.off), "entries": entries}
            )

    def outcomes(self, at: datetime, *entries: dict[str, str]) -> list[str]:
        return [one["state"] for one in self.send(at, *entries).json()["outcomes"]]

    def why(self, at: datetime, *entries: dict[str, str]) -> str:
        answer = self.send(at, *entries).json()
        return str(answer["outcomes"][0]["message"] if "outcomes" in answer else answer["message"])


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


@pytest.fixture
def phone(user: User, worker: Employment) -> Phone:
    del worker
    found = Phone(user)
    found.meet(MORNING)
    return found


class TestSending:
    def test_records_the_time_at_which_it_was_made(self, phone: Phone, worker: Employment) -> None:
        came, went = phone.entry(wall("2026-11-18 08:58:12")), phone.entry(wall("2026-11-18 18:03:40"))

        assert phone.outcomes(EVENING, came, went) == ["kept", "kept"]

        punches = Punch.objects.order_by("at")
        assert [one.at for one in punches] == [wall("2026-11-18 08:58:12"), wall("2026-11-18 18:03:40")]
        assert {(one.source, one.employment_id) for one in punches} == {("phone", worker.pk)}
        assert all(abs(one.received_at - EVENING) < SECOND for one in punches)
        assert DayRecord.objects.get(employment=worker, on=date(2026, 11, 18)).first_in == wall("2026-11-18 08:58:12")
        assert PunchKey.objects.get().last_used_at == punches[0].received_at

    def test_twice_records_it_once(self, phone: Phone) -> None:
        entry = phone.entry(wall("2026-11-18 08:58"))

        assert phone.outcomes(EVENING, entry, entry) == ["kept", "kept"]
        assert phone.outcomes(EVENING + timedelta(hours=1), entry) == ["kept"]

        assert Punch.objects.count() == 1

    def test_what_arrived_before_its_answer_was_lost_records_it_once(self, phone: Phone) -> None:
        with clock.travel(MORNING):
            phone.client.post(reverse("attendance:punch"), {"key": "5c1a6f2e-5d43-4f0c-9a63-0d4f6c8f1a10"})
        entry = phone.entry(MORNING, id="5c1a6f2e-5d43-4f0c-9a63-0d4f6c8f1a10")

        assert phone.outcomes(EVENING, entry) == ["kept"]
        assert Punch.objects.count() == 1

    def test_goes_by_the_server_where_the_phone_is_an_hour_off(self, user: User, worker: Employment) -> None:
        del worker
        phone = Phone(user, off=timedelta(hours=1))
        phone.meet(MORNING)

        open_page, closed_page = wall("2026-11-18 08:58"), wall("2026-11-18 18:03")
        sent = phone.entry(open_page), phone.entry(closed_page, steady=False)

        assert phone.outcomes(EVENING, *sent) == ["kept", "kept"]
        assert [one.at for one in Punch.objects.order_by("at")] == [open_page, closed_page]

    @pytest.mark.parametrize("act", ["payload", "signature", "key", "stamp"])
    def test_keeps_nothing_of_what_was_tampered_with(self, phone: Phone, user: User, act: str) -> None:
        del user
        entry = phone.entry(wall("2026-11-18 09:30"))
        if act == "payload":
            entry["payload"] = entry["payload"].replace("elapsed", "elapsed ")
        elif act == "signature":
            entry["signature"] = base64.b64encode(b"\1" * 64).decode()
        elif act == "key":
            phone.private = ec.generate_private_key(ec.SECP256R1())
            entry = phone.signed(entry["payload"])
        else:
            entry = phone.entry(wall("2026-11-18 09:30"), stamp=phone.contact["stamp"] + "x")

        assert "changed after it was made" in phone.why(EVENING, entry)

        assert Punch.objects.count() == 0
        assert DoubtfulPunch.objects.count() == 0

    def test_takes_no_stamp_that_was_for_somebody_else(self, phone: Phone) -> None:
        other = make_user("employee")
        make_worker(user=other)
        theirs = Phone(other)
        theirs.meet(MORNING)

        entry = phone.entry(wall("2026-11-18 09:00"), stamp=theirs.contact["stamp"])

        assert "changed after it was made" in phone.why(EVENING, entry)
        assert Punch.objects.count() == 0

    def test_takes_the_good_ones_beside_a_bad_one(self, phone: Phone) -> None:
        bad = phone.entry(wall("2026-11-18 08:58")) | {"payload": "{}"}
        phone.sequence = 0
        good = phone.entry(wall("2026-11-18 09:01"))

        assert phone.outcomes(EVENING, bad, good) == ["refused", "kept"]
        assert Punch.objects.get().at == wall("2026-11-18 09:01")

    def test_refuses_two_punches_of_one_number(self, phone: Phone) -> None:
        one = phone.entry(wall("2026-11-18 08:58"))
        phone.sequence = 0
        other = phone.entry(wall("2026-11-18 12:00"))

        answer = phone.send(EVENING, one, other).json()["outcomes"]

        assert [told["state"] for told in answer] == ["kept", "refused"]
        assert "same number" in answer[1]["message"]

    def test_refuses_a_number_that_cannot_be_the_next(self, phone: Phone) -> None:
        assert "far ahead" in phone.why(EVENING, phone.entry(wall("2026-11-18 08:58"), seq=90_000))
        assert Punch.objects.count() == 0
        phone.sequence = 0
        assert phone.outcomes(EVENING, phone.entry(wall("2026-11-18 08:58"))) == ["kept"]

    def test_refuses_who_was_not_employed_that_day(self, phone: Phone, worker: Employment) -> None:
        worker.to_on = date(2026, 11, 17)
        worker.save(update_fields=["to_on"])

        assert "not employed" in phone.why(EVENING, phone.entry(wall("2026-11-18 08:58")))
        assert Punch.objects.count() == 0

    def test_asks_for_the_place_where_the_group_does(self, user: User) -> None:
        make_worker(user=user, places=[STORE])
        phone = Phone(user)
        phone.meet(MORNING)
        at = wall("2026-11-18 08:58")

        assert "did not say where it is" in phone.why(EVENING, phone.entry(at))
        far = phone.entry(at, place={"lat": 31.3, "lon": 121.4737, "acc": 10})
        assert "徐汇店" in phone.why(EVENING, far)
        near = phone.entry(at, place={"lat": 31.2305, "lon": 121.4737, "acc": 10})
        assert phone.outcomes(EVENING, near) == ["kept"]
        assert Punch.objects.get().details == {"offline": True, "place": "徐汇店"}

    def test_says_the_same_again_when_a_refused_one_comes_again(self, phone: Phone, worker: Employment) -> None:
        worker.to_on = date(2026, 11, 17)
        worker.save(update_fields=["to_on"])
        entry = phone.entry(wall("2026-11-18 08:58"))

        assert phone.why(EVENING, entry) == phone.why(EVENING, entry)

    @pytest.mark.parametrize(
        "body",
        [
            "", "{", "[]", "1", '{"key": 1}', '{"key": "x", "shown": 1, "entries": []}', "[" * 5000,
            '{"key": "5c1a6f2e-5d43-4f0c-9a63-0d4f6c8f1a10", "shown": 1e99, "entries": []}',
            '{"key": "5c1a6f2e-5d43-4f0c-9a63-0d4f6c8f1a10", "shown": NaN, "entries": []}',
            '{"key": "5c1a6f2e-5d43-4f0c-9a63-0d4f6c8f1a10", "shown": 1, "entries": [{"payload": 1}]}',
            '{"key": "5c1a6f2e-5d43-4f0c-9a63-0d4f6c8f1a10", "shown": 1, "entries": 5}',
        ],
    )  # fmt: skip
    def test_refuses_what_is_no_message(self, phone: Phone, body: str) -> None:
        answer = phone.post("attendance:send", body)

        assert answer.status_code == 422
        assert "cannot be read" in answer.json()["message"]

    @pytest.mark.parametrize(
        "payload",
        [
            "", "[]", "{}", "\ud800", '"' + "x" * 5000, json.dumps({"key": 1}),
            {"seq": "1"}, {"seq": True}, {"seq": 0}, {"seq": 10**400}, {"id": "no"}, {"id": 5}, {"made": None},
            {"met": -1}, {"elapsed": float("nan")}, {"elapsed": "1"}, {"place": {"lat": 91, "lon": 0, "acc": 0}},
            {"place": "here"},
            {"key": str(uuid4())}, {"stamp": None}, {"stamp": "a:b"}, {"stamp": ""},
        ],
    )  # fmt: skip
    def test_refuses_a_signed_entry_that_says_nonsense(self, phone: Phone, payload: Any) -> None:
        at = wall("2026-11-18 08:58")
        if isinstance(payload, str):
            signed = phone.signed(payload) if payload != "\ud800" else {"payload": payload, "signature": "AAAA"}
        else:
            signed = phone.entry(at, **payload)

        assert phone.outcomes(EVENING, signed) == ["refused"]
        assert Punch.objects.count() == 0

    def test_refuses_more_than_may_come_at_once(self, phone: Phone) -> None:
        many = [{"payload": "{}", "signature": ""}] * 101

        assert phone.send(EVENING, *many).status_code == 422
        huge = phone.post("attendance:send", json.dumps({"entries": "x" * 300_000}))
        assert "too much" in huge.json()["message"]

    def test_takes_nothing_from_the_browser_of_another(self, phone: Phone) -> None:
        other = make_user("employee")
        make_worker(user=other)
        theirs = Phone(other)
        theirs.meet(MORNING)
        theirs.id = phone.id

        assert theirs.send(EVENING, phone.entry(wall("2026-11-18 08:58"))).status_code == 404
        assert Punch.objects.count() == 0

    def test_needs_the_token_against_forged_forms(self, phone: Phone) -> None:
        phone.client.handler.enforce_csrf_checks = True

        assert phone.send(EVENING).status_code == 403
        headers = {"X-CSRFToken": phone.meet(MORNING)["csrf"]}
        body = {"key": phone.id, "shown": milliseconds(MORNING), "entries": []}
        assert phone.post("attendance:send", body, headers=headers).status_code == 200


class TestDoubts:
    def doubts(self) -> list[str]:
        row = DoubtfulPunch.objects.select_related("punch").get()
        assert row.punch.employment_id is None
        return list(row.doubts)

    def test_keep_a_punch_by_a_clock_that_was_set_back(self, phone: Phone) -> None:
        made = wall("2026-11-18 09:40")
        entry = phone.entry(made, made=milliseconds(wall("2026-11-18 08:58")))

        assert phone.outcomes(EVENING, entry) == ["doubted"]

        assert self.doubts() == ["clock"]
        assert Punch.objects.get().at == made

    def test_let_two_minutes_pass(self, phone: Phone) -> None:
        made = wall("2026-11-18 09:00")

        entry = phone.entry(made, made=milliseconds(made - timedelta(seconds=119)))

        assert phone.outcomes(EVENING, entry) == ["kept"]

    def test_see_a_clock_that_was_set_while_the_page_was_closed(self, phone: Phone) -> None:
        phone.off = -timedelta(minutes=30)
        entry = phone.entry(wall("2026-11-18 09:28"), steady=False)

        assert phone.outcomes(EVENING, entry) == ["doubted"]
        assert self.doubts() == ["clock"]

    def test_hold_back_what_comes_after_days(self, phone: Phone) -> None:
        entry = phone.entry(wall("2026-11-18 08:58"))

        assert phone.outcomes(wall("2026-11-21 08:59"), entry) == ["doubted"]
        assert self.doubts() == ["late"]

    def test_see_a_time_before_the_last_word_of_the_server(self, phone: Phone) -> None:
        entry = phone.entry(wall("2026-11-18 07:58"), steady=False)

        assert phone.outcomes(EVENING, entry) == ["doubted"]
        assert self.doubts() == ["order"]

    def test_let_no_punch_be_later_than_it_arrived(self, phone: Phone) -> None:
        entry = phone.entry(EVENING + timedelta(hours=2))

        assert phone.outcomes(EVENING, entry) == ["doubted"]
        assert self.doubts() == ["order"]
        assert abs(Punch.objects.get().at - EVENING) < SECOND

    def test_notice_that_some_never_came(self, phone: Phone) -> None:
        phone.entry(wall("2026-11-18 08:58"))

        assert phone.outcomes(EVENING, phone.entry(wall("2026-11-18 12:00"))) == ["doubted"]
        assert self.doubts() == ["gap"]


@pytest.fixture
def doubtful(phone: Phone) -> DoubtfulPunch:
    phone.send(wall("2026-11-22 10:00"), phone.entry(wall("2026-11-18 08:58")))
    return DoubtfulPunch.objects.get()


@pytest.fixture
def hr(worker: Employment) -> Iterator[Client]:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user("hr_manager", scope="entity", entity=worker.entity, language="en"))
    with clock.travel(wall("2026-11-22 12:00")):
        yield client


class TestDeciding:
    def decide(self, client: Client, row: DoubtfulPunch, counts: str) -> int:
        return client.post(reverse("attendance:decide_doubt", args=[row.pk]), {"counts": counts}).status_code

    def test_lets_it_count(self, hr: Client, doubtful: DoubtfulPunch, worker: Employment) -> None:
        page = hr.get(reverse("attendance:exceptions")).content.decode()
        assert "It came more than 72 hours later." in page
        assert "Chrome · Android" in page

        self.decide(hr, doubtful, "1")

        assert Punch.objects.get().employment_id == worker.pk
        assert DayRecord.objects.get(employment=worker, on=date(2026, 11, 18)).first_in == wall("2026-11-18 08:58")
        assert "72 hours" not in hr.get(reverse("attendance:exceptions")).content.decode()

    def test_leaves_it_to_nobody(self, hr: Client, doubtful: DoubtfulPunch, phone: Phone) -> None:
        self.decide(hr, doubtful, "0")

        assert Punch.objects.get().employment_id is None
        assert self.decide(hr, doubtful, "1") == 404
        with clock.travel(wall("2026-11-22 12:00")):
            page = phone.client.get(reverse("attendance:home"), headers={"accept": "text/html"}).content.decode()
        assert "Does not count" in page

    def test_is_not_for_who_made_it(self, doubtful: DoubtfulPunch, user: User, worker: Employment) -> None:
        RoleGrant.objects.create(user=user, role="hr_manager", scope="entity", entity=worker.entity)
        client = Client()
        client.force_login(user)

        assert self.decide(client, doubtful, "1") == 404

    def test_is_not_for_hr_of_another_entity(self, doubtful: DoubtfulPunch) -> None:
        client = Client()
        client.force_login(make_user("hr_manager", scope="entity"))

        assert self.decide(client, doubtful, "1") == 404

    def test_keeps_them_out_of_the_badges_of_nobody(self, hr: Client, doubtful: DoubtfulPunch) -> None:
        del doubtful
        assert "Every punch has an owner." in hr.get(reverse("attendance:devices")).content.decode()


class TestBrowsers:
    def test_are_shown_and_removed_by_their_owner(self, phone: Phone) -> None:
        entry = phone.entry(wall("2026-11-18 08:58"))
        with clock.travel(EVENING):
            page = phone.client.get(reverse("attendance:home"), headers={"accept": "text/html"}).content.decode()
            assert "Chrome · Android" in page
            answer = phone.client.post(reverse("attendance:revoke_phone", args=[phone.id]))

        assert answer.headers["Location"] == reverse("attendance:home")
        assert "was removed from your list" in phone.why(EVENING, entry)
        assert Punch.objects.count() == 0
        assert phone.client.get(reverse("attendance:contact"), {"key": phone.id}).json()["key"] is None

    def test_are_shown_and_removed_by_hr(self, phone: Phone, hr: Client) -> None:
        assert "Chrome · Android" in hr.get(reverse("attendance:phones")).content.decode()

        hr.post(reverse("attendance:revoke_phone", args=[phone.id]), {"list": "1"})

        assert "No browser yet" in hr.get(reverse("attendance:phones")).content.decode()

    def test_are_no_business_of_others(self, phone: Phone) -> None:
        client = Client()
        client.force_login(make_user("employee"))

        assert client.post(reverse("attendance:revoke_phone", args=[phone.id])).status_code == 404

    def test_are_one_however_often_the_key_is_told(self, phone: Phone) -> None:
        first = phone.id
        phone.id = ""
        phone.meet(MORNING)

        assert phone.id == first

    def test_use_no_key_of_another_and_none_that_was_removed(self, phone: Phone) -> None:
        other = Phone(make_user("employee"))
        other.private = phone.private
        assert other.post("attendance:add_phone", {"key": phone.public()}).status_code == 409

        phone.client.post(reverse("attendance:revoke_phone", args=[phone.id]))
        assert phone.post("attendance:add_phone", {"key": phone.public()}).status_code == 409

    @pytest.mark.parametrize("key", [None, 5, "", "!!", "AAAA", "x" * 500])
    def test_need_a_key_that_is_one(self, phone: Phone, key: Any) -> None:
        assert phone.post("attendance:add_phone", {"key": key}).status_code == 422

    def test_need_a_key_of_the_right_kind(self, phone: Phone) -> None:
        phone.private = ec.generate_private_key(ec.SECP384R1())

        assert phone.post("attendance:add_phone", {"key": phone.public()}).status_code == 422

    def test_are_ten_at_most(self, phone: Phone) -> None:
        for _number in range(9):
            phone.private = ec.generate_private_key(ec.SECP256R1())
            assert phone.post("attendance:add_phone", {"key": phone.public()}).status_code == 200

        phone.private = ec.generate_private_key(ec.SECP256R1())
        answer = phone.post("attendance:add_phone", {"key": phone.public()})

        assert answer.status_code == 409
        assert "10 browsers" in answer.json()["message"]

    @pytest.mark.parametrize(
        ("agent", "name"),
        [
            (CHROME, "Chrome · Android"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/604", "Safari · iPhone"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
            ("curl/8", "Browser"),
        ],
    )  # fmt: skip
    def test_are_called_by_what_they_say(self, agent: str, name: str) -> None:
        assert browser(agent) in {name, "浏览器"}


class TestPageWithoutNetwork:
    def test_names_nobody(self, phone: Phone, worker: Employment) -> None:
        page = phone.client.get(reverse("attendance:offline"), headers={"accept": "text/html"})

        text = page.content.decode()
        assert worker.person.name not in text
        assert str(worker.user_id) not in text
        assert "geolocation=(self)" in page.headers["Permissions-Policy"]

    def test_is_kept_by_a_worker_that_changes_with_the_language(self, phone: Phone, user: User) -> None:
        first = phone.client.get(reverse("attendance:worker"))
        user.language = "zh-hans"
        user.save(update_fields=["language"])
        other = phone.client.get(reverse("attendance:worker"))

        assert first.headers["Content-Type"].startswith("text/javascript")
        assert reverse("attendance:offline") in first.content.decode()
        assert first.content != other.content
