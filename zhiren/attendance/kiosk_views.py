"""Kiosks: setting them up, the screen of one, and punching by the code it shows."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiren.attendance import kiosk_looks, kiosk_pins, kiosk_queries, kiosks, showing
from zhiren.attendance.errors import PinWrong
from zhiren.attendance.kiosk_forms import KioskForm, PinForm, PinPunchForm
from zhiren.attendance.models import Kiosk
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest, go_to

COOKIE = "__Secure-kiosk" if settings.SECURE else "zhiren_kiosk"
_COOKIE_AGE = 400 * 24 * 3600  # the most that browsers allow; it begins anew whenever the screen is opened


# For HR ---------------------------------------------------------------------------------------------------------------


def new(request: HttpRequest) -> HttpResponse:
    """Set up a kiosk, and show the link that makes a tablet it."""
    form = KioskForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kiosk, secret = kiosks.make_kiosk(
            actor=request.actor, at=clock.now(), name=given["name"], branch_id=given["branch"].pk
        )
        return _link(request, kiosk, secret)
    status = 422 if request.method == "POST" else 200
    return render(request, "attendance/kiosk_new.html", {"form": form}, status=status)


def pairing(request: HttpRequest, kiosk_id: UUID) -> HttpResponse:
    """Make a new link for a kiosk's tablet."""
    secret = kiosks.new_pairing(actor=request.actor, at=clock.now(), kiosk_id=kiosk_id)
    return _link(request, kiosk_queries.get_kiosk(request.actor, kiosk_id), secret)


def _link(request: HttpRequest, kiosk: Kiosk, secret: str) -> HttpResponse:
    link = kiosk_looks.pairing_link(secret)
    context = {"kiosk": kiosk, "link": link, "picture": kiosk_looks.picture(link)}
    return render(request, "attendance/kiosk_link.html", context)


def revoke(request: HttpRequest, kiosk_id: UUID) -> HttpResponse:
    """Take a kiosk out of use."""
    kiosk = kiosks.revoke_kiosk(actor=request.actor, at=clock.now(), kiosk_id=kiosk_id)
    tell(request, _("%(name)s is no kiosk any more.") % {"name": kiosk.name})
    return redirect("attendance:devices")


# The tablet -----------------------------------------------------------------------------------------------------------


def pair(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask whether this tablet is to be the kiosk (GET), and make it so (POST)."""
    at = clock.now()
    if request.method == "GET":
        kiosk = kiosk_queries.kiosk_of_pairing(secret, at)
        return render(request, "attendance/kiosk_pair.html", {"kiosk": kiosk})
    _kiosk, token = kiosks.pair(at=at, secret=secret)
    answer = redirect("attendance:screen")
    _keep(answer, token)
    return answer


def screen(request: HttpRequest) -> HttpResponse:
    """Show a kiosk's screen."""
    at = clock.now()
    token = request.COOKIES.get(COOKIE, "")
    kiosk = kiosks.greet_kiosk(at=at, token=token)
    context = {"kiosk": kiosk, "now": at, "screen": kiosk_looks.screen(kiosk, at)}
    answer = render(request, "attendance/screen.html", context)
    answer["Cache-Control"] = "no-store"
    _keep(answer, token)
    return answer


def pin(request: HttpRequest) -> HttpResponse:
    """Take a punch by badge number and PIN, typed on a kiosk's screen, and say so there."""
    at = clock.now()
    found = kiosks.greet_kiosk(at=at, token=request.COOKIES.get(COOKIE, ""))
    form = PinPunchForm(request.POST)
    if not form.is_valid():
        raise PinWrong
    kiosk_pins.punch_by_pin(at=at, kiosk=found, **form.cleaned_data)
    context = {"punched": True, "kiosk": found, "now": at}
    answer = render(request, "attendance/screen.html#pin", context)
    answer["Cache-Control"] = "no-store"
    return answer


def code(request: HttpRequest) -> HttpResponse:
    """Show the code that a kiosk's screen shows now, and who has just punched."""
    at = clock.now()
    kiosk = kiosks.greet_kiosk(at=at, token=request.COOKIES.get(COOKIE, ""))
    answer = render(request, "attendance/screen.html#code", {"screen": kiosk_looks.screen(kiosk, at)})
    answer["Cache-Control"] = "no-store"
    return answer


def _keep(answer: HttpResponse, token: str) -> None:
    answer.set_cookie(
        COOKIE, token, max_age=_COOKIE_AGE, path=reverse("attendance:screen"), secure=settings.SECURE, httponly=True,
        samesite="Strict",
    )  # fmt: skip


# One's own PIN --------------------------------------------------------------------------------------------------------


def own_pin(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Set or change one's own PIN for kiosks."""
    employment = kiosk_queries.get_own_employment(request.actor, employment_id)
    form = PinForm(request.POST or None, badge=employment.badge)
    if request.method == "POST" and form.is_valid():
        kiosk_pins.set_pin(
            actor=request.actor, at=clock.now(), employment_id=employment.pk, pin=form.cleaned_data["pin"]
        )
        tell(request, _("Your PIN is set."))
        return go_to(request, reverse("attendance:home"))
    if request.method == "GET" and not request.htmx:
        return redirect("attendance:home")
    context = {"form": form, "here": request.path, "badge": employment.badge}
    return render(request, "attendance/own_pin.html", context, status=422 if request.method == "POST" else 200)


def remove_pin(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Remove one's own PIN for kiosks."""
    kiosk_pins.remove_pin(actor=request.actor, at=clock.now(), employment_id=employment_id)
    tell(request, _("Your PIN is removed; at a kiosk, scan its code."))
    return go_to(request, reverse("attendance:home"))


# Whoever punches ------------------------------------------------------------------------------------------------------


def kiosk(request: HttpRequest, kiosk_code: str) -> HttpResponse:
    """Ask whoever scanned a kiosk's code whether they punch there (GET), and take the punch (POST)."""
    at = clock.now()
    if request.method == "GET":
        found, employment = kiosks.scanned(actor=request.actor, at=at, code=kiosk_code)
        return render(request, "attendance/kiosk.html", {"kiosk": found, "employment": employment, "now": at})
    found, _taken = kiosks.punch_at_kiosk(actor=request.actor, at=at, code=kiosk_code)
    shown = showing.clock_at(request.actor, found.branch.zone, at)
    tell(request, _("Recorded at %(time)s, %(kiosk)s.") % {"time": shown, "kiosk": found.name})
    return redirect("attendance:home")
