"""Fields for time zones, countries and currencies."""

import pytest
from django import forms
from django.utils.translation import override

from zhiren.plumbing.places import CurrencyField, RegionField, ZoneField


class PlaceForm(forms.Form):
    """A place."""

    zone, region = ZoneField(), RegionField()


class TestZoneField:
    def test_offers_zones_by_their_cities_in_the_readers_language(self) -> None:
        with override("zh-hans"):
            assert '<option value="Asia/Shanghai">上海</option>' in str(PlaceForm()["zone"])
        with override("en"):
            assert '<option value="America/New_York">New York</option>' in str(PlaceForm()["zone"])

    def test_refuses_what_is_no_zone(self) -> None:
        form = PlaceForm({"zone": "Asia/Beijing", "region": "CN"})

        assert not form.is_valid()
        assert "Asia/Beijing" in form.errors["zone"][0]

    def test_names_its_list_after_itself(self) -> None:
        text = str(PlaceForm()["zone"])

        assert 'list="id_zone_offered"' in text
        assert '<datalist id="id_zone_offered">' in text


class TestRegionField:
    def test_offers_countries_in_the_readers_language_those_nearby_first(self) -> None:
        with override("zh-hans"):
            text = str(PlaceForm()["region"])

        assert text.index('<option value="CN">中国</option>') < text.index('<option value="DE">德国</option>')
        assert '<option value="US-CA">美国</option>' in text
        assert text.count('value="CN"') == 1

    @pytest.mark.parametrize("typed", ["CN", "DE", "US-CA", "AU-NSW", " de "])
    def test_takes_a_country_or_a_part_of_one(self, typed: str) -> None:
        form = PlaceForm({"zone": "UTC", "region": typed})

        assert form.is_valid(), form.errors
        assert form.cleaned_data["region"] == typed.strip().upper()

    @pytest.mark.parametrize("typed", ["ZZ", "中国", "US-ZZ", "UTILS", "-", "US-"])
    def test_refuses_where_nobody_knows_the_holidays(self, typed: str) -> None:
        form = PlaceForm({"zone": "UTC", "region": typed})

        assert not form.is_valid()
        assert typed in form.errors["region"][0]


class PaidForm(forms.Form):
    """What somebody is paid in."""

    currency = CurrencyField()


class TestCurrencyField:
    def test_offers_currencies_in_the_readers_language_those_most_paid_in_first(self) -> None:
        with override("zh-hans"):
            text = str(PaidForm()["currency"])

        assert text.index('<option value="CNY">人民币</option>') < text.index('<option value="KRW">韩元</option>')

    @pytest.mark.parametrize("typed", ["CNY", "eur", " KRW "])
    def test_takes_a_currency_as_it_is_typed(self, typed: str) -> None:
        form = PaidForm({"currency": typed})

        assert form.is_valid(), form.errors
        assert form.cleaned_data["currency"] == typed.strip().upper()

    @pytest.mark.parametrize("typed", ["¥", "ZZZ", "DEM", "1", "YUAN"])
    def test_refuses_what_nobody_pays_in(self, typed: str) -> None:
        assert not PaidForm({"currency": typed}).is_valid()
