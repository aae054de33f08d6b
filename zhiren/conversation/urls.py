"""The addresses of messages and templates."""

from zhiren.conversation import permissions, views
from zhiren.plumbing.routes import route

app_name = "conversation"
urlpatterns = [
    route("persons/<uuid:person_id>", views.of_person, name="of_person", needs=permissions.VIEW),
    route(
        "persons/<uuid:person_id>/write",
        views.compose,
        name="compose",
        needs=permissions.WRITE,
        methods=["GET", "POST"],
    ),
    route("messages/<uuid:message_id>", views.message, name="message", needs=permissions.VIEW),
    route(
        "messages/<uuid:message_id>/arrived",
        views.confirm,
        name="confirm",
        needs=permissions.WRITE,
        methods=["POST"],
    ),
    route(
        "messages/<uuid:message_id>/resend",
        views.resend,
        name="resend",
        needs=permissions.WRITE,
        methods=["POST"],
    ),
    route("templates", views.templates, name="templates", needs=permissions.VIEW_TEMPLATES),
    route("templates/preview", views.preview, name="preview", needs=permissions.VIEW_TEMPLATES, methods=["POST"]),
    route(
        "templates/<slug:key>",
        views.template,
        name="template",
        needs=permissions.VIEW_TEMPLATES,
        methods=["GET", "POST"],
    ),
]
