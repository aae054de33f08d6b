"""Every address of the system."""

from django.urls import include, path

from zhiren.plumbing.routes import AnyUser, Open, route
from zhiren.site import views
from zhiren.site.api import api

handler400 = "zhiren.site.errors.bad_request"
handler403 = "zhiren.site.errors.forbidden"
handler404 = "zhiren.site.errors.not_found"
handler500 = "zhiren.site.errors.server_error"

urlpatterns = [
    route("", views.home, name="home", needs=Open("leads everybody to their first page")),
    route("palette", views.palette, name="palette", needs=AnyUser("finds only what the reader may see")),
    route("language", views.language, name="language", needs=Open("visitors read too"), methods=["POST"]),
    route("manifest.webmanifest", views.manifest, name="manifest", needs=Open("names and pictures of the product")),
    route("health", views.state, name="health", needs=Open("machines ask; it tells numbers of the system only")),
    path("account/", include("zhiren.site.account_urls")),
    route("api/v1/openapi.json", views.openapi, name="openapi", needs=AnyUser("describes the API; it holds no data")),
    path("api/v1/", api.urls),
    path("access/", include("zhiren.access.urls")),
    path("leave/", include("zhiren.leave.urls")),
    path("org/", include("zhiren.org.urls")),
    path("people/", include("zhiren.people.urls")),
    path("today/", include("zhiren.today.urls")),
    path("approvals/", include("zhiren.approvals.urls")),
    path("recruiting/", include("zhiren.recruiting.urls")),
    path("screening/", include("zhiren.screening.urls")),
    path("mailbox/", include("zhiren.mailbox.urls")),
    path("interviews/", include("zhiren.interviews.urls")),
    path("attendance/", include("zhiren.attendance.urls")),
    path("iclock/", include("zhiren.connectors.zkteco.urls")),
    path("talent/", include("zhiren.talent.urls")),
    path("rostering/", include("zhiren.rostering.urls")),
    path("conversation/", include("zhiren.conversation.urls")),
    path("playbooks/", include("zhiren.playbooks.urls")),
    path("operations/", include("zhiren.operations.urls")),
    path("", include("zhiren.careers.urls")),
]
