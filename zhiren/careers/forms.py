"""The application form."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from zhiren.careers import links, queries, rules
from zhiren.kernel.refusals import NotFound
from zhiren.people.rules import normal_mail, normal_phone
from zhiren.resumes import MAX_FILE_BYTES

# 44 px high, and letters large enough that a phone does not zoom in.
_BIG = "h-11 text-base"
_BOX = "size-5"
ACCEPTED = ".pdf,.docx,.doc,.txt,.jpg,.jpeg,.png"


class ResumeField(forms.FileField):
    """A résumé within its limit."""

    default_error_messages = {"empty": _("This file is empty. Please choose another one.")}

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file, or say that it is too large."""
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError(
                _("This file is larger than %(limit)s MB. Please choose a smaller one; nothing you typed was lost."),
                params={"limit": MAX_FILE_BYTES // 2**20},
            )
        return file


class UploadForm(forms.Form):
    """A résumé alone, to be read before the form is sent."""

    resume = ResumeField(max_length=255)


class ApplicationForm(forms.Form):
    """What an applicant gives: a résumé, a name, how to reach them, and what they agree to.

    `region` is the country that a phone number without a country code belongs to; `at` is now.
    """

    resume = ResumeField(
        label=_("Résumé"), required=False, max_length=255, widget=forms.FileInput(attrs={"accept": ACCEPTED})
    )
    name = forms.CharField(
        label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name", "class": _BIG})
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "class": _BIG}),
    )
    mail = forms.CharField(
        label=_("Mail address"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"type": "email", "inputmode": "email", "autocomplete": "email", "class": _BIG},
        ),
    )
    consent = forms.BooleanField(
        label=_("I agree that my data is used to handle this application."),
        widget=forms.CheckboxInput(attrs={"class": _BOX}),
        error_messages={"required": _("Without your consent we may not handle your application.")},
    )
    talent_pool = forms.BooleanField(
        label=_("Keep me in mind for other jobs, too."),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": _BOX}),
    )
    upload = forms.CharField(required=False, widget=forms.HiddenInput())
    opened = forms.CharField(required=False, widget=forms.HiddenInput())
    # People do not see this field; programs fill it in.
    homepage = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, region: str, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region, self.at = region, at

    def clean_name(self) -> str:
        """Return the name without stray space."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_phone(self) -> str:
        """Return the number in its one form."""
        phone = normal_phone(self.cleaned_data["phone"], region=self.region)
        if phone is None:
            raise forms.ValidationError(_("This is not a complete phone number. Please check it."))
        return phone

    def clean_mail(self) -> str:
        """Return the address in its one form."""
        mail = normal_mail(self.cleaned_data["mail"])
        if mail is None:
            raise forms.ValidationError(_("This is not a complete mail address. Please check it."))
        return mail

    def clean_upload(self) -> UUID | None:
        """Return the file that was read before, if there is one."""
        if not self.cleaned_data["upload"]:
            return None
        upload_id = _read_or_none(links.read_upload_token, self.cleaned_data["upload"])
        if upload_id is None or queries.uploaded_name(upload_id) is None:
            self._show(upload="")
            self.add_error("resume", _("The file waited too long and is gone. Please choose it once more."))
            return None
        return UUID(str(upload_id))

    def clean(self) -> dict[str, Any]:
        """Refuse what no human sends; whoever is human sends once more."""
        cleaned = super().clean() or {}
        opened_at = _read_or_none(links.read_opened_token, cleaned.get("opened", ""))
        has_upload = bool(cleaned.get("upload"))
        if rules.looks_automatic(
            trap=cleaned.get("homepage", ""), opened_at=opened_at, at=self.at, has_upload=has_upload
        ):
            self._show(homepage="", opened=self.data.get("opened") if opened_at else links.opened_token(self.at))
            raise forms.ValidationError(_("That was faster than people type. Please press the button once more."))
        return cleaned

    def _show(self, **values: Any) -> None:
        """Have the form come back with other values than were sent."""
        self.data = {**dict(self.data.items()), **values}

    @property
    def file_name(self) -> str:
        """The name of the file that was read before, empty if there is none."""
        upload_id = _read_or_none(links.read_upload_token, self["upload"].value() or "")
        return (queries.uploaded_name(upload_id) if upload_id else None) or ""

    @property
    def consents(self) -> list[str]:
        """What the applicant agreed to."""
        return ["application", "talent_pool"] if self.cleaned_data.get("talent_pool") else ["application"]


def _read_or_none(read: Any, token: str) -> Any:
    try:
        return read(token) if token else None
    except NotFound:
        return None
