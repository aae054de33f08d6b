"""Changing a playbook: its waits, its texts, its templates; never its shape."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.playbooks import definition as definitions
from zhiren.playbooks.definition import UNITS, Definition
from zhiren.playbooks.words import UNIT_NAMES

_INPUT = {"class": "input"}
_TEXTS = ("why", "evidence", "suggestion", "next_step", "reason")
_LABELS: Mapping[str, Any] = {
    "why": _("Why, as it stands in Today"),
    "evidence": _("What shows it"),
    "suggestion": _("What one could say first"),
    "next_step": _("What comes next, as it stands in the mail"),
    "reason": _("Reason"),
}


@dataclass(frozen=True)
class StepFields:
    """The fields of one step, in groups as they stand on the page."""

    index: int
    do: str
    lengths: list[tuple[Any, forms.BoundField, forms.BoundField]]
    texts: list[tuple[Any, forms.BoundField, forms.BoundField]]
    others: list[forms.BoundField]


class PlaybookForm(forms.Form):
    """The fields that a definition has; together they make the next version."""

    def __init__(self, data: Any, definition: Definition, templates: Mapping[str, str]) -> None:
        super().__init__(data)
        self._raw = definitions.plain(definition)
        self._templates = templates
        self._text("name", self._raw["name"], limit=60)
        self._text("summary", self._raw["summary"], limit=500, rows=2)
        for index, step in enumerate(self._raw["steps"]):
            self._step(f"step{index}", step)

    def _step(self, prefix: str, step: dict[str, Any]) -> None:
        given = step["with"]
        self._length(f"{prefix}-wait", step.get("wait"), _("Wait before this step"))
        if step["do"] in {"follow_up", "promise", "escalate"}:
            self._length(f"{prefix}-within", given.get("within"), _("Time limit"))
        for name in _TEXTS:
            if name in given:
                self._text(f"{prefix}-{name}", given[name], limit=500, rows=2)
        if step["do"] in {"send", "escalate", "notify"}:
            chosen = given.get("template") or self._default_template(step["do"])
            self.fields[f"{prefix}-template"] = forms.ChoiceField(
                label=_("Template"),
                choices=list(self._templates.items()),
                initial=chosen,
                widget=forms.Select(attrs={"class": "select"}),
            )
        if step["do"] in {"follow_up", "escalate"}:
            self.fields[f"{prefix}-importance"] = forms.TypedChoiceField(
                label=_("Importance"),
                choices=[(number, str(number)) for number in range(1, 6)],
                coerce=int,
                initial=given.get("importance", 3),
                widget=forms.Select(attrs={"class": "select"}),
            )

    @staticmethod
    def _default_template(do: str) -> str:
        kind = definitions.Escalate if do == "escalate" else definitions.Notify
        return str(kind.model_fields["template"].default)

    def _text(self, name: str, texts: Mapping[str, str], *, limit: int, rows: int = 1) -> None:
        for language, value in texts.items():
            widget = forms.Textarea(attrs={"class": "textarea", "rows": rows}) if rows > 1 else forms.TextInput(_INPUT)
            label = _("Chinese") if language == "zh-hans" else _("English")
            self.fields[f"{name}-{language}"] = forms.CharField(
                label=label, initial=value, max_length=limit, widget=widget
            )

    def _length(self, name: str, wait: Mapping[str, int] | None, label: Any) -> None:
        unit, amount = next(iter(wait.items())) if wait else ("business_hours", 0)
        self.fields[f"{name}-amount"] = forms.IntegerField(
            label=label, initial=amount, min_value=0, max_value=9999, widget=forms.NumberInput(_INPUT)
        )
        self.fields[f"{name}-unit"] = forms.ChoiceField(
            label=_("Unit"),
            initial=unit,
            choices=[(code, UNIT_NAMES[code]) for code in UNITS],
            widget=forms.Select(attrs={"class": "select"}),
        )

    def clean(self) -> dict[str, Any]:
        """Check that the parts make a playbook together."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                definitions.read(self._assembled(cleaned))
            except ValueError as error:
                raise forms.ValidationError(str(error)) from error
        return cleaned

    def definition(self) -> dict[str, Any]:
        """Return what was entered as a definition's plain data."""
        return self._assembled(self.cleaned_data)

    def _assembled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        raw = {**self._raw, "name": _texts(values, "name"), "summary": _texts(values, "summary"), "steps": []}
        for index, step in enumerate(self._raw["steps"]):
            prefix = f"step{index}"
            given = dict(step["with"])
            given |= {name: _texts(values, f"{prefix}-{name}") for name in _TEXTS if name in given}
            given |= {name: values[key] for name in ("template", "importance") if (key := f"{prefix}-{name}") in values}
            if f"{prefix}-within-amount" in values:
                given["within"] = _wait(values, f"{prefix}-within")
            wait = _wait(values, f"{prefix}-wait")
            changed = {**step, "with": given, "wait": wait}
            raw["steps"].append({name: value for name, value in changed.items() if value is not None})
            if given.get("within", ...) is None:
                del given["within"]
        return raw

    def steps(self) -> Iterator[StepFields]:
        """Return the fields step by step, for the page."""
        for index, step in enumerate(self._raw["steps"]):
            prefix = f"step{index}-"
            lengths = [
                (
                    self.fields[f"{prefix}{name}-amount"].label,
                    self[f"{prefix}{name}-amount"],
                    self[f"{prefix}{name}-unit"],
                )
                for name in ("wait", "within")
                if f"{prefix}{name}-amount" in self.fields
            ]
            texts = [
                (_LABELS[name], self[f"{prefix}{name}-zh-hans"], self[f"{prefix}{name}-en"])
                for name in _TEXTS
                if f"{prefix}{name}-en" in self.fields
            ]
            others = [
                self[f"{prefix}{name}"] for name in ("template", "importance") if f"{prefix}{name}" in self.fields
            ]
            yield StepFields(index, step["do"], lengths, texts, others)


def _texts(values: Mapping[str, Any], name: str) -> dict[str, str]:
    return {language: values[f"{name}-{language}"] for language in definitions.LANGUAGES}


def _wait(values: Mapping[str, Any], name: str) -> dict[str, int] | None:
    amount = values[f"{name}-amount"]
    return {values[f"{name}-unit"]: amount} if amount else None
