"""The addresses of users."""

from zhiren.access import permissions, views
from zhiren.plumbing.routes import AnyUser, Open, route

app_name = "access"
urlpatterns = [
    route(
        "link/<str:token>",
        views.sign_in_by_link,
        name="sign_in_by_link",
        needs=Open("the link is the key"),
        methods=["GET", "POST"],
    ),
    route(
        "preferences",
        views.preferences,
        name="preferences",
        needs=AnyUser("one's own settings"),
        methods=["GET", "POST"],
    ),
    route("users", views.users, name="users", needs=permissions.MANAGE_USERS),
    route("users/new", views.invite, name="invite", needs=permissions.MANAGE_USERS, methods=["GET", "POST"]),
    route("users/<uuid:user_id>", views.user, name="user", needs=permissions.MANAGE_USERS, methods=["GET", "POST"]),
    route(
        "users/<uuid:user_id>/link", views.new_link, name="new_link", needs=permissions.MANAGE_USERS, methods=["POST"]
    ),
    route(
        "users/<uuid:user_id>/disable", views.disable, name="disable", needs=permissions.MANAGE_USERS, methods=["POST"]
    ),
    route(
        "users/<uuid:user_id>/grants/<uuid:grant_id>/revoke",
        views.revoke,
        name="revoke",
        needs=permissions.MANAGE_USERS,
        methods=["POST"],
    ),
]
