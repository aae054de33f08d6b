"""The addresses of search and comparison."""

from zhiren.people import permissions as people
from zhiren.plumbing.routes import route
from zhiren.talent import permissions, views

app_name = "talent"
_BOTH = ["GET", "POST"]
_SAVED = "saved/<uuid:search_id>"

urlpatterns = [
    route("search", views.search, name="search", needs=permissions.SEARCH),
    route("compare", views.compare, name="compare", needs=permissions.SEARCH),
    route("saved", views.saved, name="saved", needs=permissions.SEARCH),
    route("saved/new", views.save, name="save", needs=permissions.SEARCH, methods=_BOTH),
    route(_SAVED, views.open_saved, name="open_saved", needs=permissions.SEARCH),
    route(f"{_SAVED}/remove", views.remove_saved, name="remove_saved", needs=permissions.SEARCH, methods=["POST"]),
    route("tags", views.tag, name="tag", needs=people.EDIT, methods=_BOTH),
]
