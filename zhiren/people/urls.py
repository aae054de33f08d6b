"""The addresses of persons."""

from zhiren.people import permissions, views
from zhiren.plumbing.routes import route

app_name = "people"
urlpatterns = [
    route("<uuid:person_id>", views.person, name="person", needs=permissions.VIEW),
    route("<uuid:person_id>/timeline", views.timeline_of_person, name="timeline", needs=permissions.VIEW_TIMELINE),
    route("<uuid:person_id>/resume", views.resume_of_person, name="resume", needs=permissions.VIEW),
    route("<uuid:person_id>/edit", views.edit, name="edit", needs=permissions.EDIT, methods=["GET", "POST"]),
    route(
        "<uuid:person_id>/contacts",
        views.add_contact,
        name="add_contact",
        needs=permissions.EDIT,
        methods=["GET", "POST"],
    ),
    route(
        "<uuid:person_id>/contacts/<uuid:contact_id>/reveal",
        views.reveal,
        name="reveal",
        needs=permissions.REVEAL,
        methods=["POST"],
    ),
    route("<uuid:person_id>/key", views.mark_key, name="mark_key", needs=permissions.EDIT, methods=["POST"]),
    route("<uuid:person_id>/files/<uuid:document_id>", views.document, name="document", needs=permissions.REVEAL),
]
