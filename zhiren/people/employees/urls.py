"""The addresses of who is employed."""

from zhiren.people import permissions
from zhiren.people.employees import views
from zhiren.plumbing.routes import route

_BOTH = ["GET", "POST"]

urlpatterns = [
    route("employees", views.employees, name="employees", needs=permissions.VIEW_EMPLOYMENTS),
    route("employees/new", views.employ, name="employ", needs=permissions.MANAGE_EMPLOYMENTS, methods=_BOTH),
    route("employees/<uuid:employment_id>", views.employee, name="employee", needs=permissions.VIEW_EMPLOYMENTS),
    route(
        "employees/<uuid:employment_id>/transfer",
        views.transfer,
        name="transfer",
        needs=permissions.MANAGE_EMPLOYMENTS,
        methods=_BOTH,
    ),
    route(
        "employees/<uuid:employment_id>/identity",
        views.identify,
        name="identify",
        needs=permissions.MANAGE_EMPLOYMENTS,
        methods=_BOTH,
    ),
    route(
        "employees/<uuid:employment_id>/end",
        views.end,
        name="end_employment",
        needs=permissions.MANAGE_EMPLOYMENTS,
        methods=_BOTH,
    ),
]
