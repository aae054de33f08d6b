"""Amounts of money: whole minor units of a currency (分, cents), never floating point."""

from dataclasses import dataclass
from decimal import Decimal

# The currencies that pages offer to choose from; any other of ISO 4217 is understood.
CURRENCIES = ("CNY", "EUR", "GBP", "HKD", "JPY", "SGD", "USD")

# Minor digits after ISO 4217; a currency that is not named here has two.
_MINOR_DIGITS = {
    "BHD": 3, "CLP": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3,
    "PYG": 0, "TND": 3, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip

_SYMBOLS = {
    "AUD": "A$", "CAD": "C$", "CHF": "CHF ", "CNY": "¥", "EUR": "€", "GBP": "£", "HKD": "HK$", "INR": "₹", "JPY": "JP¥",
    "KRW": "₩", "MOP": "MOP$", "SGD": "S$", "TWD": "NT$", "USD": "US$", "VND": "₫",
}  # fmt: skip


def minor_digits(currency: str) -> int:
    """Return how many digits a currency has after the point."""
    return _MINOR_DIGITS.get(currency, 2)


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units: `Money(2_400_000, "CNY")` is 24,000 yuan. Negative amounts are owed."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount_minor, int) or isinstance(self.amount_minor, bool):
            raise TypeError("an amount of money is a whole number of minor units")
        if len(self.currency) != 3 or not (
            self.currency.isascii() and self.currency.isalpha() and self.currency.isupper()
        ):
            raise ValueError(f"{self.currency!r} is no ISO 4217 currency code")

    @classmethod
    def of(cls, amount: int | str | Decimal, currency: str) -> "Money":
        """Return an amount given in whole units or as decimal text ("199.50").

        Raises:
            ValueError: not a number, or finer than the currency's smallest unit.
        """
        if isinstance(amount, float):
            raise TypeError("give an amount of money as text or Decimal, not as float")
        try:
            minor = Decimal(amount).scaleb(minor_digits(currency))
        except ArithmeticError as error:
            raise ValueError(f"{amount!r} is not an amount") from error
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise ValueError(f"{amount} is finer than {currency} can be paid")
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        """Return the amount in whole units, with every digit of the currency."""
        return Decimal(self.amount_minor).scaleb(-minor_digits(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount_minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount_minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        if not isinstance(times, int):
            raise TypeError("money is multiplied by whole numbers only; rounding is a decision of the caller")
        return Money(self.amount_minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount_minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount_minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount_minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount_minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def __str__(self) -> str:
        return self.format()

    def format(self) -> str:
        """Return the amount as both Chinese and English readers write it: ¥24,000, US$199.50."""
        amount = self.amount
        if amount == amount.to_integral_value():
            amount = amount.to_integral_value()
        return self._signed(f"{abs(amount):,f}")

    def short(self, language: str = "en") -> str:
        """Return the amount in the few characters of a card: ¥24k and ¥1.2M, in Chinese ¥24k and ¥120万.

        One decimal, cut towards zero. Amounts below a thousand are given in full.
        """
        amount = abs(self.amount)
        chinese = language.lower().startswith("zh")
        steps = ((10**8, "亿"), (10**5, "万"), (10**3, "k")) if chinese else ((10**9, "B"), (10**6, "M"), (10**3, "k"))
        for least, mark in steps:
            if amount >= least:
                unit = 10**4 if mark == "万" else least
                tenths = int(amount * 10 / unit)
                text = f"{tenths // 10:,}" + (f".{tenths % 10}" if tenths % 10 else "")
                return self._signed(text + mark)
        return self.format()

    def _signed(self, text: str) -> str:
        return ("-" if self.amount_minor < 0 else "") + _SYMBOLS.get(self.currency, f"{self.currency} ") + text

    def _same(self, other: "Money") -> int:
        """Return the other amount; ValueError if its currency differs."""
        if self.currency != other.currency:
            raise ValueError(f"{other.currency} and {self.currency} do not add up or compare")
        return other.amount_minor
