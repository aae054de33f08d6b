"""The pages of requests: one's own, what waits for one, one request, answering from a mail, stand-ins, policies."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhiren.access import queries as access
from zhiren.approvals import definition as definitions
from zhiren.approvals import forms, general, links, permissions, policies, queries, services, standing_in, words
from zhiren.approvals.definition import Policy
from zhiren.approvals.errors import LinkUnusable
from zhiren.approvals.kinds import Cancelling, kinds
from zhiren.approvals.models import Request
from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.plumbing import clock
from zhiren.plumbing.models import one
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest, go_to

_NEWEST = ("-submitted_at", "-id")


def mine(request: HttpRequest) -> HttpResponse:
    """List what the reader has asked for, the newest first."""
    rows = queries.my_requests(request.actor)
    return _list(request, rows, "approvals/mine.html", {})


def everybodys(request: HttpRequest) -> HttpResponse:
    """List the requests that HR may see, of all states or of one."""
    state = request.GET.get("state", "")
    rows = queries.requests_visible_to(request.actor, clock.now())
    if state in Request.State.values:
        rows = rows.filter(state=state)
    return _list(request, rows, "approvals/all.html", {"state": state, "states": Request.State.choices})


def waiting(request: HttpRequest) -> HttpResponse:
    """List what the reader is to decide now, the longest waiting first."""
    return render(request, "approvals/waiting.html", _what_waits(request))


def new(request: HttpRequest) -> HttpResponse:
    """Choose what to ask for; what has no page of its own is asked for here."""
    form = forms.AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = general.ask(
            actor=request.actor, at=clock.now(), title=given["title"], text=given["text"], cost=given["money"]
        )
        tell(request, _("Sent."))
        return redirect("approvals:request", request_id=made.pk)
    return render(request, "approvals/new.html", {"form": form}, status=422 if request.method == "POST" else 200)


def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show one request: what it says, who has to say yes, and what they said."""
    at = clock.now()
    found = queries.get_request(request.actor, request_id, at)
    return render(request, "approvals/request.html", _page(request, found))


def approve(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Say yes, with one tap."""
    found = services.decide_request(
        actor=request.actor, at=clock.now(), request_id=request_id, approves=True, reason=request.POST.get("reason", "")
    )
    tell(request, _("You said yes."))
    return _decided(request, found)


def decline(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Say no, and why."""
    at = clock.now()
    found = queries.get_request(request.actor, request_id, at)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = services.decide_request(
            actor=request.actor, at=at, request_id=request_id, approves=False, reason=form.cleaned_data["reason"]
        )
        tell(request, _("You said no. They are told why."))
        return _decided(request, found)
    heading, button = pgettext("request", "Why not?"), pgettext("request", "Decline")
    return _sheet(request, form, address=reverse("approvals:decline", args=[found.pk]), heading=heading, button=button)


def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take back what is not decided yet."""
    form = forms.OptionalReasonForm(request.POST if request.method == "POST" else None)
    found = queries.get_request(request.actor, request_id, clock.now())
    if request.method == "POST" and form.is_valid():
        services.withdraw_request(
            actor=request.actor, at=clock.now(), request_id=request_id, reason=form.cleaned_data["reason"]
        )
        tell(request, _("Withdrawn."))
        return _refreshed(request, found)
    heading, button = _("Withdraw this request?"), pgettext("request", "Withdraw")
    return _sheet(request, form, address=reverse("approvals:withdraw", args=[found.pk]), heading=heading, button=button)


def cancel(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take back what was approved, or ask for that."""
    form = forms.OptionalReasonForm(request.POST if request.method == "POST" else None)
    found = queries.get_request(request.actor, request_id, clock.now())
    if request.method == "POST" and form.is_valid():
        made = services.cancel_request(
            actor=request.actor, at=clock.now(), request_id=request_id, reason=form.cleaned_data["reason"]
        )
        tell(request, _("Taken back.") if made.pk == found.pk else _("Asked for: those who approved it decide."))
        return _refreshed(request, made)
    heading, button = _("Take back what was approved?"), pgettext("request", "Take back")
    return _sheet(request, form, address=reverse("approvals:cancel", args=[found.pk]), heading=heading, button=button)


def stand_in(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Let another colleague decide in place of those who are asked."""
    found = queries.get_request(request.actor, request_id, clock.now())
    form = forms.StandInForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["user"]
        standing_in.name_stand_in(actor=request.actor, at=clock.now(), request_id=request_id, user_id=user.pk)
        tell(request, _("%(name)s is asked as well.") % {"name": user.label})
        return _refreshed(request, found)
    heading, button = _("Who decides in their place?"), _("Ask them")
    return _sheet(request, form, address=reverse("approvals:stand_in", args=[found.pk]), heading=heading, button=button)


def by_mail(request: HttpRequest, answer_token: str) -> HttpResponse:
    """Answer by the link in a mail: the page shows what is asked and one button; only pressing it decides."""
    at = clock.now()
    link = links.read_token(answer_token, at=at)
    if request.actor.user_id not in {None, link.user_id}:
        raise LinkUnusable
    actor = access.actor_of_id(link.user_id)
    found = queries.request_of_step(actor, link.step_id, at)
    if request.method == "POST":
        found = services.decide_request(
            actor=actor,
            at=at,
            request_id=found.pk,
            step_id=link.step_id,
            approves=request.POST.get("answer") == "yes",
            reason=request.POST.get("reason", ""),
            door="mail",
        )
    step = queries.steps_of(found).filter(pk=link.step_id)
    context = {
        "one": words.shown([found])[0],
        "may_decide": queries.open_asks(actor, at).filter(step=link.step_id).exists(),
        "steps": words.steps_shown(found, step, at),
        "token": answer_token,
        "has_answered": request.method == "POST",
    }
    return render(request, "approvals/by_mail.html", context)


def delegations(request: HttpRequest) -> HttpResponse:
    """Show who decides in the reader's place, and for whom the reader decides; name somebody."""
    at = clock.now()
    form = forms.DelegationForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        standing_in.give_delegation(actor=request.actor, at=at, **form.given(request.actor.tzinfo))
        tell(request, _("%(name)s was told.") % {"name": form.cleaned_data["to_user"].label})
        return redirect("approvals:delegations")
    rows = list(queries.delegations_of(request.actor, at))
    reached = queries.users_stood_in_for_by(request.actor).filter(pk__in=[row.from_user_id for row in rows])
    mine = set(reached.values_list("pk", flat=True))
    context = {
        "form": form,
        "rows": [(row, words.kinds_of(row), row.from_user_id in mine) for row in rows],
        "at": at,
        "may_see_all": request.actor.may(permissions.VIEW),
    }
    return render(request, "approvals/delegations.html", context, status=422 if request.method == "POST" else 200)


def end_delegation(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """End a delegation now."""
    standing_in.end_delegation(actor=request.actor, at=clock.now(), delegation_id=delegation_id)
    tell(request, _("Ended."))
    return redirect("approvals:delegations")


# Policies -------------------------------------------------------------------------------------------------------------


def policies_page(request: HttpRequest) -> HttpResponse:
    """List the kinds of requests, and in words who must say yes to each."""
    return render(request, "approvals/policies.html", {"rows": words.policies_shown()})


def policy(request: HttpRequest, code: str) -> HttpResponse:
    """Change who must say yes to a kind of request, in one entity or wherever none has its own."""
    entity_id = _entity(request)
    known = _policy(code, entity_id)
    form = forms.PolicyForm(request.POST or None, code=code, policy=known, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        policies.change_policy(actor=request.actor, at=clock.now(), kind=code, steps=form.plans(), entity_id=entity_id)
        tell(request, _("Saved. What was sent before keeps its way."))
        return redirect(f"{reverse('approvals:policy', args=[code])}{f'?entity={entity_id}' if entity_id else ''}")
    context = {
        "form": form,
        "code": code,
        "kind": kinds[code],
        "entity_id": entity_id,
        "entities": org.entities(request.actor),
        "own": queries.own_version(code, entity_id),
        "versions": queries.versions_of(code, entity_id)[:10],
        "values_form": forms.ValuesForm(None, actor=request.actor, kind=kinds[code]),
        "may_change": policies.may_set(request.actor, entity_id),
        "tried": None,
    }
    return render(request, "approvals/policy.html", context, status=422 if request.method == "POST" else 200)


def try_policy(request: HttpRequest, code: str) -> HttpResponse:
    """Show who would be asked for a person and some values, by the steps as they stand in the form."""
    if code not in kinds:
        raise NotFound
    form = forms.PolicyForm(request.POST, code=code, policy=_policy(code, None), actor=request.actor)
    values_form = forms.ValuesForm(request.POST, actor=request.actor, kind=kinds[code])
    tried: Any = None
    if form.is_valid() and values_form.is_valid() and values_form.cleaned_data["for_user"]:
        user = values_form.cleaned_data["for_user"]
        plan = policies.read_steps(code, form.plans())
        tried = words.tried(code, plan, user.pk, values_form.values(), clock.now())
    context = {"form": form, "kind": kinds[code], "tried": tried, "was_tried": True}
    return render(request, "approvals/policy.html#tried", context)


def drop_policy(request: HttpRequest, code: str) -> HttpResponse:
    """Let an entity follow the company's policy again."""
    policies.change_policy(actor=request.actor, at=clock.now(), kind=code, steps=None, entity_id=_entity(request))
    tell(request, _("This legal entity follows the policy of the company again."))
    return redirect("approvals:policy", code=code)


# Parts ----------------------------------------------------------------------------------------------------------------


def _list(request: HttpRequest, rows: Any, template: str, more: dict[str, Any]) -> HttpResponse:
    page = keyset_page(rows, order=_NEWEST, after=request.GET.get("after", ""), size=30)
    context = {
        "rows": words.shown(page.rows, steps=queries.steps_now(page.rows)),
        "next_cursor": page.next_cursor,
        "may_see_all": request.actor.may(permissions.VIEW),
        **more,
    }
    return render(request, f"{template}#rows" if request.htmx else template, context)


def _what_waits(request: HttpRequest) -> dict[str, Any]:
    rows = list(queries.waiting_for(request.actor, clock.now()).order_by("submitted_at", "id")[:100])
    return {
        "rows": words.shown(rows, steps=queries.steps_now(rows)),
        "may_see_all": request.actor.may(permissions.VIEW),
    }


def _page(request: HttpRequest, found: Request) -> dict[str, Any]:
    actor, at = request.actor, clock.now()
    kind = kinds[found.kind]
    is_own = actor.user_id in queries.Asking.of(found).askers
    manages = queries.requests_managed_by(actor).filter(pk=found.pk).exists()
    may_cancel = found.state == "approved" and not found.cancels_id and kind.cancelling != Cancelling.NEVER
    return {
        "one": words.shown([found])[0],
        "found": found,
        "steps": words.steps_shown(found, queries.steps_of(found), at),
        # a no has its reason in its step
        "reason": "" if found.state == "declined" else queries.reason_of_decision(found),
        "fingerprint": bytes(found.digest).hex()[:16],
        "subject_url": reverse(kind.url_name, args=[found.subject_id]) if kind.url_name else "",
        "panel_url": reverse(kind.panel_name, args=[found.subject_id]) if kind.panel_name else "",
        "may_decide": queries.waiting_for(actor, at).filter(pk=found.pk).exists(),
        "may_withdraw": found.is_pending and is_own,
        "may_cancel": may_cancel and (is_own or manages),
        "may_name": found.is_pending and manages and not queries.asks_a_party(found),
        "cancellations": words.shown(found.cancellations.order_by("submitted_at")),
        "is_own": is_own,
        "at": at,
    }


def _sheet(request: HttpRequest, form: Any, *, address: str, heading: str, button: str) -> HttpResponse:
    """Ask for a reason or a colleague, in a sheet or on a page of its own."""
    context = {"form": form, "address": address, "heading": heading, "button": button}
    template = "approvals/sheet.html#sheet" if request.htmx else "approvals/sheet.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _decided(request: HttpRequest, found: Request) -> HttpResponse:
    """Show what waits now, where the list was; else the request's page."""
    if request.htmx and (request.htmx.current_url_abs_path or "").startswith(reverse("approvals:waiting")):
        answer = render(request, "approvals/waiting.html#rows", _what_waits(request))
        answer["HX-Retarget"], answer["HX-Reswap"], answer["HX-Trigger"] = "#waiting", "innerHTML", "dialog-done"
        return answer
    return _refreshed(request, found)


def _refreshed(request: HttpRequest, found: Request) -> HttpResponse:
    return go_to(request, reverse("approvals:request", args=[found.pk]))


def _entity(request: HttpRequest) -> UUID | None:
    text = request.GET.get("entity", "")
    return one(org.entities(request.actor), text).pk if text else None


def _policy(code: str, entity_id: UUID | None) -> Policy:
    if code not in kinds:
        raise NotFound
    found = queries.newest_version(code, entity_id)
    return queries.policy_of(found) if found else definitions.of_steps(kinds[code].steps)
