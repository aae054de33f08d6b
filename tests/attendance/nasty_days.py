"""The cases of the nasty set, section by section. Every number here was worked out by hand from the text."""

from tests.attendance.nasty import (
    CASES,
    HOUR,
    day,
    flexible_day,
    office,
    plan,
)
from zhiren.rostering.plans import Kind

__all__ = ["CASES"]

FULL = {"planned": 480, "worked": 480, "first": "09:00", "last": "18:00"}
LATE = {"planned": 480, "last": "18:00"}
EARLY = {"planned": 480, "first": "09:00"}
NIGHT = {"breaks": "", "night": "y22:00-06:00 22:00-30:00"}

# Windows and duplicates

day("a plain day", office(), "09:00 18:00", **FULL)
day(
    "a punch at an edge belongs to the window that begins there",
    office(), "04:59:59 05:00 23:59:59 24:00", seen=2, planned=480, worked=480, first="05:00", last="23:59:59",
)  # fmt: skip
day(
    "a punch closer than the limit to the last kept one is a duplicate, one of a chain of near ones is not",
    office(dup=120), "09:00 09:01:59 09:03:58 18:00", kept=3, flags="duplicates", **FULL,
)  # fmt: skip
day("a punch at exactly the limit is kept", office(dup=120), "09:00 09:02 18:00", **FULL)
day(
    "a chain of near punches leaves every second one",
    office(dup=120), "09:00 09:01:59 09:03:58 09:05:57 09:07:56 18:00 18:01:59", kept=4, flags="duplicates", **FULL,
)  # fmt: skip
day(
    "two near punches are one punch, so the out is missing",
    office(dup=120), "09:00 09:01:59", kept=1, planned=480, absent=480, flags="missing out, duplicates", first="09:00",
)  # fmt: skip
day(
    "equal instants are two punches without a limit",
    office(), "09:00 09:00", planned=480, early=480, flags="early", first="09:00", last="09:00",
)  # fmt: skip
day(
    "equal instants are duplicates with the smallest limit",
    office(dup=1), "09:00 09:00 18:00 18:00", kept=2, flags="duplicates", **FULL,
)  # fmt: skip
day(
    "seconds are dropped before duplicates are looked for",
    office(dup=60, drop_seconds=True), "09:00:59 09:01 18:00:30", **FULL,
)  # fmt: skip
day(
    "a second between two minutes is a duplicate where seconds are not dropped",
    office(dup=60), "09:00:59 09:01 18:00:30", kept=2, planned=480, worked=479, flags="late, duplicates",
    first="09:00:59", last="18:00:30",
)  # fmt: skip
day(
    "a punch whose seconds are dropped still belongs where it was made",
    office(before=30, drop_seconds=True), "08:59:29 08:59:45 18:00", seen=2, planned=480, worked=480,
    first="08:59", last="18:00",
)  # fmt: skip
day(
    "two windows that overlap are cut half-way between the end and the start",
    plan(Kind.FIXED, "06:00-14:00", breaks=""), "01:59:59 02:00 14:00",
    before=plan(Kind.FIXED, "y14:00-y22:00", day=-1), seen=2, planned=480, worked=480, first="02:00", last="14:00",
)  # fmt: skip
day(
    "two windows that only touch are not cut",
    plan(Kind.FIXED, "06:00-14:00", breaks="", before=2 * HOUR), "03:59:59 04:00 14:00",
    before=plan(Kind.FIXED, "y14:00-y22:00", day=-1), seen=2, planned=480, worked=480, first="04:00", last="14:00",
)  # fmt: skip
day(
    "the cut half-way is rounded down to a second",
    plan(Kind.FIXED, "06:00:01-14:00:01", breaks=""), "01:59:59 02:00 14:00:01",
    before=plan(Kind.FIXED, "y14:00-y22:00", day=-1), seen=2, planned=480, worked=480, first="02:00", last="14:00:01",
)  # fmt: skip
day(
    "a date without a plan in between cuts nothing",
    plan(Kind.FIXED, "06:00-14:00", breaks=""), "02:00 14:00", planned=480, worked=480, first="02:00", last="14:00",
)  # fmt: skip
day(
    "no punch of the window, though many around it, is an absence",
    office(before=0, after=0), "08:59:59 18:00", seen=0, planned=480, absent=480, flags="absent",
)  # fmt: skip

# Grace and grades

day("late by exactly the grace is forgiven", office(grace_in=300), "09:05 18:00", worked=480, first="09:05", **LATE)
day(
    "late by a second more is late from the start",
    office(grace_in=300), "09:05:01 18:00", worked=474, late=5, flags="late", first="09:05:01", **LATE,
)  # fmt: skip
day(
    "late is counted from the grace where the policy says so",
    office(grace_in=300, late_from_grace=True), "09:06 18:00", worked=479, late=1, flags="late", first="09:06", **LATE,
)  # fmt: skip
day(
    "a second late is late, for no minute",
    office(), "09:00:01 18:00", worked=479, flags="late", first="09:00:01", **LATE,
)  # fmt: skip
day(
    "exactly the serious limit is late",
    office(grace_in=300, serious_after=1800), "09:30 18:00", worked=450, late=30, flags="late", first="09:30", **LATE,
)  # fmt: skip
day(
    "a second over the serious limit is seriously late",
    office(grace_in=300, serious_after=1800), "09:30:01 18:00", worked=449, late=30, flags="seriously late",
    first="09:30:01", **LATE,
)  # fmt: skip
day(
    "grades compare what is left after grace",
    office(grace_in=300, late_from_grace=True, serious_after=1800), "09:35 18:00", worked=450, late=30, flags="late",
    first="09:35", **LATE,
)  # fmt: skip
day(
    "a second over the last limit is absence, not lateness",
    office(serious_after=1800, late_absent_after=3600), "10:00:01 18:00", worked=419, absent=60,
    flags="late as absence", first="10:00:01", **LATE,
)  # fmt: skip
day(
    "exactly the last limit is still seriously late",
    office(serious_after=1800, late_absent_after=3600), "10:00 18:00", worked=420, late=60, flags="seriously late",
    first="10:00", **LATE,
)  # fmt: skip
day(
    "the break does not count as late",
    office(serious_after=181 * 60), "12:30 18:00", worked=300, late=180, flags="late", first="12:30", **LATE,
)  # fmt: skip
day("early by exactly the grace is forgiven", office(grace_out=600), "09:00 17:50", worked=480, last="17:50", **EARLY)
day(
    "early by a second more is early from the start",
    office(grace_out=600), "09:00 17:49:59", worked=469, early=10, flags="early", last="17:49:59", **EARLY,
)  # fmt: skip
day(
    "grace to the start gives nothing at the end",
    office(grace_out=600, late_from_grace=True, grace_in=600), "09:00 17:40", worked=460, early=20, flags="early",
    last="17:40", **EARLY,
)  # fmt: skip
day(
    "a second over the limit of early is absence",
    office(early_absent_after=7200), "09:00 15:59:59", worked=359, absent=120, flags="early as absence",
    last="15:59:59", **EARLY,
)  # fmt: skip
day(
    "exactly the limit of early is early",
    office(early_absent_after=7200), "09:00 16:00", worked=360, early=120, flags="early", last="16:00", **EARLY,
)  # fmt: skip
day(
    "late and early on one day are two things",
    office(grace_in=60), "09:10 17:00", planned=480, worked=410, late=10, early=60, flags="late, early",
    first="09:10", last="17:00",
)  # fmt: skip
day(
    "seconds of both are added before they are floored",
    office(), "09:00:30 17:59:30", planned=480, worked=479, flags="late, early", first="09:00:30", last="17:59:30",
)  # fmt: skip

# In and out

day(
    "a lone punch before the midpoint is an in",
    office(), "13:29:59", planned=480, absent=480, flags="missing out", first="13:29:59",
)  # fmt: skip
day(
    "a lone punch on the midpoint is an out",
    office(),
    "13:30",
    planned=480,
    absent=480,
    flags="missing in",
    last="13:30",
)
day(
    "a missing out is trusted where the policy says so, and stays missing",
    office(missing_trusted=True), "09:10", planned=480, worked=470, late=10, flags="late, missing out", first="09:10",
)  # fmt: skip
day(
    "a missing in is trusted, too",
    office(missing_trusted=True), "17:00", planned=480, worked=420, early=60, flags="early, missing in", last="17:00",
)  # fmt: skip
day(
    "nothing punched is not trusted",
    office(missing_trusted=True), planned=480, absent=480, flags="absent",
)  # fmt: skip
day(
    "an out that is not needed is assumed",
    office(needs=[(True, False)]), "09:10", planned=480, worked=470, late=10, flags="late", first="09:10",
)  # fmt: skip
day(
    "an in that is not needed is assumed when the out was punched",
    office(needs=[(False, True)]), "18:00", planned=480, worked=480, last="18:00",
)  # fmt: skip
day(
    "a lone in does not do for the out that is needed",
    office(needs=[(False, True)]), "13:00", planned=480, absent=480, flags="missing out", first="13:00",
)  # fmt: skip
day(
    "one needed and nothing punched is an absence",
    office(needs=[(False, True)]),
    planned=480,
    absent=480,
    flags="absent",
)
day("neither needed and nothing punched is presence", office(needs=[(False, False)]), planned=480, worked=480)
day(
    "neither needed, but an out that was punched counts",
    office(needs=[(False, False)]), "14:00", planned=480, worked=240, early=240, flags="early", last="14:00",
)  # fmt: skip
day("nothing punched is an absence", office(), planned=480, absent=480, flags="absent")
day(
    "both punches before the start are all early",
    office(), "07:00 08:00", planned=480, early=480, flags="early", first="07:00", last="08:00",
)  # fmt: skip
day(
    "punches between the first and the last are ignored without a gate",
    office(), "09:00 10:00 11:00 18:00", **FULL,
)  # fmt: skip

# Leave and duty

day("a day of leave is no absence", office(), absences="paid 00:00-24:00", planned=480, paid_leave=480, flags="leave")
day(
    "leave over several days counts what is planned of this one",
    office(), absences="unpaid y00:00-48:00", planned=480, unpaid_leave=480, flags="leave",
)  # fmt: skip
day(
    "a punch on a day of leave is an in, and nothing is missing",
    office(), "10:00", absences="paid 00:00-24:00", planned=480, paid_leave=480, flags="leave", first="10:00",
)  # fmt: skip
day(
    "leave that ends where the break begins makes the afternoon the day",
    office(), "13:00 18:00", absences="paid 09:00-12:00", planned=480, worked=300, paid_leave=180, flags="leave",
    first="13:00", last="18:00",
)  # fmt: skip
day(
    "after leave in the morning the midpoint is that of the afternoon",
    office(), "15:30", absences="paid 09:00-12:00", planned=480, absent=300, paid_leave=180, flags="leave, missing in",
    last="15:30",
)  # fmt: skip
day(
    "a second before that midpoint it is an in",
    office(), "15:29:59", absences="paid 09:00-12:00", planned=480, absent=300, paid_leave=180,
    flags="leave, missing out", first="15:29:59",
)  # fmt: skip
day(
    "the break within leave is no leave",
    office(), "09:00 18:00", absences="paid 11:00-14:00", planned=480, worked=360, paid_leave=120, flags="leave",
    first="09:00", last="18:00",
)  # fmt: skip
day(
    "leave of an hour in the morning, and late after it",
    office(), "10:20 18:00", absences="unpaid 09:00-10:00", planned=480, worked=400, late=20, unpaid_leave=60,
    flags="late, leave", first="10:20", last="18:00",
)  # fmt: skip
day(
    "leave in the morning, a trip in the afternoon, an hour and a half more in between",
    office(), "10:30 14:00", absences="unpaid 09:00-10:30, duty 14:00-18:00", planned=480, worked=390,
    unpaid_leave=90, duty=240, flags="leave, duty", first="10:30", last="14:00",
)  # fmt: skip
day(
    "a whole day on duty is worked without a punch",
    office(), absences="duty 08:00-20:00", planned=480, worked=480, duty=480, flags="duty",
)  # fmt: skip
day(
    "leave only in the break is none",
    office(), "09:00 18:00", absences="paid 12:00-13:00", **FULL,
)  # fmt: skip
day(
    "leave while absent stays leave",
    office(), absences="paid 13:00-15:00", planned=480, absent=360, paid_leave=120, flags="leave, absent",
)  # fmt: skip
day(
    "seconds of two kinds of leave are floored each",
    office(), "09:01:00 18:00", absences="paid 09:00:00-09:00:30, unpaid 09:00:30-09:01:00", planned=480, worked=479,
    flags="leave", first="09:01", last="18:00",
)  # fmt: skip

# Gate

day("a gap of exactly what is free is none", office(gate=True, gate_free=900), "09:00 10:00 10:15 18:00", **FULL)
day(
    "a second more is away",
    office(gate=True, gate_free=900), "09:00 10:00 10:15:01 18:00", planned=480, worked=464, away=15, flags="away",
    first="09:00", last="18:00",
)  # fmt: skip
day(
    "the break in a gap is not away",
    office(gate=True), "09:00 11:30 13:30 18:00", planned=480, worked=420, away=60, flags="away",
    first="09:00", last="18:00",
)  # fmt: skip
day(
    "an unpaired punch between is ignored",
    office(gate=True), "09:00 10:00 11:00 14:00 18:00", planned=480, worked=420, away=60, flags="away",
    first="09:00", last="18:00",
)  # fmt: skip
day("three punches have no gap", office(gate=True), "09:00 10:00 18:00", **FULL)
day(
    "two gaps are judged one by one",
    office(gate=True, gate_free=1800), "09:00 10:00 10:30 14:00 14:31 18:00", planned=480, worked=449, away=31,
    flags="away", first="09:00", last="18:00",
)  # fmt: skip
day(
    "leave in a gap is not away, and what is left of it may be free",
    office(gate=True, gate_free=900), "09:00 10:00 11:15 18:00", absences="paid 10:00-11:00", planned=480,
    worked=420, paid_leave=60, flags="leave", first="09:00", last="18:00",
)  # fmt: skip
day(
    "gaps outside the planned time are none",
    office(gate=True, ot_mode=1), "08:00 08:10 08:50 18:30 19:00 20:00", planned=480, worked=480,
    overtime_workday=120, flags="overtime", first="08:00", last="20:00",
)  # fmt: skip

# Overtime around a segment

day(
    "overtime begins after what the policy lets pass",
    office(ot_mode=1, ot_start_after=1800), "09:00 20:00", planned=480, worked=480, overtime_workday=90,
    flags="overtime", first="09:00", last="20:00",
)  # fmt: skip
day(
    "leaving exactly then is no overtime",
    office(ot_mode=1, ot_start_after=1800), "09:00 18:30", planned=480, worked=480, first="09:00", last="18:30",
)  # fmt: skip
day(
    "time before the start counts where the policy says so",
    office(ot_mode=1, ot_before=True), "07:30 18:00", planned=480, worked=480, overtime_workday=90,
    flags="overtime", first="07:30", last="18:00",
)  # fmt: skip
day("and else it does not", office(ot_mode=1), "07:30 18:00", planned=480, worked=480, first="07:30", last="18:00")
day(
    "without a mode there is no overtime",
    office(ot_before=True),
    "07:30 20:00",
    planned=480,
    worked=480,
    first="07:30",
    last="20:00",
)
day(
    "approved and punched is where both are",
    office(ot_mode=2), "09:00 20:30", overtimes="17:00-18:30 19:00-21:00", planned=480, worked=480,
    overtime_workday=120, flags="overtime", first="09:00", last="20:30",
)  # fmt: skip
day(
    "as approved is without punches, but not within the planned time",
    office(ot_mode=3), "09:00 18:00", overtimes="17:00-21:00", planned=480, worked=480, overtime_workday=180,
    flags="overtime", first="09:00", last="18:00",
)  # fmt: skip
day(
    "as approved ends with the window",
    office(ot_mode=3), "09:00 18:00", overtimes="22:00-26:00", planned=480, worked=480, overtime_workday=120,
    flags="overtime", first="09:00", last="18:00",
)  # fmt: skip
day(
    "as approved does not look at leave",
    office(ot_mode=3), absences="paid 00:00-24:00", overtimes="18:00-20:00", planned=480, paid_leave=480,
    overtime_workday=120, flags="leave, overtime",
)  # fmt: skip
day(
    "extra work is worked and no overtime, without minimum and rounding",
    office(ot_mode=4, ot_min=7200, ot_round=3600), "09:00 19:30", planned=480, worked=570, extra=90,
    first="09:00", last="19:30",
)  # fmt: skip
day(
    "a second under the minimum is no overtime",
    office(ot_mode=1, ot_min=3600), "09:00 18:59:59", planned=480, worked=480, first="09:00", last="18:59:59",
)  # fmt: skip
day(
    "exactly the minimum is",
    office(ot_mode=1, ot_min=3600), "09:00 19:00", planned=480, worked=480, overtime_workday=60, flags="overtime",
    first="09:00", last="19:00",
)  # fmt: skip
day(
    "overtime is floored to its steps",
    office(ot_mode=1, ot_round=1800), "09:00 19:29:59", planned=480, worked=480, overtime_workday=60,
    flags="overtime", first="09:00", last="19:29:59",
)  # fmt: skip
day(
    "a lone out makes overtime though the day is absent",
    office(ot_mode=1), "20:00", planned=480, absent=480, overtime_workday=120, flags="missing in, overtime",
    last="20:00",
)  # fmt: skip
day(
    "leave after the end is no overtime",
    office(ot_mode=1), "09:00 20:00", absences="paid 18:00-19:00", planned=480, worked=480, overtime_workday=60,
    flags="overtime", first="09:00", last="20:00",
)  # fmt: skip
day(
    "who came after the end worked from then",
    office(ot_mode=1), "19:00 20:00", planned=480, late=480, overtime_workday=60, flags="late, overtime",
    first="19:00", last="20:00",
)  # fmt: skip
day(
    "who left before the start worked until then",
    office(ot_mode=1, ot_before=True), "07:00 08:00", planned=480, early=480, overtime_workday=60,
    flags="early, overtime", first="07:00", last="08:00",
)  # fmt: skip
LATE_SHIFT = {"night": "y22:00-06:00 22:00-30:00", "breaks": "", "ot_mode": 1, "classes": (0, 1)}
day(
    "by the calendar overtime changes its class at midnight",
    plan(Kind.FIXED, "16:00-23:00", ot_by_calendar=True, **LATE_SHIFT), "16:00 25:30", planned=420, worked=420,
    overtime_workday=60, overtime_rest=90, night=210, flags="overtime", first="16:00", last="25:30",
)  # fmt: skip
day(
    "else it keeps the class of its work date",
    plan(Kind.FIXED, "16:00-23:00", **LATE_SHIFT), "16:00 25:30", planned=420, worked=420, overtime_workday=150,
    night=210, flags="overtime", first="16:00", last="25:30",
)  # fmt: skip
day(
    "leaving at midnight touches no other class",
    plan(Kind.FIXED, "16:00-23:00", ot_by_calendar=True, **LATE_SHIFT), "16:00 24:00", planned=420, worked=420,
    overtime_workday=60, night=120, flags="overtime", first="16:00", last="24:00",
)  # fmt: skip
day(
    "each class has the minimum for itself, and the night is counted before it",
    plan(Kind.FIXED, "16:00-23:00", ot_by_calendar=True, ot_min=3600, **LATE_SHIFT), "16:00 24:59:59", planned=420,
    worked=420, overtime_workday=60, night=179, flags="overtime", first="16:00", last="24:59:59",
)  # fmt: skip
day(
    "overtime before the date's own midnight has the date's class",
    plan(Kind.FIXED, "00:30-08:30", breaks="", classes=(1, 0), ot_mode=1, ot_before=True, ot_by_calendar=True),
    "y23:00 08:30", planned=480, worked=480, overtime_rest=90, flags="overtime, rest", first="y23:00", last="08:30",
)  # fmt: skip
day(
    "forgiven time is no night work",
    plan(Kind.FIXED, "22:00-30:00", grace_in=600, after=HOUR, **NIGHT), "22:10 30:00", planned=480, worked=480,
    night=470, first="22:10", last="30:00",
)  # fmt: skip
day(
    "an early shift has an hour of the night that began the day before",
    plan(Kind.FIXED, "05:00-13:00", breaks="", night="y22:00-06:00 22:00-30:00"), "05:00 13:00", planned=480,
    worked=480, night=60, first="05:00", last="13:00",
)  # fmt: skip

# Split shifts

SPLIT = plan(Kind.FIXED, "09:00-12:00 14:00-18:00", breaks="", after=4 * HOUR)
day("both halves", SPLIT, "09:00 12:00 14:00 18:00", planned=420, worked=420, first="09:00", last="18:00")
day(
    "the halves part at 13:00",
    SPLIT, "09:00 12:59:59 13:00 18:00", planned=420, worked=420, first="09:00", last="18:00",
)  # fmt: skip
day(
    "three parts of a day part twice",
    plan(Kind.FIXED, "08:00-10:00 11:00-13:00 15:00-17:00", breaks=""),
    "08:00 10:29:59 10:30 13:59:59 14:00 17:00", planned=360, worked=360, first="08:00", last="17:00",
)  # fmt: skip
day(
    "overtime in the pause between the halves",
    plan(Kind.FIXED, "09:00-12:00 14:00-18:00", breaks="", after=4 * HOUR, ot_mode=1, ot_before=True),
    "09:00 12:59:59 13:00 18:00", planned=420, worked=420, overtime_workday=119, flags="overtime",
    first="09:00", last="18:00",
)  # fmt: skip
day(
    "the second half missed altogether",
    SPLIT, "09:00 12:00", planned=420, worked=180, absent=240, flags="absent", first="09:00", last="12:00",
)  # fmt: skip
day(
    "two punches of one half are no punch of the other",
    SPLIT, "13:00 18:00", planned=420, worked=240, absent=180, flags="absent", first="13:00", last="18:00",
)  # fmt: skip
day(
    "in at the first half and out at the last are enough where no more is needed",
    plan(Kind.FIXED, "09:00-12:00 14:00-18:00", breaks="", after=4 * HOUR, needs=[(True, False), (False, True)]),
    "09:05 17:50", planned=420, worked=405, late=5, early=10, flags="late, early", first="09:05", last="17:50",
)  # fmt: skip
day(
    "grace is given in each half",
    plan(Kind.FIXED, "09:00-12:00 14:00-18:00", breaks="", after=4 * HOUR, grace_in=300), "09:05 12:00 14:05 18:00",
    planned=420, worked=420, first="09:05", last="18:00",
)  # fmt: skip
day(
    "each half has its own grade",
    plan(Kind.FIXED, "09:00-12:00 14:00-18:00", breaks="", after=4 * HOUR, serious_after=600),
    "09:10 12:00 14:11 18:00", planned=420, worked=399, late=21, flags="late, seriously late",
    first="09:10", last="18:00",
)  # fmt: skip
day(
    "overtime of both halves has one minimum",
    plan(Kind.FIXED, "09:00-12:00 14:00-18:00", breaks="", after=4 * HOUR, ot_mode=1, ot_min=3600),
    "09:00 12:30 14:00 18:30", planned=420, worked=420, overtime_workday=60, flags="overtime",
    first="09:00", last="18:30",
)  # fmt: skip

# Flexible

day(
    "forty minutes later, forty minutes longer",
    flexible_day(),
    "09:40 18:40",
    planned=480,
    worked=480,
    first="09:40",
    last="18:40",
)
day("at the limit of later", flexible_day(), "10:00 19:00", planned=480, worked=480, first="10:00", last="19:00")
day(
    "later than may be is late from the latest start",
    flexible_day(), "10:10 19:00", planned=480, worked=470, late=10, flags="late", first="10:10", last="19:00",
)  # fmt: skip
day("earlier, and earlier home", flexible_day(), "08:00 17:30", planned=480, worked=480, first="08:00", last="17:30")
day(
    "a second too early home",
    flexible_day(), "08:45 17:44:59", planned=480, worked=479, flags="early", first="08:45", last="17:44:59",
)  # fmt: skip
day(
    "overtime begins after the shifted end",
    flexible_day(ot_mode=1), "09:40 19:40", planned=480, worked=480, overtime_workday=60, flags="overtime",
    first="09:40", last="19:40",
)  # fmt: skip
day(
    "a lone out moves nothing",
    flexible_day(missing_trusted=True), "17:00", planned=480, worked=420, early=60, flags="early, missing in",
    last="17:00",
)  # fmt: skip
day(
    "leave at the start holds the plan where it is",
    flexible_day(), "10:30 18:00", absences="paid 09:00-10:00", planned=480, worked=390, late=30, paid_leave=60,
    flags="late, leave", first="10:30", last="18:00",
)  # fmt: skip
day(
    "leave later in the day does not",
    flexible_day(), "09:30 17:00", absences="paid 17:00-18:30", planned=480, worked=390, paid_leave=90,
    flags="leave", first="09:30", last="17:00",
)  # fmt: skip
day(
    "the shift moves the first start and the last end, and the windows part in the middle of the pause",
    plan(Kind.FLEXIBLE, "09:00-12:00 13:00-17:00", breaks="", flex_early=HOUR // 2, flex_late=2 * HOUR),
    "09:30 12:29:59 12:30 17:30", planned=420, worked=420, first="09:30", last="17:30",
)  # fmt: skip
day(
    "the windows of flexible segments reach as far as the day may be moved",
    plan(Kind.FLEXIBLE, "09:00-12:00 13:00-17:00", breaks="", before=0, after=0, flex_early=1800, flex_late=HOUR),
    "08:29:59 08:30 12:00 12:59:59 13:00 17:59:59 18:00", seen=3, planned=420, worked=210, absent=210,
    flags="missing out", first="08:30", last="17:59:59",
)  # fmt: skip
day(
    "breaks stay where they are",
    flexible_day(flex_late=4 * HOUR), "12:30 21:30", planned=510, worked=510, first="12:30", last="21:30",
)  # fmt: skip
