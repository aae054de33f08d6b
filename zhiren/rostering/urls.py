"""The addresses of rostering."""

from zhiren.plumbing.routes import route
from zhiren.rostering import permissions, shift_views, views

app_name = "rostering"
_BOTH = ["GET", "POST"]
_MANAGE = permissions.MANAGE

urlpatterns = [
    route("shifts", shift_views.shifts, name="shifts", needs=permissions.VIEW),
    route("shifts/new", shift_views.shift, name="new_shift", needs=_MANAGE, methods=_BOTH),
    route("shifts/<uuid:shift_id>", shift_views.shift, name="shift", needs=_MANAGE, methods=_BOTH),
    route("groups/new", shift_views.group, name="new_group", needs=_MANAGE, methods=_BOTH),
    route("groups/<uuid:group_id>", shift_views.group, name="group", needs=_MANAGE, methods=_BOTH),
    route("groups/<uuid:group_id>/people", shift_views.place, name="place", needs=_MANAGE, methods=["POST"]),
    route("law", views.working_time_law, name="law", needs=permissions.VIEW),
]
