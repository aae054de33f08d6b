"""Who may sign in, and what they may do."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhiren.kernel.ids import new_id
from zhiren.plumbing.choices import validate_zone
from zhiren.plumbing.models import BaseModel


class User(AbstractBaseUser):
    """Somebody of the company who signs in. `manager` is whom an escalation goes to.

    Personal data: name, mail, title, introduction; removed a year after the last day of work.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="")
    title = models.CharField(max_length=100, blank=True, default="")
    title_en = models.CharField(max_length=100, blank=True, default="")
    introduction = models.CharField(max_length=500, blank=True, default="")
    introduction_en = models.CharField(max_length=500, blank=True, default="")
    language = models.CharField(max_length=10, default="zh-hans")
    zone = models.CharField(max_length=64, default="Asia/Shanghai", validators=[validate_zone])
    department = models.ForeignKey("org.Department", null=True, blank=True, on_delete=models.PROTECT)
    manager = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = BaseUserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if get_language() == "en" else "") or self.name


class Scope(models.TextChoices):
    """How far a role reaches."""

    OWN = "own", _("Own")
    DEPARTMENT = "department", _("Department")
    ENTITY = "entity", _("Legal entity")
    ALL = "all", _("Everything")


class Role(models.TextChoices):
    """What somebody does here; `policy.yaml` says what each may."""

    RECRUITER = "recruiter", _("Recruiter")
    HR_MANAGER = "hr_manager", _("HR manager")
    INTERVIEWER = "interviewer", _("Interviewer")
    HIRING_MANAGER = "hiring_manager", _("Hiring manager")
    EMPLOYEE = "employee", _("Employee")
    ADMINISTRATOR = "administrator", _("Administrator")


class RoleGrant(BaseModel):
    """That a user has a role, and how far it reaches. No personal data."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    scope = models.CharField(max_length=12, choices=Scope.choices)
    department = models.ForeignKey("org.Department", null=True, blank=True, on_delete=models.PROTECT)
    entity = models.ForeignKey("org.Entity", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scope", "department", "entity"], name="grant_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="grant_names_its_scope",
                condition=(
                    Q(scope__in=["own", "all"], department__isnull=True, entity__isnull=True)
                    | Q(scope="department", department__isnull=False, entity__isnull=True)
                    | Q(scope="entity", department__isnull=True, entity__isnull=False)
                ),
            ),
        ]


class SignInLink(BaseModel):
    """A link that signs a user in once. Only the hash of its secret is kept. Personal data: none beyond the user."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
