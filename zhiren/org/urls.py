"""The addresses of the organisation."""

from zhiren.org import permissions, views
from zhiren.plumbing.routes import route

app_name = "org"
urlpatterns = [
    route("", views.organisation, name="organisation", needs=permissions.VIEW),
    route("company", views.company, name="company", needs=permissions.MANAGE, methods=["GET", "POST"]),
    route("<str:kind>/new", views.add, name="add", needs=permissions.MANAGE, methods=["GET", "POST"]),
    route("<str:kind>/<uuid:row_id>", views.change, name="change", needs=permissions.MANAGE, methods=["GET", "POST"]),
]
