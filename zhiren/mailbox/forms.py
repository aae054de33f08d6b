"""What is typed about mailboxes and mails."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.access import queries as access
from zhiren.kernel.actors import Actor
from zhiren.mailbox import permissions, queries
from zhiren.mailbox.models import MailAccount
from zhiren.mailbox.services import AccountFacts
from zhiren.org import queries as org
from zhiren.plumbing.forms import DayField
from zhiren.recruiting import queries as recruiting

# As far back a new mailbox is read unless somebody says otherwise.
_BACK = timedelta(days=14)


class _Named(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A choice among rows that are called by the label or name of the row."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what the row is called in the reader's language."""
        return str(getattr(obj, "label", "") or obj.name)


# As the two largest providers document it.
_TOKEN_ADDRESSES = (
    "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token",
    "https://oauth2.googleapis.com/token",
)
_SCOPES = "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"


def _secret(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=5_000,
        required=False,
        strip=False,
        help_text=hint,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AccountForm(forms.Form):
    """How a mailbox is reached and read."""

    use_required_attribute = False  # the way that is not chosen is hidden, and could not be filled in

    name = forms.CharField(label=_("Name of the mailbox"), max_length=100, help_text=_("As you call it: “Jobs”."))
    host = forms.CharField(label=_("Mail server (IMAP)"), max_length=253, help_text="imap.example.com")
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993)
    tls = forms.ChoiceField(label=_("Encryption"), choices=MailAccount.Tls.choices, initial="tls")
    user = forms.CharField(label=_("User name"), max_length=254)
    sign_in = forms.ChoiceField(
        label=_("Sign in with"),
        choices=MailAccount.SignIn.choices,
        required=False,
        initial="password",
        widget=forms.RadioSelect,
    )
    password = _secret(_("Password"))
    token_url = forms.CharField(
        label=_("Token address"),
        max_length=300,
        help_text=" · ".join(_TOKEN_ADDRESSES),
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=200)
    client_secret = _secret(_("Client secret"))
    refresh_token = _secret(
        _("Refresh token"),
        _("Without one the application itself signs in (client credentials), as Microsoft 365 allows."),
    )
    scope = forms.CharField(label=_("Scope"), max_length=500, required=False, help_text=_SCOPES)
    folder = forms.CharField(label=_("Folder"), max_length=200, initial="INBOX")
    since = DayField(label=_("Read what arrived since"))
    after = forms.ChoiceField(label=_("When a mail was dealt with"), choices=MailAccount.After.choices, initial="seen")
    move_to = forms.CharField(label=_("Move to the folder"), max_length=200, required=False)
    poll_minutes = forms.IntegerField(
        label=_("Look every … minutes"),
        min_value=1,
        max_value=1440,
        initial=5,
        help_text=_("Where the server does not call by itself."),
    )
    uses_idle = forms.BooleanField(label=_("Let the server call when a mail arrives (IDLE)"), required=False)
    entity = _Named(label=_("Legal entity"), queryset=None, required=False, empty_label=_("The whole company"))
    opening = _Named(
        label=_("Opening"),
        queryset=None,
        required=False,
        empty_label=_("None: by subject and address"),
        help_text=_("Mails that name no other job go there."),
    )
    readers = forms.TypedMultipleChoiceField(
        label=_("Who files what comes in"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, actor: Actor, today: date, account: MailAccount | None = None) -> None:
        super().__init__(data, initial=_initial(account, today))
        self.account = account
        entities, opening, readers = (self.fields[name] for name in ("entity", "opening", "readers"))
        reach = actor.reach(permissions.MANAGE_ACCOUNTS)
        rows = org.entities(actor)
        entities.queryset = rows if reach.everything else rows.filter(pk__in=reach.entities)  # type: ignore[attr-defined]  # a choice
        entities.required = not reach.everything
        opening.queryset = recruiting.openings_visible_to(actor).exclude(state="closed").order_by("-created_at", "-id")  # type: ignore[attr-defined]  # a choice
        colleagues = access.colleagues(actor).values_list("pk", "name", "title")
        readers.choices = [(str(pk), f"{name} · {title}" if title else name) for pk, name, title in colleagues]  # type: ignore[attr-defined]  # a choice
        if data is not None:  # until then it is open which way is chosen, and each shows what it needs
            by_oauth = data.get("sign_in") == MailAccount.SignIn.OAUTH2
            self.fields["token_url"].required = self.fields["client_id"].required = by_oauth
        if account:
            for name in ("password", "client_secret", "refresh_token"):
                self.fields[name].help_text = _("Leave empty to keep the one that is stored.")

    def clean(self) -> dict[str, Any]:
        """Ask for what signing in needs, and for the folder that dealt-with mails are to go to."""
        given = super().clean() or self.cleaned_data
        given["sign_in"] = given.get("sign_in") or MailAccount.SignIn.PASSWORD
        by_oauth = given["sign_in"] == MailAccount.SignIn.OAUTH2
        needed = []
        if self.account is None or self.account.sign_in != given["sign_in"]:
            needed += ["password"] if not by_oauth else []
            if by_oauth and not given.get("client_secret") and not given.get("refresh_token"):
                needed.append("refresh_token")
        for name in needed:
            if not given.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        if given.get("after") == MailAccount.After.MOVE and not given.get("move_to"):
            self.add_error("move_to", _("Please name the folder they are moved to."))
        return given

    def facts(self) -> AccountFacts:
        """Return what was given."""
        given = dict(self.cleaned_data)
        entity, opening = given.pop("entity"), given.pop("opening")
        return AccountFacts(
            **{key: value for key, value in given.items() if key != "readers"},
            entity_id=entity.pk if entity else None,
            opening_id=opening.pk if opening else None,
            reader_ids=given["readers"],
        )


def _initial(account: MailAccount | None, today: date) -> dict[str, Any]:
    if account is None:
        return {"since": today - _BACK, "uses_idle": True}
    names = (
        "name", "host", "port", "tls", "user", "sign_in", "token_url", "client_id", "scope", "folder", "since",
        "after", "move_to", "poll_minutes", "uses_idle",
    )  # fmt: skip
    given: dict[str, Any] = {name: getattr(account, name) for name in names}
    given |= {"entity": account.entity_id, "opening": account.opening_id}
    return {**given, "readers": [str(user_id) for user_id in queries.readers_of(account)]}


class FileForm(forms.Form):
    """Into which opening a mail goes."""

    opening = _Named(label=_("Opening"), queryset=None, empty_label=_("Choose…"))

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        self.fields["opening"].queryset = recruiting.openings_taking_candidates(actor)  # type: ignore[attr-defined]  # a choice


def an_id(text: str) -> UUID:
    """Return an id that came with a request; what is none names nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
