"""Pay as people write it, brought to a month."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.resumes.lines import segments
from zhiren.resumes.facts import Pay
from zhiren.resumes.pay import Amount, amounts_in, pay_in

thousands = st.integers(min_value=1, max_value=90)


def one(text: str, *, currency: str = "CNY") -> Amount:
    """The only amount of a text, which it must cover."""
    (amount,) = amounts_in(text, currency=currency)
    assert text[amount.start : amount.end] == text
    return amount


def summed(pay: Pay | None) -> tuple[int, int | None, str, int | None] | None:
    return (pay.low, pay.high, pay.currency, pay.months) if pay else None


class TestAmountsIn:
    @pytest.mark.parametrize(
        ("text", "low", "high", "currency", "months"),
        [
            ("15-20K", 15_000, 20_000, "CNY", None),
            ("15k-20k·13薪", 15_000, 20_000, "CNY", 13),
            ("15K*14", 15_000, 15_000, "CNY", 14),
            ("1.5-2万/月", 15_000, 20_000, "CNY", None),
            ("24-36万/年", 20_000, 30_000, "CNY", None),
            ("8千-1.2万", 8_000, 12_000, "CNY", None),
            ("8000-1.2万", 8_000, 12_000, "CNY", None),
            ("税前15K", 15_000, 15_000, "CNY", None),
            ("8000元以上/月", 8_000, None, "CNY", None),
            ("5000元以下", 0, 5_000, "CNY", None),
            ("１５-２０Ｋ", 15_000, 20_000, "CNY", None),
            ("年薪36万", 30_000, 30_000, "CNY", None),
            ("HK$ 30,000/month", 30_000, 30_000, "HKD", None),
            ("NT$60,000~80,000/月", 60_000, 80_000, "TWD", None),
            ("$120,000 per year", 10_000, 10_000, "USD", None),
            ("€66k p.a.", 5_500, 5_500, "EUR", None),
            ("£48,000", 4_000, 4_000, "GBP", None),
            ("S$6,000", 6_000, 6_000, "SGD", None),
            ("₹ 12 lakh per annum", 100_000, 100_000, "INR", None),
            ("12-15 LPA", 100_000, 125_000, "INR", None),
            ("200元/天", 4_350, 4_350, "CNY", None),
            ("50元/时", 8_700, 8_700, "CNY", None),
        ],
    )
    def test_reads(self, text: str, low: int, high: int | None, currency: str, months: int | None) -> None:
        amount = one(text)

        assert (amount.low, amount.high, amount.currency, amount.months) == (
            low * 100,
            None if high is None else high * 100,
            currency,
            months,
        )

    @pytest.mark.parametrize("text", ["面议", "3-5年", "13800001234", "100%", "20-15K", "8,5", "第3名", "0.5元", ""])
    def test_reads_nothing_from(self, text: str) -> None:
        assert list(amounts_in(text, currency="CNY")) == []

    def test_needs_a_currency_from_somewhere(self) -> None:
        assert list(amounts_in("30,000 per month")) == []
        assert one("30,000 per month", currency="GBP").currency == "GBP"

    def test_is_less_sure_of_a_period_that_only_the_sum_tells(self) -> None:
        assert (one("36万").period, one("36万").sure) == ("year", False)
        assert (one("36万/年").period, one("36万/年").sure) == ("year", True)

    @given(thousands, thousands, st.sampled_from(["K", "k", "千"]), st.sampled_from(["-", "~", "至", " - ", "–"]))
    def test_keeps_both_ends_whatever_the_sign_between_them(self, a: int, b: int, unit: str, sign: str) -> None:
        low, high = sorted((a, b))

        for text in (f"{low}{sign}{high}{unit}", f"{low}{unit}{sign}{high}{unit}"):
            amount = one(text)
            assert (amount.low, amount.high) == (low * 100_000, high * 100_000)

    @given(st.integers(min_value=10_000, max_value=9_999_999))
    def test_divides_a_year_to_the_nearest_hundredth(self, year: int) -> None:
        amount = one(f"{year}元/年", currency="")

        assert amount.low == amount.high == int(Fraction(year * 100, 12) + Fraction(1, 2))

    @given(st.integers(min_value=500, max_value=999_999))
    def test_does_not_mind_commas_and_wide_digits(self, sum_: int) -> None:
        wide = str(sum_).translate(str.maketrans("0123456789", "０１２３４５６７８９"))

        assert one(f"{sum_:,}元/月").low == one(f"{wide}元/月").low == sum_ * 100

    @given(st.text(alphabet="0123456789.,-~kK万千元/月年天薪$€£ 至起", max_size=30))
    def test_never_turns_or_overlaps_what_it_reads(self, text: str) -> None:
        reached = 0
        for amount in amounts_in(text, currency="CNY"):
            assert reached <= amount.start < amount.end <= len(text)
            assert amount.high is None or 0 <= amount.low <= amount.high
            reached = amount.end


class TestPayIn:
    @pytest.mark.parametrize(
        "line",
        [
            "期望薪资：15-20K",
            "期望月薪（税前）：15000-20000元",
            "薪资要求: 1.5-2万",
            "期望薪资（K）：15-20",
            "期望年薪：18-24万",
            "Expected salary: CNY 15,000 - 20,000 per month",
            "期望薪资\t15-20K\t到岗时间\t随时",
            "求职意向：会计 | 苏州 | 15-20K",
            "期望薪资\n15-20K",
        ],
    )
    def test_reads_the_expected_pay_of(self, line: str) -> None:
        expected, current = pay_in(segments(line), currency="CNY")

        assert (summed(expected), current) == ((1_500_000, 2_000_000, "CNY", None), None)

    @pytest.mark.parametrize(
        "line", ["目前薪资：12K·13薪", "当前月薪: 1.2万*13", "现薪：12000元/月×13", "Current salary: CNY 12k x13"]
    )
    def test_reads_the_current_pay_of(self, line: str) -> None:
        expected, current = pay_in(segments(line), currency="CNY")

        assert (expected, summed(current)) == (None, (1_200_000, 1_200_000, "CNY", 13))

    @pytest.mark.parametrize("line", ["期望薪资：面议", "薪资：15K", "管理15-20K的预算", "负责薪酬管理 10000 人"])
    def test_reads_none_from(self, line: str) -> None:
        assert pay_in(segments(line), currency="CNY") == (None, None)

    def test_points_at_its_text(self) -> None:
        expected, _ = pay_in(segments("期望薪资：１５-２０Ｋ，可谈"), currency="CNY")

        assert expected is not None
        assert (expected.fact.value, expected.fact.line) == ("１５-２０Ｋ", 3)
