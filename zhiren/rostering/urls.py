"""The addresses of rostering."""

from zhiren.plumbing.routes import route
from zhiren.rostering import permissions, views

app_name = "rostering"
_BOTH = ["GET", "POST"]
_MANAGE = permissions.MANAGE

urlpatterns = [
    route("shifts", views.shifts, name="shifts", needs=permissions.VIEW),
    route("shifts/new", views.shift, name="new_shift", needs=_MANAGE, methods=_BOTH),
    route("shifts/<uuid:shift_id>", views.shift, name="shift", needs=_MANAGE, methods=_BOTH),
    route("groups/new", views.group, name="new_group", needs=_MANAGE, methods=_BOTH),
    route("groups/<uuid:group_id>", views.group, name="group", needs=_MANAGE, methods=_BOTH),
    route("groups/<uuid:group_id>/people", views.place, name="place", needs=_MANAGE, methods=["POST"]),
    route("law", views.working_time_law, name="law", needs=permissions.VIEW),
]
