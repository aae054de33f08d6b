"""The API, version 1: the same queries and services as the pages, behind the same permissions."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from zhiren.approvals.endpoints import router as requests
from zhiren.attendance.endpoints import router as attendance
from zhiren.kernel.refusals import Refusal, TooMany
from zhiren.people.endpoints import router as persons
from zhiren.plumbing.api import SessionAuth
from zhiren.recruiting.endpoints import applications, intakes, openings
from zhiren.talent.endpoints import router as search

api = NinjaAPI(
    title="Zhiren",
    version="1",
    urls_namespace="api-1",
    auth=SessionAuth(),
    docs_url=None,
    openapi_url=None,
)
api.add_router("/persons", persons)
api.add_router("/openings", openings)
api.add_router("/applications", applications)
api.add_router("/requests", requests)
api.add_router("/attendance", attendance)
api.add_router("/search", search)
api.add_router("/intakes", intakes)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal with its code and sentence."""
    answer = api.create_response(request, {"code": refusal.code, "message": str(refusal)}, status=refusal.status)
    if isinstance(refusal, TooMany):
        answer["Retry-After"] = str(refusal.retry_after)
    return answer
