"""What is said about files of punches."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiren.attendance.filetables import MAX_BYTES, MAX_FILLED, MAX_LINES

# Why a file cannot be read, and what to do.
PROBLEMS: dict[str, Any] = {
    "empty": _("The file is empty. Please export it again."),
    "too_large": format_lazy(
        _(
            "The file is larger than can be read: at most {megabytes} MB, {lines} lines, and in a workbook {cells} "
            "filled cells. Please cut it into parts."
        ),
        megabytes=MAX_BYTES // 1024 // 1024,
        lines=f"{MAX_LINES:,}",
        cells=f"{MAX_FILLED:,}",
    ),
    "encrypted": _("The file is protected by a password. Please save it without one."),
    "unsupported": _("This is no file of punches. Text (attlog.dat, CSV) and workbooks (XLSX, XLS) can be read."),
    "damaged": _("The file is damaged or incomplete. Please export it again."),
    "timeout": _("The file takes too long to open. Please cut it into parts, or save it as CSV."),
    "bomb": _("The file grows beyond all measure when it is opened. Please export it again."),
}
# What a person must say before a file can be read.
DOUBTS: dict[str, Any] = {
    "badge": _("Which column holds the badge number?"),
    "time": _("Which column holds the time of the punch?"),
    "order": _("Are dates written day first or month first? The file itself leaves it open."),
    "begins": _("On which date does the sheet begin? It names days without a month."),
}
# Why a line is no punch.
WHYS: dict[str, Any] = {
    "no_badge": _("No badge number"),
    "few_columns": _("Too few columns"),
    "bad_date": _("No date that exists"),
    "no_time": _("No time"),
    "bad_time": _("No time that exists"),
    "no_such_day": _("A day that the month does not have"),
}
# What is strange in a file, and what becomes of it. Examples are lines unless the words say otherwise.
ODDITIES: dict[str, tuple[Any, Any]] = {
    "doubles": (_("The same punch on several lines"), _("Each counts once.")),
    "near": (_("A second punch within a minute"), _("All are kept; the rules of the group say which count.")),
    "quiet": (_("Days without any punch"), _("Is a part of the file missing?")),
    "future": (_("Punches in the future"), _("Was the clock ahead?")),
    "far_back": (_("Punches more than ten years back"), _("Had the clock lost its time?")),
    "names": (_("Badges with several names"), _("Was a badge handed on?")),
    "badges": (_("Names with several badges"), _("Two people, or one who got a new badge?")),
    "jumps": (_("The clock was set back"), _("Times around these lines may be wrong.")),
}
BEYOND: dict[str, Any] = {
    "future": _("More than a day in the future: kept, but of nobody"),
    "old": _("Older than 400 days: kept, but of nobody"),
}
ORDERS: tuple[tuple[str, Any], ...] = (
    ("", _("Written out, or not needed")),
    ("ymd", _("Year, month, day")),
    ("dmy", _("Day, month, year")),
    ("mdy", _("Month, day, year")),
)
LAYOUTS: dict[str, Any] = {
    "rows": pgettext_lazy("layout of a file", "One punch, or a few, in each line"),
    "days": pgettext_lazy("layout of a file", "A month: a line for each person, a column for each day"),
    "blocks": pgettext_lazy("layout of a file", "A month: a block of lines for each person"),
}
# The head of the list of lines that were no punches.
REJECTS_HEAD = (_("Line"), _("Why it is no punch"), _("What it says"))
