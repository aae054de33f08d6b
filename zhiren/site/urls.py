"""Every address of the system."""

from importlib.util import find_spec

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
    path("org/", include("zhiren.org.urls")),
    path("people/", include("zhiren.people.urls")),
]
# Apps under construction join as soon as they have addresses.
for _app, _prefix in {
    "today": "today/",
    "recruiting": "recruiting/",
    "interviews": "interviews/",
    "conversation": "conversation/",
    "playbooks": "playbooks/",
    "careers": "",
    "operations": "operations/",
}.items():
    if find_spec(f"zhiren.{_app}") and find_spec(f"zhiren.{_app}.urls"):
        urlpatterns.append(path(_prefix, include(f"zhiren.{_app}.urls")))
