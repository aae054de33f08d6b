"""The refusals of attendance."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Forbidden, Invalid, TooMany


class NotEmployed(Invalid):
    """Only who is employed has attendance."""

    code = "attendance.not_employed"
    message = _("You are not employed here today, so there is nothing to punch. Ask HR if that is wrong.")


class NotAtWork(Invalid):
    """A punch by phone from too far away, where the group asks for a place."""

    code = "attendance.not_at_work"
    message = _("You are %(metres)s m from %(place)s; punches count within %(radius)s m. Nothing was recorded.")


class PlaceUnknown(Invalid):
    """A punch by phone without a place, where the group asks for one."""

    code = "attendance.place_unknown"
    message = _(
        "Your phone did not say where it is. Allow the place for this page and punch again; nothing was recorded."
    )


class MonthNotOver(Conflict):
    """A month can be closed once it is over."""

    code = "attendance.month_not_over"
    message = _("This month is not over yet. Nothing was closed.")


class MonthAlreadyClosed(Conflict):
    """A month is closed once."""

    code = "attendance.month_already_closed"
    message = _("This month was closed before. Nothing was changed.")


class DaysWaiting(Conflict):
    """A month is closed once all its days are computed."""

    code = "attendance.days_waiting"
    message = _("%(count)s days of this month are still being computed. Nothing was closed; try again in a minute.")


class DeviceNotInUse(Forbidden):
    """Only a device that somebody claimed may tell of punches."""

    code = "attendance.device_not_in_use"
    message = _("This device is not in use. It keeps its punches and sends them again once HR has claimed it.")


class TooManyDevices(TooMany):
    """So many unknown devices wait that somebody may be making them up."""

    code = "attendance.too_many_devices"
    message = _("Too many unknown devices are waiting. Claim or retire those first.")
