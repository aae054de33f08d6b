"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Invalid, NotFound


class ContactMalformed(Invalid):
    """It is no phone number or mail address."""

    code = "people.contact_malformed"
    message = _("“%(value)s” is not a valid phone number or mail address. Nothing was saved; please correct it.")


class ContactTaken(Conflict):
    """Another person has this phone number or address already."""

    code = "people.contact_taken"
    message = _("This phone number or mail address already belongs to another person. Nothing was saved.")


class PersonErased(NotFound):
    """The person's data was destroyed at their request."""

    code = "people.erased"
    message = _("This person's data was erased.")


class FileUnavailable(NotFound):
    """The stored file is missing or damaged."""

    code = "people.file_unavailable"
    message = _(
        "The original file cannot be read from the store. Please tell your administrator; nothing else was lost."
    )
