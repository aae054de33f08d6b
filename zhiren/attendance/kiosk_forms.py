"""What is typed about kiosks."""

from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.attendance import kiosk_queries
from zhiren.kernel.actors import Actor
from zhiren.plumbing.forms import NamedChoiceField

_FEWEST, _MOST = 6, 8


class PinForm(forms.Form):
    """One's own PIN for kiosks, typed twice: digits that nobody guesses at first."""

    pin = forms.CharField(
        label=_("New PIN"),
        help_text=_("Six to eight digits; not your badge number, not all the same, not one after the other."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": _MOST}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": _MOST}),
    )

    def __init__(self, data: Any = None, *, badge: str) -> None:
        super().__init__(data)
        self.badge = badge

    def clean_pin(self) -> str:
        """Refuse what is no PIN, or one that is tried first."""
        pin: str = self.cleaned_data["pin"].strip()
        if not (pin.isascii() and pin.isdigit() and _FEWEST <= len(pin) <= _MOST):
            raise forms.ValidationError(_("A PIN has six to eight digits."))
        steps = {int(after) - int(before) for before, after in pairwise(pin)}
        if len(steps) == 1 and steps <= {-1, 0, 1}:
            raise forms.ValidationError(_("This is tried first: choose one that is harder to guess."))
        if pin == self.badge:
            raise forms.ValidationError(_("Your badge number is no PIN: it is on your badge."))
        return pin

    def clean(self) -> dict[str, Any]:
        """Refuse two that differ."""
        cleaned = super().clean() or self.cleaned_data
        if "pin" in cleaned and cleaned["pin"] != cleaned.get("again", "").strip():
            self.add_error("again", _("The two differ."))
        return cleaned


class PinPunchForm(forms.Form):
    """What somebody types at a kiosk; whatever it is, it is tried."""

    badge = forms.CharField(max_length=40, strip=True)
    pin = forms.CharField(max_length=_MOST, strip=True)


class KioskForm(forms.Form):
    """A kiosk: what it is called, and where it hangs."""

    name = forms.CharField(
        label=pgettext_lazy("thing", "Name"),
        max_length=100,
        help_text=_("Such as: main entrance. It is on the screen."),
    )
    branch = NamedChoiceField(label=_("Place of work"))

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        self.fields["branch"].queryset = kiosk_queries.branches_for_kiosks(actor)  # type: ignore[attr-defined]  # rows
