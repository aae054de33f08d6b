"""Parameters: every shipped file is sound, and a broken one says where."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from zhiren.kernel import parameters
from zhiren.kernel.parameters import InvalidParameters, parameter

HOURS = """
hours:
  description: A limit.
  unit: hour
  checked_on: 2026-11-22
  values:
    2020-01-01: {value: 40, source: "Second act"}
    1995-01-01: {value: 36, source: "First act"}
"""


class TestParameter:
    def test_is_the_value_in_force_on_the_day(self) -> None:
        assert parameter("cn", "recruiting", "feedback_days", on=date(2026, 11, 22)) == 3

    @pytest.mark.parametrize(
        ("country", "subject", "name"),
        [("cn", "recruiting", "nothing"), ("cn", "nothing", "x"), ("xx", "recruiting", "x"), ("..", "secrets", "x")],
    )
    def test_is_not_made_up(self, country: str, subject: str, name: str) -> None:
        with pytest.raises(LookupError):
            parameter(country, subject, name, on=date(2026, 11, 22))


class TestOn:
    def test_changes_on_the_day_the_new_value_begins(self) -> None:
        hours = parameters.parse(HOURS, where="x.yaml")["hours"]

        assert hours.on(date(2019, 12, 31)).value == 36
        assert hours.on(date(2020, 1, 1)).value == 40
        assert hours.on(date(2020, 1, 1)).source == "Second act"

    def test_has_nothing_to_say_before_the_first_value(self) -> None:
        with pytest.raises(LookupError, match="1995-01-01"):
            parameters.parse(HOURS, where="x.yaml")["hours"].on(date(1994, 12, 31))


class TestParse:
    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ("  unit: hour\n", "", "x.yaml, hours: needs exactly checked_on, description, unit, values"),
            ("2020-01-01: ", "lately: ", "x.yaml, hours: 'lately' is not a date"),
            (', source: "Second act"', "", "x.yaml, hours, 2020-01-01: needs exactly value and source"),
            ('"Second act"', '""', "source: must be a text"),
            ("2026-11-22", "22.11.2026", "checked_on: '22.11.2026' is not a date"),
            ("hours:", "Hours per month:", "lower case"),
            ("{value: 40", "{value: [40", "is not YAML"),
        ],
    )
    def test_names_the_file_and_the_entry_that_is_wrong(self, old: str, new: str, complaint: str) -> None:
        assert old in HOURS
        with pytest.raises(InvalidParameters) as refusal:
            parameters.parse(HOURS.replace(old, new), where="x.yaml")

        assert complaint in str(refusal.value)

    def test_takes_a_number_that_nobody_has_checked_yet(self) -> None:
        unchecked = HOURS.replace("checked_on: 2026-11-22", "checked_on: null")

        assert parameters.parse(unchecked, where="x.yaml")["hours"].checked_on is None


class TestParameterFor:
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        for country, text in (("all", HOURS + HOURS.replace("hours:", "days:")), ("cn", HOURS.replace("40", "7"))):
            (tmp_path / country).mkdir()
            (tmp_path / country / "signs.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(parameters, "FOLDER", tmp_path)
        parameters.load.cache_clear()
        yield
        parameters.load.cache_clear()

    def test_is_the_countrys_own_and_else_what_holds_everywhere(self) -> None:
        def value(country: str, name: str) -> int:
            return int(parameters.parameter_for(country, "signs", name, on=date(2026, 11, 30)))

        assert (value("cn", "hours"), value("cn", "days"), value("us-ca", "hours")) == (7, 40, 40)
        with pytest.raises(LookupError):
            value("cn", "weeks")


class TestListed:
    def test_names_the_subjects_of_each_country(self) -> None:
        assert parameters.listed()["cn"] == tuple(
            path.stem for path in sorted((parameters.FOLDER / "cn").glob("*.yaml"))
        )
        assert "working_time" in parameters.listed()["us_ca"]


class TestShippedFiles:
    def test_are_all_sound(self) -> None:
        files = sorted(parameters.FOLDER.glob("*/*.yaml"))

        assert files
        for path in files:
            assert parameters.load(path.parent.name, path.stem)
