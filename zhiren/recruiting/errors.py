"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Invalid


class MovedMeanwhile(Conflict):
    """Two people moved the same card; the second is told where it is now."""

    code = "recruiting.moved_meanwhile"
    message = _(
        "Somebody else moved this candidate a moment ago, to “%(stage)s”. Nothing was changed; please look again."
    )


class ApplicationEnded(Conflict):
    """An ended application does not move."""

    code = "recruiting.application_ended"
    message = _("This application has ended. Reopen it first. Nothing was changed.")


class OpeningNotOpen(Conflict):
    """A closed opening takes no candidates, and one that has no stages cannot."""

    code = "recruiting.opening_not_open"
    message = _("This opening is not open. Nothing was changed.")


class StageOfOtherOpening(Invalid):
    """A candidate moves only among the stages of the opening."""

    code = "recruiting.stage_of_other_opening"
    message = _("This stage does not belong to the opening. Nothing was changed.")


class NothingUploaded(Invalid):
    """There was no file in the upload."""

    code = "recruiting.nothing_uploaded"
    message = _("There was no file in this upload. Please choose one or more résumés, or a ZIP.")


class UploadTooLarge(Invalid):
    """One upload has a limit."""

    code = "recruiting.upload_too_large"
    status = 413
    message = _("This upload is larger than %(limit)s MB. Nothing was saved; please split it.")


class AlreadySettled(Conflict):
    """The task was done already."""

    code = "recruiting.already_settled"
    message = _("This file was dealt with already.")


class NameMissing(Invalid):
    """A candidate has a name."""

    code = "recruiting.name_missing"
    message = _("A candidate needs a name. Nothing was saved.")


class ReasonMissing(Invalid):
    """What is put aside is put aside for a reason."""

    code = "recruiting.reason_missing"
    message = _("Please say why this file is put aside. Nothing was changed.")
