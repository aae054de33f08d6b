"""The page of working-time law."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zhiren.kernel.refusals import NotFound
from zhiren.org import queries as org
from zhiren.plumbing import clock
from zhiren.plumbing.requests import HttpRequest
from zhiren.rostering import law, law_tables, law_words


def working_time_law(request: HttpRequest) -> HttpResponse:
    """Show the numbers of one country with their sources: the one asked for, else the company's own."""
    known = law.countries()
    country = request.GET.get("country") or law.country_of(org.company().region) or known[0]
    if country not in known:
        raise NotFound
    context = {
        "country": law_words.COUNTRIES[country],
        "countries": [(code, law_words.COUNTRIES[code], code == country) for code in known],
        "tables": law_tables.tables(country, on=timezone.localdate(clock.now())),
    }
    return render(request, "rostering/law.html", context)
