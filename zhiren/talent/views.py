"""The pages of search and comparison."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiren.people import permissions as people
from zhiren.plumbing import clock
from zhiren.plumbing.notices import tell
from zhiren.plumbing.requests import HttpRequest
from zhiren.talent import comparison, index_queries, permissions, queries, services, words
from zhiren.talent.forms import SaveForm, TagForm, as_query, chosen_ids, read_search
from zhiren.talent.panels import panels_for


def search(request: HttpRequest) -> HttpResponse:
    """Find persons by anything that is known of them."""
    actor, at = request.actor, clock.now()
    wanted = read_search(request.GET)
    if request.htmx and request.GET.get("after"):
        hits = queries.page_of(actor, wanted, at=at, after=request.GET["after"])
        context = {"rows": hits.rows, "after": hits.after, **_powers(request)}
        return render(request, "talent/search.html#rows", context)
    person_id = services.find_by_contact(actor=actor, at=at, text=wanted.text)
    if person_id:
        found = queries.the_one(person_id, at)
        hits = queries.hits_of(actor, queries.Search(), found, counted=True)
    else:
        found = queries.find(actor, wanted, at=at)
        hits = queries.hits_of(actor, wanted, found, counted=True)
    filters = words.filters_of(wanted, hits.values)
    context = {
        "search": wanted,
        "found": found,
        "by_contact": bool(person_id),
        "rows": hits.rows,
        "after": hits.after,
        "filters": filters,
        "chosen": words.chosen_of(filters),
        "progress": index_queries.progress(),
        "query": as_query(wanted),
        **{sort: as_query(replace(wanted, sort=sort)) for sort in queries.SORTS},
        **{f"by_{sort}": sort == wanted.sort for sort in queries.SORTS},
        **_powers(request),
    }
    return render(request, "talent/search.html", context)


def _powers(request: HttpRequest) -> dict[str, object]:
    return {"may_tag": request.actor.may(people.EDIT)}


def saved(request: HttpRequest) -> HttpResponse:
    """Show the saved searches with how many came since the reader looked: as a part of the search, or as a page."""
    context = {"saved": queries.saved_with_news(request.actor, at=clock.now())}
    return render(request, "talent/saved.html#list" if request.htmx else "talent/saved.html", context)


def save(request: HttpRequest) -> HttpResponse:
    """Keep a search under a name."""
    wanted = read_search(request.POST if request.method == "POST" else request.GET)
    may_share = request.actor.may(permissions.SHARE_SEARCHES)
    form = SaveForm(
        request.POST or None, may_share=may_share, initial={"name": wanted.text[:80] if not wanted.filters else ""}
    )
    if request.method == "POST" and form.is_valid():
        services.save_search(
            actor=request.actor,
            at=clock.now(),
            name=form.cleaned_data["name"],
            search=wanted,
            is_shared=form.cleaned_data.get("is_shared", False),
        )
        tell(request, _("The search is saved. It shows how many came since you looked."))
        return _done()
    context = {"form": form, "search": wanted}
    return render(request, "talent/save.html", context, status=422 if request.method == "POST" else 200)


def open_saved(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Lead to what a saved search finds now; it is seen then."""
    row = queries.get_saved(request.actor, search_id)
    services.mark_seen(actor=request.actor, at=clock.now(), search_id=row.pk)
    return redirect(f"{reverse('talent:search')}?{as_query(queries.opened(row))}")


def remove_saved(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Forget a saved search, and show those that are left."""
    services.remove_search(actor=request.actor, search_id=search_id)
    tell(request, _("The saved search is gone."))
    return saved(request)


def tag(request: HttpRequest) -> HttpResponse:
    """Give tags to those who were ticked, or take some from them."""
    form = TagForm(request.POST or None)
    ids = chosen_ids(request.POST.getlist("ids") or request.GET.getlist("ids"))
    if request.method == "POST" and form.is_valid():
        changed = services.tag_many(
            actor=request.actor,
            at=clock.now(),
            person_ids=ids,
            add=form.cleaned_data["add"],
            remove=form.cleaned_data["remove"],
        )
        tell(
            request,
            ngettext("The tags of %(n)d person changed.", "The tags of %(n)d people changed.", changed)
            % {"n": changed},
        )
        return _done()
    context = {"form": form, "ids": ids}
    return render(request, "talent/tag.html", context, status=422 if request.method == "POST" else 200)


def compare(request: HttpRequest) -> HttpResponse:
    """Show two to five persons side by side; lead there where they were ticked as persons or as applications."""
    ids = chosen_ids(request.GET.getlist("ids"))
    if request.htmx:
        ids += queries.persons_of(
            request.actor, chosen_ids(text.partition(":")[0] for text in request.GET.getlist("seen"))
        )
    found = comparison.compare(request.actor, ids)
    chosen = ",".join(str(person.pk) for person in found.persons)
    if request.htmx:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = f"{reverse('talent:compare')}?ids={chosen}"
        return answer
    return render(
        request, "talent/compare.html", {"comparison": found, "panels": panels_for(request.actor), "ids": chosen}
    )


def _done() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = '{"dialog-done": {}}'
    answer["HX-Refresh"] = "true"
    return answer
