"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Forbidden, Invalid


class NothingToTake(Invalid):
    """No work is planned in the time asked for."""

    code = "leave.nothing_to_take"
    message = _("No work is planned in this time, so there is no leave to take. Nothing was sent.")


class NotEmployedThroughout(Invalid):
    """Leave is for days of the employment."""

    code = "leave.not_employed_throughout"
    message = _("Leave can be taken on days of employment only, and for a year at most at a time. Nothing was sent.")


class TypeNotOpen(Invalid):
    """The type is not for this person, or not yet."""

    code = "leave.type_not_open"
    message = _("%(type)s can be taken from %(day)s on. Nothing was sent.")


class UnitTooSmall(Invalid):
    """Half days and hours are not for every type."""

    code = "leave.unit_too_small"
    message = _("%(type)s is taken in these units: %(unit)s. Nothing was sent.")


class TooLong(Invalid):
    """More than one request of this type may ask for."""

    code = "leave.too_long"
    message = _("%(type)s is %(days)s days at most. Nothing was sent.")


class DocumentMissing(Invalid):
    """The type asks for a document."""

    code = "leave.document_missing"
    message = _("Please add a document: %(type)s of more than %(days)s days needs one. Nothing was sent.")


class DocumentUnusable(Invalid):
    """Too large, or of a kind nobody can look at."""

    code = "leave.document_unusable"
    message = _("Please add pictures or PDF files of at most 10 MB. Nothing was sent.")


class TooManyDocuments(Invalid):
    """More files than a request takes."""

    code = "leave.too_many_documents"
    message = _("Please add at most %(most)s files. Nothing was sent.")


class OnLeaveAlready(Conflict):
    """Two leaves of one person do not overlap."""

    code = "leave.on_leave_already"
    message = _("This overlaps with %(type)s from %(from_on)s to %(to_on)s (%(state)s). Nothing was sent.")


class BalanceTooLow(Conflict):
    """There is not enough left, counting what waits to be approved."""

    code = "leave.balance_too_low"
    message = _("There is not enough left: %(wanted)s asked for, %(left)s left for these days. Nothing was sent.")


class NoLongerWaiting(Conflict):
    """It was decided or taken back meanwhile."""

    code = "leave.no_longer_waiting"
    message = _("This leave is no longer open: %(state)s. Nothing was changed.")


class BegunAlready(Forbidden):
    """What has been taken is not taken back by oneself."""

    code = "leave.begun_already"
    message = _("Days that have begun are taken back by HR. Nothing was changed.")


class NotShorter(Invalid):
    """Shortening leaves at least one day, and takes at least one away."""

    code = "leave.not_shorter"
    message = _("Choose a last day within the leave, before its end. To take back all of it, cancel it.")


class TypeCodeTaken(Conflict):
    """Codes of types, and plans of one type in one entity, are there once."""

    code = "leave.type_code_taken"
    message = _("There is one of this code, or for this legal entity, already. Nothing was saved.")
