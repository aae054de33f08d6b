"""The addresses of Today."""

from zhiren.conversation import permissions as conversation
from zhiren.plumbing.routes import route
from zhiren.today import permissions, views

BOTH = ("GET", "POST")
POST = ("POST",)

app_name = "today"
urlpatterns = [
    route("", views.today, name="today", needs=permissions.USE),
    route("numbers", views.numbers, name="numbers", needs=permissions.USE),
    route("day", views.day, name="day", needs=permissions.USE),
    route("of/<uuid:person_id>", views.of_person, name="of_person", needs=permissions.USE),
    route("<uuid:follow_up_id>/evidence", views.evidence, name="evidence", needs=permissions.USE),
    route("<uuid:follow_up_id>/contact", views.contact, name="contact", needs=permissions.USE, methods=POST),
    route("<uuid:follow_up_id>/mail", views.mail, name="mail", needs=conversation.WRITE, methods=BOTH),
    route("<uuid:follow_up_id>/done", views.done, name="done", needs=permissions.USE, methods=POST),
    route("<uuid:follow_up_id>/reopen", views.reopen, name="reopen", needs=permissions.USE, methods=POST),
    route("<uuid:follow_up_id>/snooze", views.snooze, name="snooze", needs=permissions.USE, methods=BOTH),
    route("<uuid:follow_up_id>/hand-over", views.hand_over, name="hand_over", needs=permissions.USE, methods=BOTH),
]
