"""What is typed about kiosks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.attendance import kiosk_queries
from zhiren.kernel.actors import Actor
from zhiren.plumbing.forms import NamedChoiceField


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
