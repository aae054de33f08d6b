"""The addresses of screening."""

from zhiren.plumbing.routes import route
from zhiren.recruiting import permissions as recruiting
from zhiren.screening import permissions as p
from zhiren.screening import views

app_name = "screening"
_BOTH = ["GET", "POST"]
_POST = ["POST"]
_OPENING = "openings/<uuid:opening_id>"
_ASIDE = "aside/<uuid:set_aside_id>"

urlpatterns = [
    route(_OPENING, views.opening, name="opening", needs=p.VIEW),
    route(f"{_OPENING}/conditions", views.opening, name="set_conditions", needs=p.SET_CONDITIONS, methods=_BOTH),
    route(f"{_OPENING}/preview", views.preview, name="preview", needs=p.SET_CONDITIONS, methods=_POST),
    route(f"{_OPENING}/failing", views.failing, name="failing", needs=p.VIEW),
    route("check-text", views.check_text, name="check_text", needs=recruiting.MANAGE_OPENINGS, methods=_POST),
    route("persons/<uuid:person_id>", views.of_person, name="of_person", needs=p.VIEW),
    route("applications/<uuid:application_id>/aside", views.put_aside, name="put_aside", needs=p.SETTLE, methods=_POST),
    route(f"{_ASIDE}/back", views.bring_back, name="bring_back", needs=p.SETTLE, methods=_POST),
    route(f"{_ASIDE}/decline", views.decline, name="decline", needs=p.SETTLE, methods=_POST),
    route(f"{_ASIDE}/letter", views.letter, name="letter", needs=p.SETTLE, methods=_BOTH),
]
