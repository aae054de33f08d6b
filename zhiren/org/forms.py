"""What is typed about the company."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.kernel.actors import Actor
from zhiren.kernel.money import Money, minor_digits
from zhiren.org import queries
from zhiren.org.models import Branch, Company, Department, Entity, Grade, Position
from zhiren.plumbing.forms import NamedChoiceField
from zhiren.plumbing.places import CurrencyField, RegionField, ZoneField


class CompanyForm(forms.ModelForm[Company]):
    """The company."""

    zone, region = ZoneField(), RegionField()

    class Meta:
        model = Company
        fields = ["name", "name_en", "zone", "region", "introduction", "introduction_en"]
        labels = {
            "name": pgettext_lazy("thing", "Name"), "name_en": _("English name"),
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

    zone, region, currency = ZoneField(), RegionField(), CurrencyField()

    class Meta:
        model = Entity
        fields = ["name", "name_en", "region", "zone", "currency"]
        labels = {
            "name": pgettext_lazy("thing", "Name"),
            "name_en": _("English name"),
        }


class BranchForm(_RowForm, forms.ModelForm[Branch]):
    """A place of work."""

    zone, region = ZoneField(), RegionField()

    class Meta:
        model = Branch
        fields = ["entity", "name", "name_en", "city", "address", "zone", "region"]
        labels = {
            "entity": _("Legal entity"), "name": pgettext_lazy("thing", "Name"), "name_en": _("English name"),
            "city": _("City"), "address": _("Address"),
        }  # fmt: skip


class DepartmentForm(_RowForm, forms.ModelForm[Department]):
    """A department."""

    class Meta:
        model = Department
        fields = ["entity", "parent", "name", "name_en"]
        labels = {
            "entity": _("Legal entity"),
            "parent": _("Belongs to"),
            "name": pgettext_lazy("thing", "Name"),
            "name_en": _("English name"),
        }


class GradeForm(_RowForm, forms.ModelForm[Grade]):
    """A grade and its pay range, typed in whole units of the currency."""

    currency = CurrencyField()
    pay_from = forms.DecimalField(label=_("Pay a month from"), min_value=0, max_digits=12, decimal_places=2)
    pay_to = forms.DecimalField(label=_("Pay a month to"), min_value=0, max_digits=12, decimal_places=2)

    class Meta:
        model = Grade
        fields = ["code", "name", "name_en", "currency"]
        labels = {"code": _("Code"), "name": pgettext_lazy("thing", "Name"), "name_en": _("English name")}

    def clean(self) -> dict[str, Any]:
        """Check the range and turn it into minor units."""
        cleaned = super().clean() or self.cleaned_data
        low, high = self._minor(cleaned, "pay_from"), self._minor(cleaned, "pay_to")
        if low is not None and high is not None:
            if high < low or low <= 0:
                raise forms.ValidationError(_("The pay range must begin above zero and end no lower than it begins."))
            self.instance.pay_from, self.instance.pay_to = low, high
        return cleaned

    def _minor(self, cleaned: dict[str, Any], name: str) -> int | None:
        """Return an amount in minor units of the currency; None where it, or the currency, is not there or wrong."""
        if cleaned.get(name) is None or not cleaned.get("currency"):
            return None
        try:
            return Money.of(cleaned[name], cleaned["currency"]).amount_minor
        except ValueError:
            self.add_error(name, _("This currency has no such small amounts."))
            return None


def pay_as_filled_in(grade: Grade) -> dict[str, Decimal]:
    """Return the pay range of a grade as the form shows it."""
    digits = minor_digits(grade.currency)
    return {
        "pay_from": Decimal(grade.pay_from).scaleb(-digits),
        "pay_to": Decimal(grade.pay_to).scaleb(-digits),
    }


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
