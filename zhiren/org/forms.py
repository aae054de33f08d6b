"""What is typed about the company."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiren.kernel.actors import Actor
from zhiren.org import queries
from zhiren.org.models import Branch, Company, Department, Entity, Grade, Position
from zhiren.plumbing.forms import NamedChoiceField
from zhiren.plumbing.places import RegionField, ZoneField


class CompanyForm(forms.ModelForm[Company]):
    """The company."""

    zone, region = ZoneField(), RegionField()

    class Meta:
        model = Company
        fields = ["name", "name_en", "zone", "region", "introduction", "introduction_en"]
        labels = {
            "name": _("Name"), "name_en": _("English name"),
            "introduction": _("Introduction"), "introduction_en": _("Introduction in English"),
        }  # fmt: skip


class _RowForm:
    """What the forms of rows share: their choices show names, to those who may see them."""

    def offer(self, actor: Actor) -> None:
        """Fill the choices."""
        sources: dict[str, Any] = {
            "entity": queries.entities(actor),
            "parent": queries.departments(actor),
            "department": queries.departments(actor),
            "grade": queries.grades(actor),
            "reports_to": queries.positions(actor),
        }
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # mixed into forms only
        for name, rows in sources.items():
            field = fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                fields[name] = named = NamedChoiceField(
                    label=field.label, required=field.required, initial=field.initial
                )
                named.queryset = rows


class EntityForm(_RowForm, forms.ModelForm[Entity]):
    """A legal entity."""

    zone, region = ZoneField(), RegionField()

    class Meta:
        model = Entity
        fields = ["name", "name_en", "region", "zone", "currency"]
        labels = {
            "name": _("Name"),
            "name_en": _("English name"),
            "currency": _("Currency"),
        }


class BranchForm(_RowForm, forms.ModelForm[Branch]):
    """A place of work."""

    zone, region = ZoneField(), RegionField()

    class Meta:
        model = Branch
        fields = ["entity", "name", "name_en", "city", "address", "zone", "region"]
        labels = {
            "entity": _("Legal entity"), "name": _("Name"), "name_en": _("English name"), "city": _("City"),
            "address": _("Address"),
        }  # fmt: skip


class DepartmentForm(_RowForm, forms.ModelForm[Department]):
    """A department."""

    class Meta:
        model = Department
        fields = ["entity", "parent", "name", "name_en"]
        labels = {
            "entity": _("Legal entity"),
            "parent": _("Belongs to"),
            "name": _("Name"),
            "name_en": _("English name"),
        }


class GradeForm(_RowForm, forms.ModelForm[Grade]):
    """A grade and its pay range, typed in whole units of the currency."""

    pay_from = forms.DecimalField(label=_("Pay a month from"), min_value=0, max_digits=12, decimal_places=2)
    pay_to = forms.DecimalField(label=_("Pay a month to"), min_value=0, max_digits=12, decimal_places=2)

    class Meta:
        model = Grade
        fields = ["code", "name", "name_en", "currency"]
        labels = {"code": _("Code"), "name": _("Name"), "name_en": _("English name"), "currency": _("Currency")}

    def clean(self) -> dict[str, Any]:
        """Check the range and turn it into minor units."""
        cleaned = super().clean() or self.cleaned_data
        low, high = cleaned.get("pay_from"), cleaned.get("pay_to")
        if low is not None and high is not None:
            if high < low or low <= 0:
                raise forms.ValidationError(_("The pay range must begin above zero and end no lower than it begins."))
            self.instance.pay_from, self.instance.pay_to = int(low * 100), int(high * 100)
        return cleaned


class PositionForm(_RowForm, forms.ModelForm[Position]):
    """A position."""

    class Meta:
        model = Position
        fields = ["department", "title", "title_en", "grade", "reports_to"]
        labels = {
            "department": _("Department"), "title": _("Title"), "title_en": _("English title"), "grade": _("Grade"),
            "reports_to": _("Reports to"),
        }  # fmt: skip


FORMS: dict[str, type[Any]] = {
    "entity": EntityForm,
    "branch": BranchForm,
    "department": DepartmentForm,
    "grade": GradeForm,
    "position": PositionForm,
}
