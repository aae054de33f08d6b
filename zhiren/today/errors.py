"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Invalid


class AlreadySettled(Conflict):
    """Somebody, or something that happened, settled it before."""

    code = "today.already_settled"
    message = _("This was already taken care of. Nothing was changed.")


class SnoozedIntoThePast(Invalid):
    """Later means later than now, and within three months."""

    code = "today.snoozed_into_the_past"
    message = _("Please choose a time after now and within 90 days. Nothing was changed.")


class ColleagueMayNotSee(Invalid):
    """Handing over never opens a person to somebody who may not see them."""

    code = "today.colleague_may_not_see"
    message = _("%(name)s may not see this person, so nothing was handed over. Add them to the job's team first.")
