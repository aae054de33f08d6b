"""Punches told to Feishu: each record complete, in order, within its limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.connectors.platform_servers import SECRET, FeishuOffice, paced, patient, running
from zhiren.attendance.channels import Login, Note, Unavailable
from zhiren.connectors.feishu.channel import Feishu

LOGIN = Login(app_id="cli_1", secret=SECRET)
NINE = datetime(2026, 11, 16, 1, tzinfo=UTC)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeishuOffice]:
    office = FeishuOffice()
    with running(office):
        monkeypatch.setenv("ZHIREN_FEISHU_URL", office.url)
        yield office
    assert office.violations == []


@pytest.fixture
def feishu() -> Feishu:
    channel: Feishu = patient(Feishu(), [])
    return channel


def notes(count: int) -> list[Note]:
    return [
        Note(user=f"Y{number}", at=NINE + timedelta(seconds=number), place="正门", source="device")
        for number in range(count)
    ]


class TestPush:
    def test_tells_of_each_punch(self, feishu: Feishu, there: FeishuOffice) -> None:
        assert list(feishu.push(LOGIN, notes(1))) == [[""]]
        assert there.records == [
            {"user_id": "Y0", "creator_id": "Y0", "location_name": "正门", "check_time": "1794790800",
             "comment": "device"},
        ]  # fmt: skip

    def test_tells_of_fifty_at_a_time(self, feishu: Feishu, there: FeishuOffice) -> None:
        assert [len(said) for said in feishu.push(LOGIN, notes(120))] == [50, 50, 20]
        assert [row["user_id"] for row in there.records] == [f"Y{number}" for number in range(120)]

    def test_makes_no_more_than_50_calls_a_second(self, feishu: Feishu, there: FeishuOffice) -> None:
        wrist = paced(feishu, there, (50, 1.0))

        assert sum(map(len, feishu.push(LOGIN, notes(50 * 60)))) == 50 * 60

        assert wrist.slept == [1]

    def test_asks_for_another_token_when_that_is_gone(self, feishu: Feishu, there: FeishuOffice) -> None:
        list(feishu.push(LOGIN, notes(1)))
        there.tokens.clear()

        assert list(feishu.push(LOGIN, notes(1))) == [[""]]
        assert there.given == 2

    def test_comes_again_when_it_was_too_fast(self, feishu: Feishu, there: FeishuOffice) -> None:
        there.answers = [(200, {"code": 99991400, "msg": "request trigger frequency limit"})]

        assert list(feishu.push(LOGIN, notes(3))) == [[""] * 3]
        assert len(there.records) == 3

    def test_says_which_were_refused_and_tells_of_the_others(self, feishu: Feishu, there: FeishuOffice) -> None:
        there.strangers = {"Y3", "Y70"}

        said = [words for call in feishu.push(LOGIN, notes(120)) for words in call]

        assert {number: words for number, words in enumerate(said) if words} == {
            3: "1220002 user not found", 70: "1220002 user not found",
        }  # fmt: skip
        assert [row["user_id"] for row in there.records] == [
            f"Y{number}" for number in range(120) if number not in {3, 70}
        ]

    def test_says_how_many_were_taken_before_it_was_refused(self, feishu: Feishu, there: FeishuOffice) -> None:
        telling = feishu.push(LOGIN, notes(120))
        taken = len(next(telling))
        there.answers = [(200, {"code": 99991672, "msg": "Access denied"})]
        with pytest.raises(Unavailable) as error:
            next(telling)

        assert taken == 50
        assert (error.value.problem, error.value.permanent) == ("not_allowed", True)


class TestCheck:
    def test_refuses_a_wrong_secret(self, feishu: Feishu, there: FeishuOffice) -> None:
        with pytest.raises(Unavailable, match="client_refused"):
            feishu.check(Login(app_id="cli_1", secret="wrong"))

    def test_takes_a_no_it_does_not_know_for_one_to_the_sign_in(self, feishu: Feishu, there: FeishuOffice) -> None:
        there.sign_in_answers = [(200, {"code": 4711, "msg": "what is this"})]

        with pytest.raises(Unavailable, match="refused"):
            feishu.check(LOGIN)
