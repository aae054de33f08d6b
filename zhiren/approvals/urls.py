"""The addresses of requests."""

from zhiren.approvals import permissions, views
from zhiren.plumbing.routes import AnyUser, Open, route

BOTH = ("GET", "POST")
POST = ("POST",)
_OWN = AnyUser("one's own requests, and what one is asked")

app_name = "approvals"
urlpatterns = [
    route("", views.mine, name="mine", needs=_OWN),
    route("waiting", views.waiting, name="waiting", needs=_OWN),
    route("new", views.new, name="new", needs=AnyUser("everybody may ask"), methods=BOTH),
    route("all", views.everybodys, name="all", needs=permissions.VIEW),
    route("<uuid:request_id>", views.request_page, name="request", needs=_OWN),
    route("<uuid:request_id>/approve", views.approve, name="approve", needs=_OWN, methods=POST),
    route("<uuid:request_id>/decline", views.decline, name="decline", needs=_OWN, methods=BOTH),
    route("<uuid:request_id>/withdraw", views.withdraw, name="withdraw", needs=_OWN, methods=BOTH),
    route("<uuid:request_id>/cancel", views.cancel, name="cancel", needs=_OWN, methods=BOTH),
    route("<uuid:request_id>/stand-in", views.stand_in, name="stand_in", needs=permissions.MANAGE, methods=BOTH),
    route("delegations", views.delegations, name="delegations", needs=AnyUser("one's own stand-ins"), methods=BOTH),
    route(
        "delegations/<uuid:delegation_id>/end",
        views.end_delegation,
        name="end_delegation",
        needs=AnyUser("one's own stand-ins"),
        methods=POST,
    ),
    route("policies", views.policies_page, name="policies", needs=permissions.MANAGE),
    route("policies/<slug:code>", views.policy, name="policy", needs=permissions.MANAGE, methods=BOTH),
    route("policies/<slug:code>/try", views.try_policy, name="try_policy", needs=permissions.MANAGE, methods=POST),
    route("policies/<slug:code>/drop", views.drop_policy, name="drop_policy", needs=permissions.MANAGE, methods=POST),
    route("mail/<str:answer_token>", views.by_mail, name="by_mail", needs=Open("the link is the key"), methods=BOTH),
]
