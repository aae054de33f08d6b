"""The addresses of interviews."""

from zhiren.interviews import permissions, views
from zhiren.plumbing.routes import route

BOTH = ("GET", "POST")

app_name = "interviews"
urlpatterns = [
    route("", views.interviews, name="interviews", needs=permissions.VIEW),
    route("new", views.new, name="new", needs=permissions.ARRANGE),
    route("colleagues", views.colleagues, name="colleagues", needs=permissions.ARRANGE),
    route("arrange/<uuid:application_id>", views.arrange, name="arrange", needs=permissions.ARRANGE, methods=BOTH),
    route("of/<uuid:person_id>", views.of_person, name="of_person", needs=permissions.VIEW),
    route("compared", views.compared, name="compared", needs=permissions.VIEW),
    route("<uuid:interview_id>", views.interview, name="interview", needs=permissions.VIEW),
    route("<uuid:interview_id>/change", views.change, name="change", needs=permissions.ARRANGE, methods=BOTH),
    route("<uuid:interview_id>/cancel", views.cancel, name="cancel", needs=permissions.ARRANGE, methods=BOTH),
    route(
        "<uuid:interview_id>/reinstate", views.reinstate, name="reinstate", needs=permissions.ARRANGE, methods=["POST"]
    ),
    route("<uuid:interview_id>/scorecard", views.scorecard, name="scorecard", needs=permissions.SCORE, methods=BOTH),
    route("<uuid:interview_id>/draft", views.draft, name="draft", needs=permissions.SCORE, methods=["POST"]),
    route("<uuid:interview_id>/sent", views.sent, name="sent", needs=permissions.SCORE),
]
