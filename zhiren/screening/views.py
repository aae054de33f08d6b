"""The pages of screening: the conditions of an opening, who fails them, and what a person's résumé says to them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.paging import keyset_page
from zhiren.plumbing.requests import HttpRequest
from zhiren.recruiting import queries as recruiting
from zhiren.recruiting.permissions import ADD_CANDIDATES
from zhiren.screening import permissions, queries, services, words
from zhiren.screening.forms import ConditionsForm, LetterForm, as_filled_in
from zhiren.screening.linter import concerns_in
from zhiren.screening.models import Screening, SetAside
from zhiren.screening.rules import Outcome


def opening(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Show the conditions of an opening, and whoever does not meet them."""
    found = recruiting.get_opening(request.actor, opening_id)
    newest = queries.newest_set(found.pk)
    may_manage = recruiting.may_manage(request.actor, found)
    may_set = request.actor.may(permissions.SET_CONDITIONS) and may_manage
    conditions = queries.conditions_in(newest) if newest else []
    initial: dict[str, Any] = as_filled_in(conditions)
    if newest:
        initial |= {"puts_aside": newest.puts_aside, "decline_after_hours": newest.decline_after_hours}
    form = ConditionsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.set_conditions(
            actor=request.actor,
            at=clock.now(),
            opening_id=found.pk,
            conditions=form.conditions(),
            puts_aside=form.cleaned_data["puts_aside"],
            decline_after_hours=form.cleaned_data["decline_after_hours"],
        )
        tell(request, _("Saved. Everybody in this opening is being looked at anew."))
        return redirect("screening:opening", opening_id=found.pk)
    aside = list(queries.aside_of(request.actor, found).order_by("due_at", "pk")[:50])
    context = {
        "opening": found,
        "form": form,
        "conditions": [words.condition(one) for one in conditions],
        "in_force": newest if conditions else None,
        "counts": queries.outcome_counts(found),
        "aside": _lines(aside),
        **_failing(request, found),
        "may_set": may_set,
        "may_manage": may_manage,
        "may_add": request.actor.may(ADD_CANDIDATES),
        "may_settle": request.actor.may(permissions.SETTLE),
    }
    return render(request, "screening/opening.html", context, status=422 if request.method == "POST" else 200)


def failing(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Show more of those who fail a condition."""
    found = recruiting.get_opening(request.actor, opening_id)
    context = {**_failing(request, found), "opening": found, "may_settle": request.actor.may(permissions.SETTLE)}
    return render(request, "screening/opening.html#failing", context)


def _failing(request: HttpRequest, found: Any) -> dict[str, Any]:
    page = keyset_page(
        queries.failing(request.actor, found),
        order=("-screened_at", "-id"),
        after=request.GET.get("after", ""),
        size=30,
    )
    judged = queries.verdicts_of(page.rows)
    return {"failing": [_told(row, judged) for row in page.rows], "next_cursor": page.next_cursor}


def _lines(rows: list[SetAside]) -> list[dict[str, Any]]:
    screened = [row.application.screening for row in rows]
    judged = queries.verdicts_of(screened)
    return [{"row": row, **_told(one, judged)} for row, one in zip(rows, screened, strict=True)]


def _told(row: Screening, judged: dict[UUID, list[queries.Judged]]) -> dict[str, Any]:
    """Return a screening as a page shows it: what fails first, then what is unknown, then what passed."""
    order = {"failed": 0, "unknown": 1, "passed": 2}
    lines = [
        {
            "outcome": str(one.verdict.outcome),
            "condition": words.condition(one.condition),
            "found": words.verdict(one.condition, one.verdict),
            "evidence": one.verdict.evidence[:3],
        }
        for one in judged.get(row.pk, [])
    ]
    return {"screening": row, "verdicts": sorted(lines, key=lambda line: order[str(line["outcome"])])}


def preview(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Show what the conditions in the form would mean, and which words may not decide. Nothing is saved."""
    found = recruiting.get_opening_to_manage(request.actor, opening_id)
    form = ConditionsForm(request.POST)
    typed = "\n".join(value for value in request.POST.values() if isinstance(value, str))
    concerns = _concerns(typed, request.actor.language)
    if not form.is_valid():
        return render(request, "screening/opening.html#preview", {"incomplete": True, "concerns": concerns})
    looked = queries.preview(request.actor, found, form.conditions(), at=clock.now())
    context = {
        "preview": looked,
        "overall": [(code, label, looked.overall[Outcome(code)]) for code, label in Screening.Outcome.choices],
        "each": [
            (words.condition(one), counter[Outcome.FAILED], counter[Outcome.UNKNOWN]) for one, counter in looked.each
        ],
        "concerns": concerns,
    }
    return render(request, "screening/opening.html#preview", context)


def check_text(request: HttpRequest) -> HttpResponse:
    """Show which words of a job text may not decide who gets the job. Nothing is saved."""
    typed = "\n".join(request.POST.get(name, "") for name in ("title", "title_en", "description", "description_en"))
    return render(request, "screening/concerns.html", {"concerns": _concerns(typed, request.actor.language)})


def _concerns(text: str, language: str) -> list[dict[str, Any]]:
    return [
        {
            "words": concern.words,
            "attribute": words.ATTRIBUTES[concern.attribute],
            "forbidden": concern.severity == "forbidden",
            "law": concern.law["en" if language == "en" else "zh"],
        }
        for concern in concerns_in(text)
    ]


def of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show what a person's résumé says to the conditions of each opening."""
    rows = queries.screenings_of(request.actor, person_id)
    judged = queries.verdicts_of(rows)
    return render(request, "screening/of_person.html", {"screenings": [_told(row, judged) for row in rows]})


def put_aside(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Put a candidate aside who fails a condition."""
    row = services.put_aside(actor=request.actor, at=clock.now(), application_id=application_id)
    return _reload(request, row, _("Put aside. Until then, one click brings them back."))


def bring_back(request: HttpRequest, set_aside_id: UUID) -> HttpResponse:
    """Let a candidate go on who was put aside."""
    row = services.bring_back(actor=request.actor, at=clock.now(), set_aside_id=set_aside_id)
    return _reload(request, row, _("Brought back. Nothing was sent."))


def decline(request: HttpRequest, set_aside_id: UUID) -> HttpResponse:
    """Decline a candidate now instead of later."""
    row = services.decline(actor=request.actor, at=clock.now(), set_aside_id=set_aside_id)
    return _reload(request, row, _("Declined; the letter is on its way."))


def letter(request: HttpRequest, set_aside_id: UUID) -> HttpResponse:
    """Show and change what a candidate who is put aside will be told."""
    row = queries.get_set_aside(request.actor, set_aside_id)
    subject, text = services.letter_for(row)
    form = LetterForm(request.POST or None, initial={"subject": subject, "text": text})
    if request.method == "POST" and form.is_valid():
        services.change_letter(actor=request.actor, set_aside_id=row.pk, **form.cleaned_data)
        tell(request, _("Saved. This letter goes out when the time has come."))
        answer = HttpResponse(status=204)
        answer["HX-Trigger"] = "dialog-done"
        return answer
    if request.method == "GET" and not request.htmx:
        return redirect("screening:opening", opening_id=row.application.opening_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "screening/letter.html", {"row": row, "form": form}, status=status)


def _reload(request: HttpRequest, row: SetAside, sentence: str) -> HttpResponse:
    tell(request, sentence)
    if not request.htmx:
        return redirect("screening:opening", opening_id=row.application.opening_id)
    answer = HttpResponse(status=204)
    answer["HX-Refresh"] = "true"
    return answer
