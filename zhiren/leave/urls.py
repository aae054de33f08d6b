"""The addresses of leave."""

from zhiren.leave import permissions, views
from zhiren.plumbing.routes import Open, route

_BOTH = ["GET", "POST"]

app_name = "leave"
urlpatterns = [
    route("", views.mine, name="mine", needs=permissions.USE),
    route("new", views.new, name="new", needs=permissions.VIEW, methods=_BOTH),
    route("preview", views.preview, name="preview", needs=permissions.VIEW),
    route("calendar-link", views.calendar_link, name="calendar_link", needs=permissions.USE, methods=["POST"]),
    route(
        "calendar/<str:token>.ics",
        views.calendar,
        name="calendar",
        needs=Open("calendars come with a private address that only its owner was shown"),
    ),
    route("team", views.team, name="team", needs=permissions.VIEW),
    route("people/<uuid:employment_id>", views.person, name="person", needs=permissions.VIEW),
    route("people/<uuid:employment_id>/adjust", views.adjust, name="adjust", needs=permissions.MANAGE, methods=_BOTH),
    route("types", views.types, name="types", needs=permissions.CONFIGURE),
    route("types/new", views.edit_type, name="new_type", needs=permissions.CONFIGURE, methods=_BOTH),
    route("types/<uuid:type_id>", views.edit_type, name="type", needs=permissions.CONFIGURE, methods=_BOTH),
    route("plans/new", views.edit_plan, name="new_plan", needs=permissions.CONFIGURE, methods=_BOTH),
    route("plans/<uuid:plan_id>", views.edit_plan, name="plan", needs=permissions.CONFIGURE, methods=_BOTH),
    route("<uuid:leave_id>", views.leave, name="leave", needs=permissions.VIEW),
    route("<uuid:leave_id>/beside", views.beside, name="beside", needs=permissions.VIEW),
    route("<uuid:leave_id>/withdraw", views.withdraw, name="withdraw", needs=permissions.VIEW, methods=["POST"]),
    route("<uuid:leave_id>/cancel", views.cancel, name="cancel", needs=permissions.VIEW, methods=["POST"]),
    route("<uuid:leave_id>/shorten", views.shorten, name="shorten", needs=permissions.VIEW, methods=["POST"]),
    route("<uuid:leave_id>/documents/<uuid:document_id>", views.document, name="document", needs=permissions.VIEW),
]
