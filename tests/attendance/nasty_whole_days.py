"""The rest of the nasty set: core time, free and irregular hours, days off and holidays, worked out by hand."""

from tests.attendance.nasty import CASES, HOUR, core_day, day, flexible_day, free_day, office, plan, rest_day, shifted
from zhiren.rostering.plans import Kind

__all__ = ["CASES"]

# Core: eight hours between 7 and 20, there from 10 to 15, an hour's break at noon

EIGHT = {"planned": 480, "worked": 480}
day("eight hours around the core", core_day(), "08:00 17:00", first="08:00", last="17:00", **EIGHT)
day(
    "late for the core, though the hours are made up",
    core_day(), "10:20 19:20", late=20, flags="late", first="10:20", last="19:20", **EIGHT,
)  # fmt: skip
day(
    "late for the core, and short of hours",
    core_day(), "10:20 17:20", planned=480, worked=360, late=20, short=100, flags="late, short",
    first="10:20", last="17:20",
)  # fmt: skip
day(
    "what is forgiven of the core is present",
    core_day(grace_in=1800), "10:20 17:20", planned=480, worked=380, short=100, flags="short",
    first="10:20", last="17:20",
)  # fmt: skip
day(
    "what is forgiven is not more than is due",
    core_day(grace_in=1800), "10:20 19:20", first="10:20", last="19:20", **EIGHT,
)  # fmt: skip
day(
    "what is forgiven fills only what is still due",
    core_day(grace_in=1800), "10:20 19:10", first="10:20", last="19:10", **EIGHT,
)  # fmt: skip
day(
    "early out of the core",
    core_day(), "08:00 14:00", planned=480, worked=300, early=60, short=120, flags="early, short",
    first="08:00", last="14:00",
)  # fmt: skip
day(
    "late for the core beyond the last limit is absence, and less is short",
    core_day(late_absent_after=3600), "11:30 20:00", planned=480, worked=450, absent=90, flags="late as absence",
    first="11:30", last="20:00",
)  # fmt: skip
day(
    "what is beyond the target is overtime, the last of it",
    core_day(ot_mode=1), "07:00 20:00", overtime_workday=240, flags="overtime", first="07:00", last="20:00", **EIGHT,
)  # fmt: skip
day(
    "the last of it, so what was approved earlier does not count",
    core_day(ot_mode=2), "07:00 20:00", overtimes="12:30-17:00 19:00-21:00", overtime_workday=120, flags="overtime",
    first="07:00", last="20:00", **EIGHT,
)  # fmt: skip
day(
    "time outside the band is no time",
    core_day(ot_mode=1), "06:30 16:00", first="06:30", last="16:00", **EIGHT,
)  # fmt: skip
day(
    "as approved of a core plan is what did not count as presence",
    core_day(ot_mode=3), "08:00 18:00", overtimes="16:00-20:30", overtime_workday=210, flags="overtime",
    first="08:00", last="18:00", **EIGHT,
)  # fmt: skip
day("nothing punched of a core plan", core_day(), planned=480, absent=480, flags="absent")
day(
    "leave for the whole band is not longer than what is due",
    core_day(), absences="paid 00:00-24:00", planned=480, paid_leave=480, flags="leave",
)  # fmt: skip
day(
    "leave in the core is not late",
    core_day(), "13:00 18:00", absences="paid 10:00-12:00", planned=480, worked=300, paid_leave=120, short=60,
    flags="leave, short", first="13:00", last="18:00",
)  # fmt: skip
day(
    "leave of both kinds and a trip beyond the target: paid leave first, then unpaid, then duty",
    core_day(), absences="duty 07:00-12:00, unpaid 13:00-17:00, paid 17:00-20:00", planned=480, worked=60,
    paid_leave=180, unpaid_leave=240, duty=60, flags="leave, duty",
)  # fmt: skip
day(
    "a gap at the gate of a core plan is away, and short if not made up",
    core_day(gate=True), "08:00 10:30 11:00 17:00", planned=480, worked=450, away=30, short=30, flags="away, short",
    first="08:00", last="17:00",
)  # fmt: skip
day(
    "a gap at the gate that is made up is away and not short",
    core_day(gate=True), "08:00 10:30 11:00 17:30", away=30, flags="away", first="08:00", last="17:30", **EIGHT,
)  # fmt: skip
day(
    "a lone in of a core plan is trusted until the end of the core",
    core_day(missing_trusted=True), "09:00", planned=480, worked=300, short=180, flags="missing out, short",
    first="09:00",
)  # fmt: skip
day(
    "a lone out on the core's midpoint is trusted from the start of the core",
    core_day(missing_trusted=True), "12:30", planned=480, worked=120, early=120, short=240,
    flags="early, missing in, short", last="12:30",
)  # fmt: skip
day(
    "a lone punch of a core plan is not trusted else",
    core_day(),
    "09:00",
    planned=480,
    absent=480,
    flags="missing out",
    first="09:00",
)

# Free: eight hours, whenever

day("free hours", free_day(), "06:00 14:00", first="06:00", last="14:00", **EIGHT)
day(
    "free hours over the target are overtime",
    free_day(ot_mode=1), "08:00 18:00", overtime_workday=120, flags="overtime", first="08:00", last="18:00", **EIGHT,
)  # fmt: skip
day(
    "free hours, out for lunch by the alternating pairing",
    free_day(pairing=1), "08:00 12:00 13:00 16:00", planned=480, worked=420, short=60, flags="short",
    first="08:00", last="16:00",
)  # fmt: skip
day(
    "an odd last punch has no out",
    free_day(pairing=1), "08:00 12:00 13:00", planned=480, worked=240, short=240, flags="missing out, short",
    first="08:00", last="12:00",
)  # fmt: skip
day(
    "an odd last punch is not trusted where others were",
    free_day(pairing=1, missing_trusted=True), "08:00 12:00 13:00", planned=480, worked=240, short=240,
    flags="missing out, short", first="08:00", last="12:00",
)  # fmt: skip
day(
    "between first and last everything is presence by the other pairing",
    free_day(), "08:00 12:00 13:00", planned=480, worked=300, short=180, flags="short", first="08:00", last="13:00",
)  # fmt: skip
day(
    "a lone punch of a free day", free_day(), "10:00", planned=480, short=480, flags="missing out, short", first="10:00"
)
day(
    "a lone punch of a free day that is trusted is all that is due, but no night work",
    free_day(missing_trusted=True, night="y22:00-06:00 22:00-30:00"), "23:00", flags="missing out",
    first="23:00", **EIGHT,
)  # fmt: skip
day("no punch on a free day", free_day(missing_trusted=True), planned=480, absent=480, flags="absent")
day("nothing due and no punch", free_day(target=0))
day(
    "half a free day on leave",
    free_day(), "09:00 13:00", absences="paid 13:00-17:00", planned=480, worked=240, paid_leave=240, flags="leave",
    first="09:00", last="13:00",
)  # fmt: skip
day("a free day on leave", free_day(), absences="paid 00:00-24:00", planned=480, paid_leave=480, flags="leave")
day(
    "paid leave first, then unpaid, then duty, until nothing is due",
    free_day(), absences="duty 00:00-06:00, unpaid 06:00-12:00, paid 12:00-18:00", planned=480, paid_leave=360,
    unpaid_leave=120, flags="leave",
)  # fmt: skip
day(
    "a day that starts at four owns the night after it",
    free_day(day_start=4 * HOUR), "03:59:59 04:00 12:00 27:59:59 28:00", seen=3, first="04:00",
    last="27:59:59", **EIGHT,
)  # fmt: skip
day(
    "a break is taken off a presence of at least so long, off its end",
    free_day(auto_break_after=6 * HOUR, auto_break=HOUR), "08:00 14:00", planned=480, worked=300, short=180,
    flags="short", first="08:00", last="14:00",
)  # fmt: skip
day(
    "a second less keeps its break",
    free_day(auto_break_after=6 * HOUR, auto_break=HOUR), "08:00 13:59:59", planned=480, worked=359, short=120,
    flags="short", first="08:00", last="13:59:59",
)  # fmt: skip
day(
    "leave is taken out before the break is",
    free_day(auto_break_after=6 * HOUR, auto_break=HOUR), "08:00 17:00", absences="unpaid 09:00-13:00", planned=480,
    worked=240, unpaid_leave=240, flags="leave", first="08:00", last="17:00",
)  # fmt: skip
day(
    "as approved of free hours may lie on the presence, whose night counts once",
    free_day(ot_mode=3, day_start=4 * HOUR, night="y22:00-06:00 22:00-30:00"), "20:00 27:00", overtimes="23:00-26:00",
    planned=480, worked=420, short=60, overtime_workday=180, night=300, flags="overtime, short",
    first="20:00", last="27:00",
)  # fmt: skip

# Irregular

day("irregular hours", plan(Kind.IRREGULAR), "10:00 15:00", worked=300, first="10:00", last="15:00")
day("a lone punch of irregular hours", plan(Kind.IRREGULAR, missing_trusted=True), "10:00", first="10:00")
day("no punch of irregular hours", plan(Kind.IRREGULAR))
day(
    "irregular hours know no overtime",
    plan(Kind.IRREGULAR, ot_mode=3, classes=(1, 0)), "06:00 22:00", overtimes="06:00-22:00", worked=960, flags="rest",
    first="06:00", last="22:00",
)  # fmt: skip
day(
    "irregular hours on a holiday are overtime where the policy says so, whatever the rest of it says",
    plan(Kind.IRREGULAR, classes=(2, 0), holiday_is_overtime=True, ot_min=6 * HOUR, ot_round=7200, ot_by_calendar=True),
    "10:00 15:00", overtime_holiday=300, flags="overtime, holiday", first="10:00", last="15:00",
)  # fmt: skip
day(
    "and else they are work",
    plan(Kind.IRREGULAR, classes=(2, 0)), "10:00 15:00", worked=300, flags="holiday", first="10:00", last="15:00",
)  # fmt: skip
day(
    "leave is taken out of irregular hours and counts for nothing else",
    plan(Kind.IRREGULAR), "10:00 15:00", absences="paid 12:00-13:00", worked=240, first="10:00", last="15:00",
)  # fmt: skip
day(
    "an odd punch of irregular hours is not missed",
    plan(Kind.IRREGULAR, pairing=1), "10:00 12:00 13:00", worked=120, first="10:00", last="12:00",
)  # fmt: skip
day(
    "irregular hours on a holiday that are overtime are night work, too",
    plan(Kind.IRREGULAR, classes=(2, 0), holiday_is_overtime=True, night="y22:00-06:00 22:00-30:00"), "18:00 23:30",
    overtime_holiday=330, night=90, flags="overtime, holiday", first="18:00", last="23:30",
)  # fmt: skip

# Days off

day(
    "work on a rest day",
    rest_day(ot_mode=1), "10:00 14:00", overtime_rest=240, flags="overtime, rest", first="10:00", last="14:00",
)  # fmt: skip
day("nobody asked for it", rest_day(), "10:00 14:00", flags="unplanned, rest", first="10:00", last="14:00")
day(
    "extra work on a rest day is work",
    rest_day(ot_mode=4), "10:00 14:00", worked=240, extra=240, flags="rest", first="10:00", last="14:00",
)  # fmt: skip
day(
    "a lone punch on a rest day",
    rest_day(ot_mode=1, missing_trusted=True), "10:00", flags="missing out, unplanned, rest", first="10:00",
)  # fmt: skip
day("a rest day", rest_day(), flags="rest")
day("leave on a rest day counts nothing", rest_day(), absences="paid 00:00-24:00", flags="rest")
day(
    "leave on a rest day is taken out of the presence",
    rest_day(ot_mode=1), "10:00 14:00", absences="paid 12:00-24:00", overtime_rest=120, flags="overtime, rest",
    first="10:00", last="14:00",
)  # fmt: skip
day(
    "overtime under the minimum leaves the rest day unplanned",
    rest_day(ot_mode=1, ot_min=1800), "10:00 10:20", flags="unplanned, rest", first="10:00", last="10:20",
)  # fmt: skip
day(
    "approved work on a rest day that nobody did is counted as approved, without a punch",
    rest_day(ot_mode=3), overtimes="10:00-12:00", overtime_rest=120, flags="overtime, rest",
)  # fmt: skip
day(
    "approved and punched on a rest day",
    rest_day(ot_mode=2), "10:00 14:00", overtimes="13:00-18:00", overtime_rest=60, flags="overtime, rest",
    first="10:00", last="14:00",
)  # fmt: skip
day(
    "pairs on a rest day",
    rest_day(ot_mode=1, pairing=1), "10:00 12:00 13:00 15:00 20:00", overtime_rest=240,
    flags="missing out, overtime, rest", first="10:00", last="15:00",
)  # fmt: skip
day(
    "the night shift before keeps its punches",
    rest_day(ot_mode=1), "06:05 11:59:59 12:00 14:00", before=plan(Kind.FIXED, "y22:00-06:00", breaks="", day=-1),
    seen=2, overtime_rest=120, flags="overtime, rest", first="12:00", last="14:00",
)  # fmt: skip
day(
    "the early shift after it has its own",
    rest_day(ot_mode=1), "19:00 20:59:59 21:00", following=plan(Kind.FIXED, "25:00-33:00", breaks="", day=1),
    seen=2, overtime_rest=119, flags="overtime, rest", first="19:00", last="20:59:59",
)  # fmt: skip
day(
    "shifts before and after leave nothing of the day",
    rest_day(ot_mode=1), "10:00 14:00", before=plan(Kind.FIXED, "y10:00-06:00", breaks="", day=-1, after=16 * HOUR),
    following=plan(Kind.FIXED, "25:00-33:00", breaks="", day=1), seen=0, flags="rest",
)  # fmt: skip
day(
    "a rest day lasts until the free day after it begins",
    rest_day(ot_mode=1), "25:00 27:00 28:00", following=shifted(free_day(day_start=4 * HOUR), 1), seen=2,
    overtime_rest=120, flags="overtime, rest", first="25:00", last="27:00",
)  # fmt: skip
day(
    "a free day ends where the rest day after it begins",
    free_day(day_start=4 * HOUR), "16:00 23:59:59 24:00", following=shifted(rest_day(), 1), seen=2, planned=480,
    worked=479, flags="short", first="16:00", last="23:59:59",
)  # fmt: skip
day(
    "a free day after a rest day begins with itself",
    free_day(day_start=4 * HOUR), "02:00 05:00 13:00", before=shifted(rest_day(), -1), seen=2, first="05:00",
    last="13:00", **EIGHT,
)  # fmt: skip
day(
    "a free day gives up what belongs to the night shift before",
    free_day(), "05:00 09:00 17:00", before=plan(Kind.FIXED, "y22:00-06:00", breaks="", day=-1, after=2 * HOUR),
    seen=2, first="09:00", last="17:00", **EIGHT,
)  # fmt: skip
day(
    "by the calendar a rest day's work after midnight has the next class",
    rest_day(ot_mode=3, ot_by_calendar=True), "10:00 14:00", following=shifted(free_day(day_start=4 * HOUR), 1),
    overtimes="22:00-26:00", overtime_rest=120, overtime_workday=120, flags="overtime, rest",
    first="10:00", last="14:00",
)  # fmt: skip

# Holidays

HOLIDAY = {"classes": (2, 0)}
day(
    "work on a holiday off",
    rest_day(ot_mode=1, **HOLIDAY), "10:00 14:00", overtime_holiday=240, flags="overtime, holiday",
    first="10:00", last="14:00",
)  # fmt: skip
day(
    "planned work on a holiday is overtime as well",
    office(holiday_is_overtime=True, **HOLIDAY), "09:00 18:00", overtime_holiday=480, flags="overtime, holiday",
    first="09:00", last="18:00", **EIGHT,
)  # fmt: skip
day(
    "planned work on a holiday is only work else",
    office(**HOLIDAY), "09:00 18:00", flags="holiday", first="09:00", last="18:00", **EIGHT,
)  # fmt: skip
day(
    "minimum and rounding are for what was beyond the plan",
    office(holiday_is_overtime=True, ot_mode=1, ot_min=7200, ot_round=3600, **HOLIDAY), "09:10 19:30", planned=480,
    worked=470, late=10, overtime_holiday=470, flags="late, overtime, holiday", first="09:10", last="19:30",
)  # fmt: skip
day(
    "both are added after rounding",
    office(holiday_is_overtime=True, ot_mode=1, ot_round=3600, **HOLIDAY), "09:10 19:30", planned=480,
    worked=470, late=10, overtime_holiday=530, flags="late, overtime, holiday", first="09:10", last="19:30",
)  # fmt: skip
day(
    "forgiven time and a trip on a holiday are overtime as they are work",
    office(holiday_is_overtime=True, grace_in=600, **HOLIDAY), "09:10 15:00", absences="duty 15:00-18:00", duty=180,
    overtime_holiday=480, flags="duty, overtime, holiday", first="09:10", last="15:00", **EIGHT,
)  # fmt: skip
day(
    "a holiday on which nobody came is an absence without overtime",
    office(holiday_is_overtime=True, **HOLIDAY), planned=480, absent=480, flags="absent, holiday",
)  # fmt: skip
day(
    "free hours on a holiday",
    free_day(holiday_is_overtime=True, ot_mode=1, **HOLIDAY), "08:00 18:00", overtime_holiday=600,
    flags="overtime, holiday", first="08:00", last="18:00", **EIGHT,
)  # fmt: skip
day(
    "a core plan on a holiday",
    core_day(holiday_is_overtime=True, **HOLIDAY), "08:00 17:00", overtime_holiday=480, flags="overtime, holiday",
    first="08:00", last="17:00", **EIGHT,
)  # fmt: skip
day(
    "flexible hours on a holiday, into the next day by the calendar",
    flexible_day(holiday_is_overtime=True, ot_mode=1, ot_by_calendar=True, **HOLIDAY), "09:30 24:30",
    overtime_holiday=810, overtime_workday=30, flags="overtime, holiday", first="09:30", last="24:30", **EIGHT,
)  # fmt: skip
day(
    "a rest day's work into a holiday by the calendar",
    rest_day(ot_mode=1, ot_by_calendar=True, classes=(1, 2)), "22:00 25:00",
    following=shifted(free_day(day_start=4 * HOUR), 1), overtime_rest=120, overtime_holiday=60, flags="overtime, rest",
    first="22:00", last="25:00",
)  # fmt: skip
