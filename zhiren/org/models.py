"""The company's structure. Nothing here is personal data."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from zhiren.plumbing.choices import validate_zone
from zhiren.plumbing.models import BaseModel


class Named(models.Model):
    """What has a name, and may have an English one. No table, no personal data."""

    name: models.CharField[str, str]
    name_en: models.CharField[str, str]

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if get_language() == "en" else "") or self.name


class Company(Named, BaseModel):
    """The one company that this installation serves; `zone` is for what has no nearer zone. No personal data."""

    singleton = models.BooleanField(default=True, editable=False)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    zone = models.CharField(max_length=64, default="Asia/Shanghai", validators=[validate_zone])
    region = models.CharField(max_length=10, default="CN")
    introduction = models.TextField(blank=True, default="")
    introduction_en = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["singleton"], name="one_company"),
            models.CheckConstraint(condition=Q(singleton=True), name="company_is_the_one"),
        ]


class Entity(Named, BaseModel):
    """A legal entity: it employs people, in one country, in one currency. No personal data."""

    name = models.CharField(max_length=200, unique=True)
    name_en = models.CharField(max_length=200, blank=True, default="")
    region = models.CharField(max_length=10, default="CN")
    zone = models.CharField(max_length=64, default="Asia/Shanghai", validators=[validate_zone])
    currency = models.CharField(max_length=3, default="CNY")


class Branch(Named, BaseModel):
    """A place of work, with its own clock. No personal data."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="branches")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    zone = models.CharField(max_length=64, validators=[validate_zone])
    region = models.CharField(max_length=10, default="CN")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "name"], name="branch_name_once_per_entity")]


class Department(Named, BaseModel):
    """A node of the department tree. No personal data."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="departments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "parent", "name"], name="department_name_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="department_not_its_own_parent"),
        ]


class Grade(BaseModel):
    """A grade and its monthly pay range, in minor units of the currency. No personal data."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="")
    currency = models.CharField(max_length=3, default="CNY")
    pay_from = models.BigIntegerField()
    pay_to = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "currency"], name="grade_code_once_per_currency"),
            models.CheckConstraint(
                condition=Q(pay_from__gt=0) & Q(pay_to__gte=F("pay_from")), name="grade_pay_in_order"
            ),
        ]


class Position(BaseModel):
    """A job as the organisation knows it, whoever holds it; `reports_to` is the reporting line. No personal data."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="positions")
    grade = models.ForeignKey(Grade, null=True, blank=True, on_delete=models.PROTECT)
    reports_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "title"], name="position_title_once_per_department"),
            models.CheckConstraint(condition=~Q(reports_to=F("id")), name="position_not_its_own_superior"),
        ]

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return (self.title_en if get_language() == "en" else "") or self.title
