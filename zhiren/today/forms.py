"""What is typed into Today."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.access.models import User
from zhiren.plumbing.forms import MomentField


class SnoozeForm(forms.Form):
    """Until when."""

    until = MomentField(
        label=_("Remind me at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M"),
    )


class HandOverForm(forms.Form):
    """To whom."""

    to = forms.TypedChoiceField(label=_("Colleague"), coerce=UUID, widget=forms.Select(attrs={"class": "select"}))

    def __init__(self, data: Any, groups: list[tuple[str, list[User]]], *, english: bool) -> None:
        super().__init__(data)
        choices: list[Any] = [("", _("Choose a colleague"))]
        choices += [
            (label, [(str(user.pk), _named(user, english=english)) for user in users]) for label, users in groups
        ]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]  # a choice field has them


def _named(user: User, *, english: bool) -> str:
    name = (user.name_en if english else "") or user.name
    title = (user.title_en if english else "") or user.title
    return f"{name} · {title}" if title else name


class MailForm(forms.Form):
    """A mail by hand. `key` makes it one, however often it is sent."""

    subject = forms.CharField(label=_("Subject"), max_length=200, widget=forms.TextInput(attrs={"class": "input"}))
    body = forms.CharField(
        label=_("Mail"), max_length=20_000, widget=forms.Textarea(attrs={"class": "textarea", "rows": 10})
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
