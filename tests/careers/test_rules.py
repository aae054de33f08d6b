from datetime import UTC, datetime, timedelta

import pytest

from zhiren.careers import rules
from zhiren.kernel.money import Money

NOON = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)


class TestSteps:
    def test_shows_each_kind_once_and_where_one_stands(self) -> None:
        found = rules.steps(["new", "screening", "interview", "interview", "offer", "hired"], current="interview")

        assert [(step.kind, step.state) for step in found] == [
            ("new", "done"),
            ("screening", "done"),
            ("interview", "now"),
            ("offer", "ahead"),
            ("hired", "ahead"),
        ]

    def test_shows_a_stage_that_the_opening_lost_meanwhile(self) -> None:
        assert [step.kind for step in rules.steps(["new", "hired"], current="interview")] == [
            "new",
            "interview",
            "hired",
        ]


class TestVisitorOf:
    @pytest.mark.parametrize(
        ("address", "counted"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("", ""),
            ("unix:", ""),
        ],
    )
    def test_counts_a_household_of_ipv6_as_one(self, address: str, counted: str) -> None:
        assert rules.visitor_of(address) == counted


class TestLooksAutomatic:
    @pytest.mark.parametrize(
        ("trap", "seconds", "automatic"),
        [("", 30, False), ("http://spam.test", 30, True), ("", 1, True), (" ", 2, False)],
    )
    def test_looks_at_the_trap_and_at_the_time_it_took(self, trap: str, seconds: int, automatic: bool) -> None:
        opened_at = NOON - timedelta(seconds=seconds)

        assert rules.looks_automatic(trap=trap, opened_at=opened_at, at=NOON, has_upload=False) is automatic

    def test_gives_time_to_whoever_had_a_resume_read_but_not_to_the_trap(self) -> None:
        assert not rules.looks_automatic(trap="", opened_at=NOON, at=NOON, has_upload=True)
        assert rules.looks_automatic(trap="x", opened_at=NOON, at=NOON, has_upload=True)

    def test_takes_a_form_that_was_never_opened_for_a_program(self) -> None:
        assert rules.looks_automatic(trap="", opened_at=None, at=NOON, has_upload=False)


class TestMaySeeLink:
    def test_shows_it_to_whoever_just_became_known(self) -> None:
        assert rules.may_see_link(person_created_at=NOON, applied_at=NOON, at=NOON)

    def test_hides_it_from_whoever_enters_the_phone_number_of_somebody_known(self) -> None:
        earlier = NOON - timedelta(days=3)

        assert not rules.may_see_link(person_created_at=earlier, applied_at=NOON, at=NOON)
        assert not rules.may_see_link(person_created_at=earlier, applied_at=earlier, at=NOON)


class TestStructuredData:
    posting = rules.Posting(
        title="后端工程师",
        description_html="<p>你会做什么</p>",
        published_at=NOON,
        url="https://example.com/careers/abc",
        identifier="abc",
        company="云杉",
        city="上海",
        address="",
        region="CN-31",
        pay_from=Money.of("26000", "CNY"),
        pay_to=Money.of("38000.50", "CNY"),
    )

    def test_tells_place_and_monthly_pay(self) -> None:
        found = rules.structured_data(self.posting)

        assert found["jobLocation"]["address"] == {
            "@type": "PostalAddress",
            "addressLocality": "上海",
            "addressCountry": "CN",
        }
        assert found["baseSalary"]["currency"] == "CNY"
        assert found["baseSalary"]["value"] == {
            "@type": "QuantitativeValue",
            "minValue": 26000,
            "maxValue": 38000.5,
            "unitText": "MONTH",
        }

    def test_says_nothing_of_pay_that_is_not_shown(self) -> None:
        hidden = {**self.posting.__dict__, "pay_from": None, "pay_to": None}

        assert "baseSalary" not in rules.structured_data(rules.Posting(**hidden))
