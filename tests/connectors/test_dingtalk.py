"""Punches from DingTalk: within its limits, without what it made up itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.connectors.platform_servers import SECRET, DingTalkOffice, paced, patient, running
from zhiren.attendance.channels import Login, Told, Unavailable
from zhiren.connectors.dingtalk.channel import DingTalk

LOGIN = Login(app_id="ding1", secret=SECRET)
UNTIL = datetime(2026, 11, 20, 15, 59, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=2)
NINE = int(datetime(2026, 11, 19, 1, 0, 7, tzinfo=UTC).timestamp()) * 1000


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[DingTalkOffice]:
    office = DingTalkOffice()
    with running(office):
        monkeypatch.setenv("ZHIREN_DINGTALK_URL", office.url)
        yield office
    assert office.violations == []


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def dingtalk(slept: list[float]) -> DingTalk:
    channel: DingTalk = patient(DingTalk(), slept)
    return channel


def pulled(dingtalk: DingTalk, users: list[str], since: datetime = SINCE) -> list[Told]:
    return [one for told in dingtalk.pull(LOGIN, users=users, since=since, until=UNTIL) for one in told]


def row(**given: Any) -> dict[str, Any]:
    return {
        "userId": "manager1", "userCheckTime": NINE, "checkType": "OnDuty", "sourceType": "USER",
        "timeResult": "Normal", "userAddress": "杭州", **given,
    }  # fmt: skip


class TestPull:
    def test_tells_who_punched_when(self, dingtalk: DingTalk, there: DingTalkOffice) -> None:
        there.punches = [row(userCheckTime=NINE + 456)]

        (told,) = pulled(dingtalk, ["manager1"])

        assert (told.user, told.at) == ("manager1", datetime(2026, 11, 19, 1, 0, 7, tzinfo=UTC))
        assert told.details == {"kind": "OnDuty", "place": "杭州", "how": "USER"}

    @pytest.mark.parametrize(
        "given", [{"sourceType": "SYSTEM"}, {"timeResult": "NotSigned"}, {"invalidRecordType": "Other"}]
    )
    def test_leaves_out_what_nobody_made(
        self, dingtalk: DingTalk, there: DingTalkOffice, given: dict[str, str]
    ) -> None:
        there.punches = [row(**given)]

        assert pulled(dingtalk, ["manager1"]) == []

    def test_asks_about_fifty_people_at_a_time(self, dingtalk: DingTalk, there: DingTalkOffice) -> None:
        pulled(dingtalk, [f"u{number}" for number in range(120)])

        assert [len(call["userIds"]) for call in there.calls] == [50, 50, 20]

    @pytest.mark.parametrize("hour", range(0, 24, 5))
    def test_never_asks_about_more_than_seven_days(self, dingtalk: DingTalk, there: DingTalkOffice, hour: int) -> None:
        pulled(dingtalk, ["a"], UNTIL - timedelta(days=40, hours=hour))

        assert len(there.calls) == 7

    def test_makes_no_more_than_20_calls_a_second(self, dingtalk: DingTalk, there: DingTalkOffice) -> None:
        wrist = paced(dingtalk, there, (20, 1.0))

        pulled(dingtalk, [f"u{number}" for number in range(50 * 50)])

        assert len(there.calls) == 50
        assert wrist.slept == [1, 1]

    def test_asks_in_the_time_of_china(self, dingtalk: DingTalk, there: DingTalkOffice) -> None:
        pulled(dingtalk, ["a"])

        assert there.calls[0]["checkDateTo"] == "2026-11-20 23:59:00"

    def test_asks_for_another_token_when_that_is_gone(self, dingtalk: DingTalk, there: DingTalkOffice) -> None:
        there.punches = [row()]
        pulled(dingtalk, ["manager1"])
        there.tokens.clear()

        assert len(pulled(dingtalk, ["manager1"])) == 1
        assert there.given == 2

    def test_comes_again_when_it_was_too_fast(
        self, dingtalk: DingTalk, there: DingTalkOffice, slept: list[float]
    ) -> None:
        there.answers = [(200, {"errcode": 88, "sub_code": "90018", "sub_msg": "超过频率"})]
        there.punches = [row()]

        assert len(pulled(dingtalk, ["manager1"])) == 1
        assert slept == [1]

    def test_finds_those_it_does_not_know_and_leaves_them(self, dingtalk: DingTalk, there: DingTalkOffice) -> None:
        there.strangers = {"gone"}
        there.punches = [row()]

        assert len(pulled(dingtalk, ["gone", "manager1"])) == 1

    def test_tells_what_is_not_allowed(self, dingtalk: DingTalk, there: DingTalkOffice) -> None:
        there.answers = [(200, {"errcode": 88, "sub_code": "60011", "sub_msg": "没有调用该接口的权限"})]

        with pytest.raises(Unavailable) as error:
            pulled(dingtalk, ["manager1"])

        assert (error.value.problem, error.value.permanent) == ("not_allowed", True)
        assert error.value.detail == "60011 没有调用该接口的权限"


class TestCheck:
    def test_refuses_a_wrong_secret(self, dingtalk: DingTalk, there: DingTalkOffice) -> None:
        with pytest.raises(Unavailable, match="client_refused"):
            dingtalk.check(Login(app_id="ding1", secret="wrong"))
