"""The public addresses."""

from zhiren.careers import views
from zhiren.plumbing.routes import Open, route

app_name = "careers"
_PUBLIC = Open("openings are published for everybody")
_LINK = Open("whoever holds a candidate's personal link is that candidate")

urlpatterns = [
    route("careers/", views.openings, name="openings", needs=_PUBLIC),
    route("careers/privacy", views.privacy, name="privacy", needs=_PUBLIC),
    route("careers/sent/<str:token>", views.sent, name="sent", needs=_LINK),
    route("careers/<slug:slug>", views.opening, name="opening", needs=_PUBLIC),
    route("careers/<slug:slug>/apply", views.apply, name="apply", needs=_PUBLIC, methods=["GET", "POST"]),
    route("careers/<slug:slug>/resume", views.read_resume, name="read_resume", needs=_PUBLIC, methods=["POST"]),
    route("c/<str:token>/", views.status, name="status", needs=_LINK),
    route("c/<str:token>/seen", views.seen, name="seen", needs=_LINK, methods=["POST"]),
    route("c/<str:token>/withdraw", views.withdraw, name="withdraw", needs=_LINK, methods=["POST"]),
    route("c/<str:token>/consent", views.withdraw_consent, name="withdraw_consent", needs=_LINK, methods=["POST"]),
    route("sitemap.xml", views.sitemap, name="sitemap", needs=_PUBLIC),
    route("robots.txt", views.robots, name="robots", needs=_PUBLIC),
]
