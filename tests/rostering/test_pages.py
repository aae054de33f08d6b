"""The page of working-time law."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from tests.factories import make_department, make_user
from zhiren.kernel import parameters
from zhiren.rostering import law, law_tables, law_words
from zhiren.rostering.law import Code, Finding, Period, Severity, Unit

SUBJECTS = tuple(law_words.SUBJECTS)
STEPS = [{"over": 8, "percent": 150}, {"over": 12, "percent": 200}]


def numbers() -> list[tuple[str, parameters.Parameter]]:
    """Return every number of working-time law with its country."""
    return [
        (country, parameter)
        for country in law.countries()
        for subject in parameters.listed()[country]
        if subject in SUBJECTS
        for parameter in parameters.load(country, subject).values()
    ]


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture
    def client(self) -> Client:
        client = Client()
        client.force_login(make_user("hr_manager", department=make_department()))
        return client

    def test_shows_the_law_of_the_companys_own_country(self, client: Client) -> None:
        text = client.get("/rostering/law").content.decode()

        assert "《中华人民共和国劳动法》第四十一条" in text
        assert "36 小时" in text
        assert "2026-11-30" in text
        assert "尚未核对" in text

    def test_shows_what_a_number_was_before(self, client: Client) -> None:
        text = client.get("/rostering/law").content.decode()

        assert "此前，自 1995-01-01 起：" in text
        assert "44 小时" in text

    def test_links_to_a_source_that_has_an_address(self, client: Client) -> None:
        text = client.get("/rostering/law?country=de").content.decode()

        assert 'href="https://www.lexetius.de/ArbZG/3"' in text
        assert "§ 3, https" not in text

    @pytest.mark.parametrize("country", ["de", "gb", "jp", "sg", "us", "us_ca"])
    def test_shows_each_of_the_others(self, client: Client, country: str) -> None:
        with translation.override("zh-hans"):
            name = str(law_words.COUNTRIES[country])

        text = client.get(f"/rostering/law?country={country}").content.decode()

        [tab] = re.findall(rf'<a class="tab-link" href="\?country={country}"[^>]*>([^<]*)', text)
        assert tab == name
        current = re.findall(r'<a class="tab-link" href="\?country=(\w+)" aria-current="page"', text)
        assert current == [country]

    def test_does_not_know_other_countries(self, client: Client) -> None:
        assert client.get("/rostering/law?country=xx").status_code == 404
        assert client.get("/rostering/law?country=presets").status_code == 404


class TestWords:
    def test_name_every_country_number_and_agreement(self) -> None:
        assert set(law.countries()) == set(law_words.COUNTRIES)
        assert {name.partition("_if_")[0] for _country, one in numbers() for name in [one.name]} <= set(law_words.NAMES)
        agreed = {agreement for country in law.countries() for agreement in law.agreements(country)}
        assert agreed == set(law_words.AGREEMENTS)

    def test_are_chinese_for_every_description_and_for_the_sources_of_china(self) -> None:
        with translation.override("zh-hans"):
            english = [
                one.description
                for _country, one in numbers()
                if translation.gettext(one.description) == one.description
            ]
            sources = [v.source for country, one in numbers() if country == "cn" for v in one.values]
            assert english == []
            assert [source for source in sources if translation.gettext(source) == source] == []

    def test_say_every_value(self) -> None:
        for country, parameter in numbers():
            for dated in parameter.values:
                parts = law_words.value_of(dated.value, parameter.unit)
                assert parts, (country, parameter.name)
                assert not any("{" in part or "_" in part for part in parts), (country, parameter.name, parts)

    @pytest.mark.parametrize(
        ("value", "unit", "said"),
        [
            (1, "hour", ["1 hour"]),
            (20.67, "day", ["20.67 days"]),
            (STEPS, "hour and percent", ["beyond 8 hours: 150 %", "beyond 12 hours: 200 %"]),
            ([{"over": 0, "percent": 300}], "hour and percent", ["300 %"]),
            ([{"over": 6, "minutes": 30}], "hour and minute", ["beyond 6 hours: 30 minutes"]),
            ([{"after": 6, "days": 10}], "month and day", ["after 6 months: 10 days"]),
            ([{"after": 12, "days": 5}], "month and day", ["after 1 year: 5 days"]),
            (70304, "USD a year", ["70,304 USD a year"]),
            ("23:00", "clock", ["23:00"]),
            ("forbidden", "rule", ["forbidden"]),
            ("unlimited", "hour", ["no limit"]),
            (["comprehensive", "irregular"], "regime", ["comprehensive hours", "irregular hours"]),
        ],
    )  # fmt: skip
    def test_say_a_value_with_its_unit(self, value: object, unit: str, said: list[str]) -> None:
        with translation.override("en"):
            assert law_words.value_of(value, unit) == said


class TestSay:
    def finding(self, code: Code, reached: int, limit: int, **more: object) -> Finding:
        plain = {"unit": Unit.MINUTE, "period": Period.DAY, "days": (), "source": "", "severity": Severity.BREACH}
        return Finding(code=code, reached=reached, limit=limit, **(plain | more))  # type: ignore[arg-type]

    def test_has_a_sentence_for_everything_that_can_be_found(self) -> None:
        assert set(law_words.FINDINGS) == set(Code)
        assert set(law_words.SEVERITIES) == set(Severity)

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_fills_every_sentence(self, language: str) -> None:
        with translation.override(language):
            for code in Code:
                assert "%" not in law_words.say(self.finding(code, 661, 660))

    def test_says_it_in_both_languages(self) -> None:
        rest = self.finding(Code.DAILY_REST, 659, 660)
        average = self.finding(Code.AVERAGE_WEEK, 2881, 2880, period=Period.WEEK, length=17)
        free = self.finding(Code.REST_DAYS, 0, 1, unit=Unit.DAY, period=Period.WEEK)

        with translation.override("en"):
            assert law_words.say(rest) == "10 h 59 min of rest between two days; at least 11 hours."
            assert law_words.say(average) == "48 h 1 min a week on the average of 17 weeks; at most 48 hours."
        with translation.override("zh-hans"):
            assert law_words.say(rest) == "两个工作日之间休息 10 小时 59 分钟，至少须 11 小时。"
            assert law_words.say(free) == "1 周中有 0 天不工作，至少须 1 天。"


class TestTables:
    def test_tell_what_is_in_force_from_what_was_and_what_comes(self) -> None:
        def week(on: date) -> law_tables.Line:
            return next(line for line in law_tables.tables("cn", on=on)[0].lines if line.name == "Normal week")

        with translation.override("en"):
            early = week(date(1995, 3, 1))
            assert early.now
            assert [list(early.now.parts), [list(one.parts) for one in early.coming]] == [["44 hours"], [["40 hours"]]]
            later = week(date(2026, 3, 1))
            assert later.now
            assert [list(later.now.parts), [list(one.parts) for one in later.past]] == [["40 hours"], [["44 hours"]]]
            before = week(date(1990, 1, 1))
            assert (before.now, len(before.coming)) == (None, 2)
