"""What is typed about accounts at platforms outside."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.attendance import platform_queries
from zhiren.attendance.models import PunchAccount
from zhiren.attendance.pulling import AccountFacts
from zhiren.kernel.actors import Actor
from zhiren.plumbing.forms import DayField, NamedChoiceField

_BACK = timedelta(days=7)


class AccountForm(forms.Form):
    """An account: at which platform, how to sign in, whose punches, and how often."""

    use_required_attribute = False  # what the chosen platform does not need is hidden, and could not be filled in

    platform = forms.ChoiceField(label=_("Platform"), choices=PunchAccount.Platform.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("What you call it"), max_length=100)
    tenant = forms.CharField(label=_("Corp ID"), max_length=100)
    app_id = forms.CharField(label=_("App key or app ID"), max_length=100)
    secret = forms.CharField(
        label=_("Secret of the application"), max_length=500, required=False, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    known_by = forms.ChoiceField(
        label=_("People are known there by"), choices=PunchAccount.KnownBy.choices,
        help_text=_("The user ID on the platform must be this number."),
    )  # fmt: skip
    entity = NamedChoiceField(label=_("Legal entity"), required=False, empty_label=_("The whole company"))
    since = DayField(label=_("Punches since"))
    every_minutes = forms.IntegerField(
        label=_("Every … minutes"), min_value=1, max_value=1440,
        help_text=_("DingTalk counts calls by the month: one for each 50 people."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor, today: date, account: PunchAccount | None = None) -> None:
        names = ("platform", "name", "tenant", "app_id", "known_by", "since", "every_minutes")
        known = (
            {name: getattr(account, name) for name in names} | {"entity": account.entity_id}
            if account
            else {"platform": "wecom", "since": today - _BACK, "every_minutes": 30}
        )
        super().__init__(data, initial=known)
        by_corp = (data or {}).get("platform") == PunchAccount.Platform.WECOM
        self.fields["tenant"].required = data is None or by_corp  # until then it is open which platform is chosen
        self.fields["app_id"].required = data is None or not by_corp
        self.fields["secret"].required = account is None
        entity = self.fields["entity"]
        entity.queryset = platform_queries.entities_to_connect(actor)  # type: ignore[attr-defined]  # a choice of rows
        entity.required = not platform_queries.may_connect_all(actor)
        if account:
            self.fields["secret"].help_text = _("Leave empty to keep the secret that is stored.")

    def clean(self) -> dict[str, Any]:
        """Forget what the chosen platform does not need."""
        given = super().clean() or self.cleaned_data
        given["app_id" if given.get("platform") == PunchAccount.Platform.WECOM else "tenant"] = ""
        return given

    def facts(self) -> AccountFacts:
        """Return what was given."""
        given = dict(self.cleaned_data)
        entity = given.pop("entity")
        return AccountFacts(**given, entity_id=entity.pk if entity else None)
