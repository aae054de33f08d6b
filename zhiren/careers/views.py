"""The public pages: openings, the application form, the candidate's page."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django_htmx.http import HttpResponseClientRedirect

from zhiren.careers import links, queries, rules, services, words
from zhiren.careers.forms import ApplicationForm, UploadForm
from zhiren.kernel.money import Money
from zhiren.plumbing import clock, notices
from zhiren.plumbing.requests import HttpRequest
from zhiren.recruiting import queries as recruiting

# What would end the script element that it stands in.
_NOT_IN_SCRIPTS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def openings(request: HttpRequest) -> HttpResponse:
    """Show the open jobs."""
    city = request.GET.get("city", "")[:100]
    front = queries.front_page(city=city, after=request.GET.get("after", ""))
    context = {"front": front, "city": city, "introduction": words.introduced(front.company)}
    part = "#rows" if request.htmx and request.GET.get("after") else ""
    return render(request, f"careers/openings.html{part}", context)


def opening(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one job."""
    found = queries.published_opening(slug)
    text = words.described(found)
    posting = json.dumps(rules.structured_data(_posting(found, text)), ensure_ascii=False).translate(_NOT_IN_SCRIPTS)
    context = {"opening": found, "text": text, "posting": mark_safe(posting), "url": _address(found.slug)}
    return render(request, "careers/opening.html", context)


def _address(slug: str) -> str:
    return settings.PUBLIC_URL + reverse("careers:opening", args=[slug])


def _posting(found: Any, text: str) -> rules.Posting:
    place = found.branch or found.entity
    shown = {"from": found.pay_from, "to": found.pay_to} if found.shows_pay else {}
    pay = {name: Money(amount, found.currency) for name, amount in shown.items() if amount is not None}
    return rules.Posting(
        title=found.label,
        description_html=linebreaks(text, autoescape=True),
        published_at=found.published_at,
        url=_address(found.slug),
        identifier=found.slug,
        company=recruiting.company_name(get_language() or ""),
        city=found.city or (found.branch.city if found.branch else ""),
        address=found.branch.address if found.branch else "",
        region=place.region,
        pay_from=pay.get("from"),
        pay_to=pay.get("to"),
    )


def apply(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show the application form; take what was sent and say thank you."""
    found = queries.published_opening(slug)
    at = clock.now()
    region = found.entity.region[:2]
    if request.method != "POST":
        form = ApplicationForm(initial={"opened": links.opened_token(at)}, region=region, at=at)
        return _unindexed(render(request, "careers/apply.html", _form_context(found, form)))
    form = ApplicationForm(request.POST, request.FILES, region=region, at=at)
    if not form.is_valid():
        return _form_again(request, _form_context(found, form), status=422)
    file = form.cleaned_data["resume"]
    application = services.apply(
        at=at,
        opening_slug=slug,
        name=form.cleaned_data["name"],
        phone=form.cleaned_data["phone"],
        mail=form.cleaned_data["mail"],
        resume=(file.name, file.read()) if file else None,
        upload_id=None if file else form.cleaned_data["upload"],
        language=get_language() or settings.LANGUAGE_CODE,
        consents=form.consents,
        visitor=_visitor(request),
    )
    shows_link = rules.may_see_link(
        person_created_at=application.person.created_at, applied_at=application.applied_at, at=at
    )
    target = reverse("careers:sent", args=[links.sent_token(application.pk, shows_link=shows_link)])
    return HttpResponseClientRedirect(target) if request.htmx else redirect(target)


def read_resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a résumé as soon as it is chosen, and fill in the form from it where nothing was typed."""
    found = queries.published_opening(slug)
    at = clock.now()
    region = found.entity.region[:2]
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        typed = ApplicationForm(initial=request.POST.dict(), region=region, at=at)
        context = {**_form_context(found, typed), "file_errors": form.errors.get("resume")}
        return _form_again(request, context, status=422)
    file = form.cleaned_data["resume"]
    upload = services.keep_upload(at=at, name=file.name, data=file.read(), visitor=_visitor(request))
    filled = _filled_in(request.POST, queries.reading_of(upload), region=region)
    filled["upload"] = links.upload_token(upload.pk)
    fresh = ApplicationForm(initial=filled, region=region, at=at)
    problem = words.unreadable(upload.problem) if upload.problem else ""
    return _form_again(request, {**_form_context(found, fresh), "problem": problem})


def _filled_in(typed: QueryDict, resume: Any, *, region: str) -> dict[str, Any]:
    """Return the form's values: what was typed, and where nothing was, what the résumé says."""
    values: dict[str, Any] = typed.dict()
    if resume is not None:
        read = {
            "name": resume.name.value if resume.name else "",
            "phone": rules.as_dialled(resume.phones[0].value, region=region) if resume.phones else "",
            "mail": resume.mails[0].value if resume.mails else "",
        }
        values.update({name: value for name, value in read.items() if not values.get(name, "").strip()})
    return values


def _form_context(found: Any, form: ApplicationForm) -> dict[str, Any]:
    return {"opening": found, "form": form, "file_name": form.file_name}


def _form_again(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    part = "#form" if request.htmx else ""
    return _unindexed(render(request, f"careers/apply.html{part}", context, status=status))


def sent(request: HttpRequest, token: str) -> HttpResponse:
    """Say thank you, and give the personal link to whoever may have it."""
    application_id, shows_link = links.read_sent_token(token)
    application = queries.candidates_application(application_id)
    context = {
        "opening": application.opening,
        "due_at": application.due_at,
        "zone": queries.zone_of(application.opening),
        "link": links.status_link(application.pk) if shows_link else "",
    }
    return _private(render(request, "careers/sent.html", context))


def status(request: HttpRequest, token: str) -> HttpResponse:
    """Show candidates where they stand."""
    found = queries.status(application_id=links.read_token(token), at=clock.now())
    kind = found.application.stage.kind
    context = {
        "status": found,
        "token": token,
        "where": words.WHERE[kind],
        "next": words.promised(found.promised.what) if found.promised else words.NEXT[kind],
    }
    return _private(render(request, "careers/status.html", context))


def seen(request: HttpRequest, token: str) -> HttpResponse:
    """Note that the candidate's page is looked at: asked by the page's script, so that no mail scanner does it."""
    del request
    services.note_view(at=clock.now(), application_id=links.read_token(token))
    return _private(HttpResponse(status=204))


def withdraw(request: HttpRequest, token: str) -> HttpResponseBase:
    """End the application because the candidate says so."""
    services.withdraw_application(at=clock.now(), application_id=links.read_token(token))
    notices.tell(request, gettext("Your application is withdrawn. Thank you for telling us."))
    return redirect("careers:status", token=token)


def withdraw_consent(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take a consent back."""
    purpose = request.POST.get("purpose", "")
    services.withdraw_consent(at=clock.now(), application_id=links.read_token(token), purpose=purpose)
    notices.tell(request, gettext("Your consent is withdrawn."))
    return redirect("careers:status", token=token)


def privacy(request: HttpRequest) -> HttpResponse:
    """Show what applicants agree to."""
    return render(request, "careers/privacy.html", {"version": rules.NOTICE_VERSION, "company": queries.company()})


def sitemap(request: HttpRequest) -> HttpResponse:
    """List the published openings for search engines."""
    pages = [{"url": _address(found.slug), "changed_at": found.published_at} for found in queries.sitemap()]
    context = {"front": settings.PUBLIC_URL + reverse("careers:openings"), "pages": pages}
    return render(request, "careers/sitemap.xml", context, content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines that the career site is all there is for them."""
    context = {"sitemap": settings.PUBLIC_URL + reverse("careers:sitemap")}
    return render(request, "careers/robots.txt", context, content_type="text/plain; charset=utf-8")


def _visitor(request: HttpRequest) -> str:
    """Return whom to count for. Behind a proxy it is the one that the proxy saw, whatever was claimed."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return rules.visitor_of(request.headers.get("X-Forwarded-For", "").rpartition(",")[2])
    return rules.visitor_of(str(request.META.get("REMOTE_ADDR", "")))


def _unindexed(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _private(answer: HttpResponse) -> HttpResponse:
    """Keep a candidate's page out of caches, search engines and other sites' logs.

    Not "no-referrer": browsers would then send the page's own forms with `Origin: null`, and they would be refused.
    """
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "same-origin"
    return _unindexed(answer)
