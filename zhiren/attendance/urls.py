"""The addresses of attendance."""

from zhiren.attendance import permissions as p
from zhiren.attendance import views
from zhiren.plumbing.routes import AnyUser, route

app_name = "attendance"
_POST = ["POST"]
_BOTH = ["GET", "POST"]
_ONES_OWN = AnyUser("everybody sees their own attendance; others' by attendance.view, asked in the query")

urlpatterns = [
    route("", views.home, name="home", needs=p.PUNCH),
    route("punch", views.punch, name="punch", needs=p.PUNCH, methods=_POST),
    route("people/<uuid:employment_id>/ask", views.ask, name="ask", needs=_ONES_OWN, methods=_BOTH),
    route("people/<uuid:employment_id>/<str:on>", views.day, name="day", needs=_ONES_OWN),
    route("month", views.month, name="month", needs=p.VIEW),
    route("month/export", views.export, name="export", needs=p.VIEW),
    route("devices", views.devices, name="devices", needs=p.MANAGE_DEVICES),
    route("devices/<uuid:device_id>", views.device, name="device", needs=p.MANAGE_DEVICES, methods=_BOTH),
    route("closing", views.closing, name="closing", needs=p.MANAGE),
    route("closing/<uuid:entity_id>/<str:month>", views.close, name="close", needs=p.MANAGE, methods=_POST),
    route("closing/<uuid:entity_id>/<str:month>/payroll", views.payroll, name="payroll", needs=p.MANAGE),
]
