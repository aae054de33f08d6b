"""Punches from WeCom: within its limits, whatever it answers. The server on this machine enforces what it documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.connectors.platform_servers import SECRET, WeComOffice, paced, patient, running
from zhiren.attendance.channels import Login, Told, Unavailable, platforms
from zhiren.connectors.calls import TRIES
from zhiren.connectors.wecom.channel import WeCom

LOGIN = Login(tenant="ww1", secret=SECRET)
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = datetime(2026, 11, 20, tzinfo=UTC)
NINE = int(datetime(2026, 11, 16, 1, tzinfo=UTC).timestamp())


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[WeComOffice]:
    office = WeComOffice()
    with running(office):
        monkeypatch.setenv("ZHIREN_WECOM_URL", office.url)
        yield office
    assert office.violations == []


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def wecom(slept: list[float]) -> WeCom:
    channel: WeCom = patient(WeCom(), slept)
    return channel


def pulled(wecom: WeCom, users: list[str], since: datetime = SINCE, until: datetime = UNTIL) -> list[Told]:
    return [one for told in wecom.pull(LOGIN, users=users, since=since, until=until) for one in told]


class TestPull:
    def test_tells_who_punched_when(self, wecom: WeCom, there: WeComOffice) -> None:
        there.punches = [("lin", NINE, ""), ("wei", NINE + 61, "地点异常")]

        told = pulled(wecom, ["lin", "wei"])

        assert [(one.user, one.at.timestamp()) for one in told] == [("lin", NINE), ("wei", NINE + 61)]
        assert told[1].details == {"kind": "上班打卡", "place": "依澜府", "unusual": "地点异常"}

    def test_leaves_out_what_says_that_nobody_punched(self, wecom: WeCom, there: WeComOffice) -> None:
        there.punches = [("lin", NINE, "未打卡"), ("lin", NINE + 5, "时间异常;未打卡")]

        assert pulled(wecom, ["lin"]) == []

    def test_asks_about_a_hundred_people_at_a_time(self, wecom: WeCom, there: WeComOffice) -> None:
        pulled(wecom, [f"u{number}" for number in range(250)])

        assert [len(call["useridlist"]) for call in there.calls] == [100, 100, 50]

    def test_asks_about_thirty_days_at_a_time(self, wecom: WeCom, there: WeComOffice) -> None:
        pulled(wecom, ["lin"], UNTIL - timedelta(days=75), UNTIL)

        spans = [(call["starttime"], call["endtime"]) for call in there.calls]
        assert [end - begin for begin, end in spans] == [30 * 86_400, 30 * 86_400, 15 * 86_400]
        assert [begin for begin, _end in spans[1:]] == [end for _begin, end in spans[:-1]]

    def test_makes_no_more_than_600_calls_a_minute(self, wecom: WeCom, there: WeComOffice) -> None:
        wrist = paced(wecom, there, (600, 60.0))

        pulled(wecom, ["lin"], UNTIL - timedelta(days=30 * 610), UNTIL)

        assert len(there.calls) == 610
        assert wrist.slept == [60]

    def test_asks_for_a_token_once(self, wecom: WeCom, there: WeComOffice) -> None:
        for _time in range(3):
            pulled(wecom, ["lin"])

        assert there.given == 1

    def test_asks_for_another_token_when_that_is_gone(self, wecom: WeCom, there: WeComOffice) -> None:
        there.punches = [("lin", NINE, "")]
        pulled(wecom, ["lin"])
        there.tokens.clear()

        assert len(pulled(wecom, ["lin"])) == 1
        assert there.given == 2

    def test_waits_a_minute_when_it_was_too_fast(self, wecom: WeCom, there: WeComOffice, slept: list[float]) -> None:
        there.punches = [("lin", NINE, "")]
        there.answers = [(200, {"errcode": 45009, "errmsg": "reach max api daily quota limit"})]

        assert len(pulled(wecom, ["lin"])) == 1
        assert slept == [60]

    def test_waits_ever_longer_and_then_gives_up(self, wecom: WeCom, there: WeComOffice, slept: list[float]) -> None:
        there.answers = [(503, {})] * TRIES

        with pytest.raises(Unavailable) as error:
            pulled(wecom, ["lin"])

        assert (error.value.problem, error.value.permanent) == ("busy", False)
        assert slept == [1, 2, 4]

    def test_waits_as_long_as_it_is_told(self, wecom: WeCom, there: WeComOffice, slept: list[float]) -> None:
        there.answers = [(429, {"headers": {"Retry-After": "7"}})]

        pulled(wecom, ["lin"])

        assert slept == [7]

    def test_finds_those_it_does_not_know_and_leaves_them(self, wecom: WeCom, there: WeComOffice) -> None:
        there.strangers = {"gone"}
        there.punches = [("lin", NINE, ""), ("wei", NINE, "")]

        told = pulled(wecom, ["lin", "gone", "wei"])

        assert sorted(one.user for one in told) == ["lin", "wei"]

    @pytest.mark.parametrize(("code", "problem"), [(48002, "not_allowed"), (60011, "not_allowed"), (301025, "refused")])
    def test_tells_what_somebody_must_change(self, wecom: WeCom, there: WeComOffice, code: int, problem: str) -> None:
        there.answers = [(200, {"errcode": code, "errmsg": "api forbidden"})]

        with pytest.raises(Unavailable) as error:
            pulled(wecom, ["lin"])

        assert (error.value.problem, error.value.permanent) == (problem, True)
        assert error.value.detail == f"{code} api forbidden"

    def test_says_so_when_something_else_answers(self, wecom: WeCom, there: WeComOffice) -> None:
        there.answers = [(200, {"raw": b"<html>hello</html>"})]

        with pytest.raises(Unavailable, match="not_the_platform"):
            pulled(wecom, ["lin"])


class TestCheck:
    def test_refuses_a_wrong_secret(self, wecom: WeCom, there: WeComOffice) -> None:
        with pytest.raises(Unavailable) as error:
            wecom.check(Login(tenant="ww1", secret="wrong"))

        assert (error.value.problem, error.value.permanent) == ("client_refused", True)

    def test_really_asks_each_time(self, wecom: WeCom, there: WeComOffice) -> None:
        wecom.check(LOGIN)
        wecom.check(LOGIN)

        assert there.given == 2

    def test_tells_when_nobody_answers(self, wecom: WeCom, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ZHIREN_WECOM_URL", "http://127.0.0.1:9")

        with pytest.raises(Unavailable) as error:
            wecom.check(LOGIN)

        assert (error.value.problem, error.value.permanent) == ("unreachable", False)

    def test_sends_no_secret_in_the_clear(self, wecom: WeCom, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ZHIREN_WECOM_URL", "http://wecom.example")

        with pytest.raises(Unavailable, match="no_encryption"):
            wecom.check(LOGIN)


class TestRegistry:
    def test_knows_the_platforms(self) -> None:
        assert {"wecom", "dingtalk", "feishu", "console"} <= set(platforms)
