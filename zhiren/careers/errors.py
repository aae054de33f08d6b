"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Invalid, TooMany


class TooManyApplications(TooMany):
    """One address sends only so many applications an hour."""

    code = "careers.too_many_applications"
    message = _(
        "Several applications came from your network in the last hour. Yours was not sent; please try again later."
    )


class TooManyUploads(TooMany):
    """One address has only so many files read an hour."""

    code = "careers.too_many_uploads"
    message = _("Several files came from your network in the last hour. You can still fill in the form without one.")


class ResumeTooLarge(Invalid):
    """A résumé has a limit."""

    code = "careers.resume_too_large"
    status = 413
    message = _("This file is larger than %(limit)s MB. Please choose a smaller one; nothing you typed was lost.")
