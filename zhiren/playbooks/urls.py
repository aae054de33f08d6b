"""The addresses of playbooks."""

from zhiren.playbooks import permissions, views
from zhiren.plumbing.routes import route

BOTH = ("GET", "POST")

app_name = "playbooks"
urlpatterns = [
    route("", views.playbooks, name="playbooks", needs=permissions.VIEW),
    route("done", views.done_lately, name="done_lately", needs=permissions.VIEW),
    route("<uuid:playbook_id>", views.playbook, name="playbook", needs=permissions.VIEW),
    route("<uuid:playbook_id>/runs", views.runs, name="runs", needs=permissions.VIEW),
    route("<uuid:playbook_id>/rehearsal", views.rehearsal, name="rehearsal", needs=permissions.VIEW, methods=BOTH),
    route("<uuid:playbook_id>/switch", views.switch, name="switch", needs=permissions.MANAGE, methods=["POST"]),
    route("<uuid:playbook_id>/change", views.change, name="change", needs=permissions.MANAGE, methods=BOTH),
]
