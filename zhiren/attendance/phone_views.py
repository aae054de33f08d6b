"""Punching without a network: what the page's script asks and sends, the page itself, and what HR sees of it."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.attendance import phone_forms, phone_looks, phone_queries, phone_words, phones
from zhiren.attendance.models import PunchKey
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest

PERMISSIONS_POLICY = "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"


# What the script asks and sends ---------------------------------------------------------------------------------------


def contact(request: HttpRequest) -> HttpResponse:
    """Tell a browser whose it is, what time the server has, and whether its key still counts."""
    assert request.actor.user_id  # noqa: S101 - the route lets nobody else in
    named = request.GET.get("key", "")
    key = phone_queries.own_keys(request.actor).filter(pk=named).first() if _is_id(named) else None
    answer = phone_looks.contact(request.actor.user_id, clock.now())
    return JsonResponse(answer | {"csrf": get_token(request), "key": _key(key) if key else None})


def add(request: HttpRequest) -> HttpResponse:
    """Let a browser keep punches while there is no network."""
    given = phone_forms.read_json(request)
    name = phone_words.browser(request.headers.get("User-Agent", ""))
    key = phones.add_key(actor=request.actor, at=clock.now(), public_key=given.get("key"), name=name)
    return JsonResponse(_key(key))


def send(request: HttpRequest) -> HttpResponse:
    """Take the punches that a browser kept, and say what became of each."""
    sent = phone_forms.read_sent(request)
    outcomes = phones.take_signed(
        actor=request.actor, at=clock.now(), key_id=sent.key_id, shown=sent.shown, entries=sent.entries
    )
    return JsonResponse(
        {
            "outcomes": [
                {"state": one.state, "at": one.at.isoformat() if one.at else "", "message": one.message}
                for one in outcomes
            ]
        }
    )


def _key(key: PunchKey) -> dict[str, object]:
    return {"id": str(key.pk), "sequence": key.sequence}


def _is_id(text: str) -> bool:
    return len(text) == 36 and all(letter in "0123456789abcdef-" for letter in text)


def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that a phone keeps for when there is no network; it names nobody."""
    answer = render(request, "attendance/offline.html", {"phone": phone_looks.for_script()})
    answer["Permissions-Policy"] = PERMISSIONS_POLICY
    return answer


def worker(request: HttpRequest) -> HttpResponse:
    """Hand out the service worker that keeps that page."""
    del request
    return HttpResponse(phone_looks.worker(), content_type="text/javascript; charset=utf-8")


# What people and HR see -----------------------------------------------------------------------------------------------


def phones_of_people(request: HttpRequest) -> HttpResponse:
    """List the browsers in which people may punch without a network."""
    page = keyset_page(
        phone_queries.keys_managed_by(request.actor),
        order=("-made_at", "-id"),
        after=request.GET.get("after", ""),
        size=50,
    )
    context = {"keys": page.rows, "next_cursor": page.next_cursor}
    template = "attendance/phones.html#rows" if request.GET.get("after") else "attendance/phones.html"
    return render(request, template, context)


def revoke(request: HttpRequest, punch_key_id: UUID) -> HttpResponse:
    """Take nothing more from a browser."""
    key = phones.revoke_key(actor=request.actor, at=clock.now(), key_id=punch_key_id)
    tell(request, _("Removed: %(name)s. Nothing is taken from it any more.") % {"name": key.name})
    is_own = key.user_id == request.actor.user_id and "list" not in request.POST
    return redirect("attendance:home" if is_own else "attendance:phones")


def decide(request: HttpRequest, doubtful_id: UUID) -> HttpResponse:
    """Let a punch whose time cannot be relied on count, or not."""
    counts = request.POST.get("counts") == "1"
    phones.decide_doubt(actor=request.actor, at=clock.now(), doubtful_id=doubtful_id, counts=counts)
    tell(request, _("The punch counts.") if counts else _("The punch does not count."))
    return redirect(reverse("attendance:exceptions"))
