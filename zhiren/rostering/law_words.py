"""Working-time law in words: its numbers, the agreements that change them, and what is found against it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from zhiren.rostering.law import Code, Finding, Period, Severity, Unit

COUNTRIES: Mapping[str, Any] = {
    "cn": gettext_lazy("Mainland China"),
    "de": gettext_lazy("Germany"),
    "gb": gettext_lazy("Great Britain"),
    "jp": gettext_lazy("Japan"),
    "sg": gettext_lazy("Singapore"),
    "us": gettext_lazy("United States (federal)"),
    "us_ca": gettext_lazy("California"),
}
SUBJECTS: Mapping[str, Any] = {
    "working_time": gettext_lazy("Working hours"),
    "overtime": gettext_lazy("Overtime"),
    "rest": gettext_lazy("Rest and breaks"),
    "night": gettext_lazy("Night work"),
    "leave": gettext_lazy("Leave and public holidays"),
}
NAMES: Mapping[str, Any] = {
    "annual_leave": gettext_lazy("Annual leave"),
    "annual_leave_most": gettext_lazy("Most annual leave by law"),
    "annual_leave_weeks": gettext_lazy("Annual leave"),
    "average_week": gettext_lazy("Average week"),
    "average_week_weeks": gettext_lazy("Period of the average week"),
    "average_workday": gettext_lazy("Average working day"),
    "average_workday_weeks": gettext_lazy("Period of the average working day"),
    "break_smallest": gettext_lazy("Shortest break"),
    "breaks": gettext_lazy("Breaks"),
    "comprehensive_periods": gettext_lazy("Periods of comprehensive hours"),
    "consecutive_days": gettext_lazy("Most days in a row"),
    "covered_pay_other": gettext_lazy("Pay up to which other employees are covered"),
    "covered_pay_workman": gettext_lazy("Pay up to which workmen are covered"),
    "daily_rest": gettext_lazy("Rest between two days"),
    "day_steps": gettext_lazy("Pay of overtime on a day"),
    "exempt_pay": gettext_lazy("Pay from which exemption is possible"),
    "first_break_by": gettext_lazy("Longest work before the first break"),
    "fortnight_rest": gettext_lazy("Rest in a fortnight"),
    "four_week_rest_days": gettext_lazy("Free days in four weeks"),
    "free_sundays": gettext_lazy("Free Sundays of a year"),
    "holiday_ban": gettext_lazy("Work on public holidays"),
    "holiday_steps": gettext_lazy("Pay of work on public holidays"),
    "holiday_substitute": gettext_lazy("Another day of rest for a holiday, within"),
    "longest_day": gettext_lazy("Longest day"),
    "longest_stretch": gettext_lazy("Longest work without a break"),
    "longest_week": gettext_lazy("Longest week"),
    "month_steps": gettext_lazy("Pay of the overtime of a month"),
    "months_over": gettext_lazy("Months of a year with much overtime"),
    "months_over_hours": gettext_lazy("Much overtime of a month is more than"),
    "needs_approval": gettext_lazy("Needs a permit"),
    "night_average_day": gettext_lazy("Average day of a night worker"),
    "night_average_day_weeks": gettext_lazy("Period of a night worker's average"),
    "night_average_workday": gettext_lazy("Average working day of a night worker"),
    "night_average_workday_weeks": gettext_lazy("Period of a night worker's average"),
    "night_from": gettext_lazy("Night begins"),
    "night_least": gettext_lazy("Night work is at least"),
    "night_longest_day": gettext_lazy("Longest day with night work"),
    "night_over": gettext_lazy("Night work is more than"),
    "night_premium": gettext_lazy("Premium for the night"),
    "night_to": gettext_lazy("Night ends"),
    "night_worker_days": gettext_lazy("Nights of a year that make a night worker"),
    "normal_day": gettext_lazy("Normal day"),
    "normal_week": gettext_lazy("Normal week"),
    "overtime_counts": gettext_lazy("What counts as overtime of the month"),
    "overtime_day": gettext_lazy("Most overtime of a day"),
    "overtime_month": gettext_lazy("Most overtime of a month"),
    "overtime_year": gettext_lazy("Most overtime of a year"),
    "paid_pause": gettext_lazy("Paid rest period"),
    "paid_pause_per": gettext_lazy("A paid rest period for each"),
    "pay_days_month": gettext_lazy("Paid days of a month"),
    "public_holidays": gettext_lazy("Public holidays of a year"),
    "rest_day_steps": gettext_lazy("Pay of work on rest days"),
    "rest_free_day": gettext_lazy("No day of rest is due if no day has more than"),
    "rest_free_week": gettext_lazy("No day of rest is due if the week has no more than"),
    "seventh_day_steps": gettext_lazy("Pay of work on the seventh day"),
    "sick_leave_hours": gettext_lazy("Paid sick leave of a year"),
    "sunday_ban": gettext_lazy("Work on Sundays"),
    "sunday_substitute": gettext_lazy("Another day of rest for a Sunday, within"),
    "total_average": gettext_lazy("Average of overtime and rest-day work"),
    "total_average_months": gettext_lazy("Longest period of that average"),
    "total_month_below": gettext_lazy("Overtime and rest-day work of a month, below"),
    "unused_leave_percent": gettext_lazy("Pay for annual leave not taken"),
    "week_steps": gettext_lazy("Pay of overtime in a week"),
    "weekly_rest": gettext_lazy("Rest in a week"),
    "weekly_rest_begins_by": gettext_lazy("Rest on the last day begins before"),
    "weekly_rest_days": gettext_lazy("Free days in a week"),
    "workdays_month": gettext_lazy("Working days of an average month"),
    "workdays_year": gettext_lazy("Working days of a year"),
}
AGREEMENTS: Mapping[str, Any] = {
    "approved": gettext_lazy("permit by the authorities"),
    "article_36": gettext_lazy("agreement under article 36"),
    "continuous_work": gettext_lazy("work that must go on"),
    "first_meal_waived": gettext_lazy("first meal period waived"),
    "five_day_week": gettext_lazy("week of five days"),
    "fortnight": gettext_lazy("rest by fortnights"),
    "four_weeks": gettext_lazy("rest days by four weeks"),
    "night_worker": gettext_lazy("night worker"),
    "opt_out": gettext_lazy("opted out"),
    "overtime_exemption": gettext_lazy("exemption from the limits of overtime"),
    "rest_day_work": gettext_lazy("agreement on rest days"),
    "second_meal_waived": gettext_lazy("second meal period waived"),
    "shift_work": gettext_lazy("shift work"),
    "special_case": gettext_lazy("work that needs continuity"),
    "special_clause": gettext_lazy("special clause"),
    "special_hazards": gettext_lazy("special hazards"),
    "special_reasons": gettext_lazy("special reasons"),
    "sunday_work": gettext_lazy("trade that may work on Sundays"),
    "workforce_agreement": gettext_lazy("workforce agreement"),
}
PRESETS: Mapping[str, Any] = {
    "logistics": gettext_lazy("Warehouses and transport"),
    "manufacturing": gettext_lazy("Manufacturing"),
    "office": pgettext_lazy("kind of house", "Offices"),
    "retail": gettext_lazy("Shops"),
}
FINDINGS: Mapping[Code, Any] = {
    Code.APPROVAL: gettext_lazy("Hours may be reckoned this way only with a permit of the authorities; none is noted."),
    Code.LONGEST_DAY: gettext_lazy("%(reached)s of work on one day; at most %(limit)s."),
    Code.NIGHT_LONGEST_DAY: gettext_lazy("%(reached)s of work on a day with night work; at most %(limit)s."),
    Code.OVERTIME_DAY: gettext_lazy("%(reached)s of overtime on one day; at most %(limit)s."),
    Code.BREAK: gettext_lazy("%(reached)s of breaks on one day; at least %(limit)s."),
    Code.FIRST_BREAK_BY: gettext_lazy("%(reached)s of work before the first break; at most %(limit)s."),
    Code.LONGEST_STRETCH: gettext_lazy("%(reached)s of work without a break; at most %(limit)s."),
    Code.SUNDAY_BAN: gettext_lazy("Work on a Sunday, which is forbidden."),
    Code.HOLIDAY_BAN: gettext_lazy("Work on a public holiday, which is forbidden."),
    Code.DAILY_REST: gettext_lazy("%(reached)s of rest between two days; at least %(limit)s."),
    Code.LONGEST_WEEK: gettext_lazy("%(reached)s of work in one week; at most %(limit)s."),
    Code.REST_DAYS: gettext_lazy("%(reached)s without work in %(period)s; at least %(limit)s."),
    Code.WEEKLY_REST: gettext_lazy("%(reached)s are the longest rest in %(period)s; at least %(limit)s."),
    Code.CONSECUTIVE_DAYS: gettext_lazy("%(reached)s of work in a row; at most %(limit)s."),
    Code.SUBSTITUTE_DAY: gettext_lazy("No other day is free within %(period)s for a Sunday or holiday that is worked."),
    Code.AVERAGE_WEEK: gettext_lazy("%(reached)s a week on the average of %(period)s; at most %(limit)s."),
    Code.AVERAGE_WORKDAY: gettext_lazy("%(reached)s a working day on the average of %(period)s; at most %(limit)s."),
    Code.NIGHT_AVERAGE_WORKDAY: gettext_lazy(
        "%(reached)s a working day of a night worker on the average of %(period)s; at most %(limit)s."
    ),
    Code.NIGHT_AVERAGE_DAY: gettext_lazy(
        "%(reached)s a day of a night worker on the average of %(period)s; at most %(limit)s."
    ),
    Code.OVERTIME_MONTH: gettext_lazy("%(reached)s of overtime in %(period)s; at most %(limit)s."),
    Code.OVERTIME_YEAR: gettext_lazy("%(reached)s of overtime in %(period)s; at most %(limit)s."),
    Code.MONTHS_OVER: gettext_lazy("%(reached)s of the year with much overtime; at most %(limit)s."),
    Code.TOTAL_MONTH_BELOW: gettext_lazy("%(reached)s of overtime and rest-day work in %(period)s; at most %(limit)s."),
    Code.TOTAL_AVERAGE: gettext_lazy(
        "%(reached)s of overtime and rest-day work a month on the average of %(period)s; at most %(limit)s."
    ),
    Code.FREE_SUNDAYS: gettext_lazy("%(reached)s of the Sundays of the year are free; at least %(limit)s."),
}
SEVERITIES: Mapping[Severity, Any] = {
    Severity.BREACH: gettext_lazy("Against the law"),
    Severity.SOON: gettext_lazy("Would be against the law"),
}
_HOUSE = "Default of this product; no law sets it"
_VALUES: Mapping[str, Any] = {
    "comprehensive": gettext_lazy("comprehensive hours"),
    "irregular": gettext_lazy("irregular hours"),
    "week": gettext_lazy("week"),
    "month": gettext_lazy("month"),
    "quarter": gettext_lazy("quarter"),
    "year": gettext_lazy("year"),
    "workday": gettext_lazy("overtime on working days"),
    "rest_day": gettext_lazy("work on rest days"),
    "holiday": gettext_lazy("work on public holidays"),
    "forbidden": gettext_lazy("forbidden"),
    "unlimited": gettext_lazy("no limit"),
}


def name_of(parameter: str) -> str:
    """Return what a number is called; one that nobody named keeps its own name."""
    return str(NAMES.get(parameter.partition("_if_")[0], parameter))


def condition_of(parameter: str) -> str:
    """Return the agreement or circumstance that a number is for, "" if it is for everybody."""
    agreement = parameter.partition("_if_")[2]
    return str(AGREEMENTS.get(agreement, agreement))


def value_of(value: Any, unit: str) -> list[str]:
    """Return a value with its unit, a line for each of its parts."""
    if isinstance(value, str) and value in _VALUES:
        return [str(_VALUES[value])]
    match unit:
        case "hour and percent":
            return [_percent(step) for step in value]
        case "hour and minute":
            return [
                _("beyond %(hours)s: %(minutes)s") % {"hours": hours(step["over"]), "minutes": minutes(step["minutes"])}
                for step in value
            ]
        case "month and day":
            return [
                _("after %(time)s: %(days)s") % {"time": _time(s["after"]), "days": _days(s["days"])} for s in value
            ]
        case "regime" | "period" | "class":
            return [str(_VALUES[one]) for one in value]
        case "SGD a month":
            return [_("%(n)s SGD a month") % {"n": f"{value:,}"}]
        case "USD a week":
            return [_("%(n)s USD a week") % {"n": f"{value:,}"}]
        case "USD a year":
            return [_("%(n)s USD a year") % {"n": f"{value:,}"}]
        case "percent":
            return [f"{value} %"]
        case "hour":
            return [hours(value)]
        case "minute":
            return [minutes(value)]
        case "day":
            return [_days(value)]
        case "week":
            return [_weeks(value)]
        case "month":
            return [_months(value)]
        case _:
            return [str(value)]


def _percent(step: Mapping[str, Any]) -> str:
    if not step["over"]:
        return f"{step['percent']} %"
    return _("beyond %(hours)s: %(percent)s %%") % {"hours": hours(step["over"]), "percent": step["percent"]}


def _counted(n: float) -> int:
    """Return which form of a word goes with a number: of a fraction that of many."""
    return int(n) if n == int(n) else 2


def hours(n: float) -> str:
    """Return so many hours."""
    return ngettext("%(n)s hour", "%(n)s hours", _counted(n)) % {"n": n}


def minutes(n: float) -> str:
    """Return so many minutes."""
    return ngettext("%(n)s minute", "%(n)s minutes", _counted(n)) % {"n": n}


def _days(n: float) -> str:
    return ngettext("%(n)s day", "%(n)s days", _counted(n)) % {"n": n}


def _weeks(n: float) -> str:
    return ngettext("%(n)s week", "%(n)s weeks", _counted(n)) % {"n": n}


def _months(n: float) -> str:
    return ngettext("%(n)s month", "%(n)s months", _counted(n)) % {"n": n}


def _years(n: float) -> str:
    return ngettext("%(n)s year", "%(n)s years", _counted(n)) % {"n": n}


def _time(months: int) -> str:
    return _months(months) if months % 12 else _years(months // 12)


def say(finding: Finding) -> str:
    """Return a finding as a sentence."""
    return str(FINDINGS[finding.code]) % {
        "reached": _amount(finding.reached, finding.unit),
        "limit": _amount(finding.limit, finding.unit),
        "period": _period(finding.period, finding.length),
    }


def is_of_house(source: str) -> bool:
    """Tell whether a number is a rule of the house (`parameters/presets/`) and not of the law."""
    return source == _HOUSE


def source_of(source: str) -> tuple[str, str]:
    """Return where a number comes from, in words, and the address of that if there is one."""
    text, comma, url = source.rpartition(", http")
    return (_(text), f"http{url}") if comma else (_(source), "")


def _amount(n: int, unit: Unit) -> str:
    if unit == Unit.DAY:
        return _days(n)
    if unit == Unit.MONTH:
        return _months(n)
    whole, rest = divmod(n, 60)
    if not rest:
        return hours(whole)
    return _("%(hours)s h %(minutes)s min") % {"hours": whole, "minutes": rest} if whole else minutes(rest)


def _period(period: Period, length: int) -> str:
    count = {Period.DAY: _days, Period.WEEK: _weeks, Period.MONTH: _months, Period.YEAR: _years}
    if period == Period.QUARTER:
        return _months(3 * length)
    return count[period](length)
