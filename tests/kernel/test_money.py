"""Money: whole minor units, one currency at a time."""

from decimal import Decimal

import pytest

from zhiren.kernel.money import Money, minor_digits


class TestMoney:
    def test_adds_and_subtracts_one_currency(self) -> None:
        assert Money(2_400_000, "CNY") + Money(50, "CNY") == Money(2_400_050, "CNY")
        assert Money(100, "CNY") - Money(150, "CNY") == Money(-50, "CNY")

    def test_refuses_to_mix_currencies(self) -> None:
        with pytest.raises(ValueError, match="USD and CNY"):
            Money(1, "CNY") + Money(1, "USD")
        with pytest.raises(ValueError, match="USD and CNY"):
            assert Money(1, "CNY") < Money(1, "USD")

    def test_multiplies_by_whole_numbers_only(self) -> None:
        assert Money(2_400_000, "CNY") * 13 == Money(31_200_000, "CNY")
        with pytest.raises(TypeError):
            Money(1, "CNY") * 1.5  # type: ignore[operator]  # the point of the test

    @pytest.mark.parametrize("currency", ["cny", "RMB1", "¥¥¥", ""])
    def test_refuses_what_is_no_currency_code(self, currency: str) -> None:
        with pytest.raises(ValueError, match="ISO 4217"):
            Money(1, currency)

    def test_refuses_floating_point(self) -> None:
        with pytest.raises(TypeError):
            Money(1.5, "CNY")  # type: ignore[arg-type]  # the point of the test
        with pytest.raises(TypeError):
            Money.of(0.1, "CNY")  # type: ignore[arg-type]  # the point of the test


class TestOf:
    @pytest.mark.parametrize(
        ("amount", "currency", "minor"),
        [("199.50", "CNY", 19950), (24000, "CNY", 2_400_000), ("5000", "JPY", 5000), (Decimal("1.234"), "KWD", 1234)],
    )
    def test_reads_whole_units(self, amount: str | int | Decimal, currency: str, minor: int) -> None:
        assert Money.of(amount, currency) == Money(minor, currency)

    @pytest.mark.parametrize(
        ("amount", "currency"), [("0.005", "CNY"), ("1.5", "JPY"), ("lots", "CNY"), ("NaN", "CNY")]
    )
    def test_refuses_what_cannot_be_paid(self, amount: str, currency: str) -> None:
        with pytest.raises(ValueError):
            Money.of(amount, currency)


class TestFormat:
    @pytest.mark.parametrize(
        ("money", "text"),
        [
            (Money(2_400_000, "CNY"), "¥24,000"),
            (Money(19_950, "USD"), "US$199.50"),
            (Money(-5, "CNY"), "-¥0.05"),
            (Money(5000, "JPY"), "JP¥5,000"),
            (Money(1_234, "KWD"), "KWD 1.234"),
            (Money(0, "EUR"), "€0"),
        ],
    )
    def test_shows_every_digit_that_counts(self, money: Money, text: str) -> None:
        assert money.format() == str(money) == text


class TestShort:
    @pytest.mark.parametrize(
        ("minor", "english", "chinese"),
        [
            (2_400_000, "¥24k", "¥24k"),
            (2_459_999, "¥24.5k", "¥24.5k"),
            (95_000, "¥950", "¥950"),
            (12_000_000, "¥120k", "¥12万"),
            (120_000_000, "¥1.2M", "¥120万"),
            (-12_345_678_900, "-¥123.4M", "-¥1.2亿"),
        ],
    )
    def test_fits_on_a_card(self, minor: int, english: str, chinese: str) -> None:
        assert Money(minor, "CNY").short("en") == english
        assert Money(minor, "CNY").short("zh-hans") == chinese


class TestMinorDigits:
    def test_follow_the_currency(self) -> None:
        assert [minor_digits(currency) for currency in ("CNY", "JPY", "KWD")] == [2, 0, 3]
