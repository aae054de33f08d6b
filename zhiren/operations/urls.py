"""The addresses of what keeps an installation running."""

from zhiren.operations import views
from zhiren.plumbing.routes import AnyUser, route

_SANDBOX_ONLY = AnyUser("exists in a sandbox only, where everybody is made up")

app_name = "operations"
urlpatterns = [
    route("mail", views.caught_mail, name="caught_mail", needs=_SANDBOX_ONLY),
    route("mail/<str:key>", views.caught_message, name="caught_message", needs=_SANDBOX_ONLY),
    route("mail/<str:key>/html", views.caught_html, name="caught_html", needs=_SANDBOX_ONLY),
]
