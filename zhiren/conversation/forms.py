"""What is typed about messages and templates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.conversation import rules, texts
from zhiren.conversation.errors import UnknownPlaceholder


class TemplateForm(forms.Form):
    """A template's words in one language."""

    subject = forms.CharField(label=_("Subject"), max_length=rules.MAX_SUBJECT)
    text = forms.CharField(
        label=_("Text"),
        max_length=rules.MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 18, "class": "font-mono text-sm", "spellcheck": "true"}),
        help_text=_("A line whose value is missing is left out of the mail."),
    )

    def clean_subject(self) -> str:
        """Refuse what nobody can fill in, where it was typed."""
        return _known(self.cleaned_data["subject"])

    def clean_text(self) -> str:
        """Refuse what nobody can fill in, where it was typed."""
        return _known(self.cleaned_data["text"])


def _known(text: str) -> str:
    unknown = texts.unknown_placeholder(text)
    if unknown:
        raise forms.ValidationError(str(UnknownPlaceholder(name=unknown[:60])))
    return text
