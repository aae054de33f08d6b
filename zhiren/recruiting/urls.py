"""The addresses of recruiting."""

from zhiren.plumbing.routes import route
from zhiren.recruiting import permissions as p
from zhiren.recruiting import views

app_name = "recruiting"
_BOTH = ["GET", "POST"]
_POST = ["POST"]
_OPENING = "openings/<uuid:opening_id>"
_APPLICATION = "applications/<uuid:application_id>"
_FILE = "unreadable/<uuid:intake_file_id>"

urlpatterns = [
    route("openings", views.openings, name="openings", needs=p.VIEW_OPENINGS),
    route("openings/new", views.new_opening, name="new_opening", needs=p.MANAGE_OPENINGS, methods=_BOTH),
    route(_OPENING, views.opening, name="opening", needs=p.VIEW_CANDIDATES),
    route(f"{_OPENING}/stages/<uuid:stage_id>", views.more_cards, name="more_cards", needs=p.VIEW_CANDIDATES),
    route(f"{_OPENING}/table", views.opening_table, name="opening_table", needs=p.VIEW_CANDIDATES),
    route(f"{_OPENING}/move", views.move_many, name="move_many", needs=p.MOVE_CANDIDATES, methods=_POST),
    route(f"{_OPENING}/numbers", views.opening_numbers, name="opening_numbers", needs=p.VIEW_CANDIDATES),
    route(
        f"{_OPENING}/settings", views.opening_settings, name="opening_settings", needs=p.MANAGE_OPENINGS, methods=_BOTH
    ),
    route(f"{_OPENING}/publish", views.publish, name="publish", needs=p.MANAGE_OPENINGS, methods=_POST),
    route(f"{_OPENING}/unpublish", views.unpublish, name="unpublish", needs=p.MANAGE_OPENINGS, methods=_POST),
    route(f"{_OPENING}/close", views.close, name="close", needs=p.MANAGE_OPENINGS, methods=_POST),
    route(f"{_OPENING}/open", views.open_again, name="open", needs=p.MANAGE_OPENINGS, methods=_POST),
    route("candidates", views.candidates, name="candidates", needs=p.VIEW_CANDIDATES),
    route("candidates/new", views.new_candidate, name="new_candidate", needs=p.ADD_CANDIDATES, methods=_BOTH),
    route("candidates/export", views.export, name="export", needs=p.EXPORT_CANDIDATES),
    route(f"{_APPLICATION}/move", views.move, name="move", needs=p.MOVE_CANDIDATES, methods=_POST),
    route(f"{_APPLICATION}/exit", views.exit_, name="exit", needs=p.MOVE_CANDIDATES, methods=_BOTH),
    route(f"{_APPLICATION}/reopen", views.reopen, name="reopen", needs=p.MOVE_CANDIDATES, methods=_POST),
    route("persons/<uuid:person_id>", views.of_person, name="of_person", needs=p.VIEW_CANDIDATES),
    route("upload", views.upload, name="upload", needs=p.ADD_CANDIDATES, methods=_BOTH),
    route("intake/<uuid:intake_id>", views.progress, name="intake", needs=p.ADD_CANDIDATES),
    route("intake/<uuid:intake_id>/stop", views.stop, name="stop_intake", needs=p.ADD_CANDIDATES, methods=_POST),
    route("intake/<uuid:intake_id>/resume", views.resume, name="resume_intake", needs=p.ADD_CANDIDATES, methods=_POST),
    route("unreadable", views.unreadable, name="unreadable", needs=p.ADD_CANDIDATES),
    route(f"{_FILE}/settle", views.settle, name="settle", needs=p.ADD_CANDIDATES, methods=_BOTH),
    route(f"{_FILE}/dismiss", views.dismiss, name="dismiss", needs=p.ADD_CANDIDATES, methods=_POST),
    route(f"{_FILE}/original", views.original, name="original", needs=p.ADD_CANDIDATES),
]
