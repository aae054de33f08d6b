"""What goes wrong with platforms outside and with files, in the reader's words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

# Why a platform cannot be used, and what to do.
PROBLEMS: dict[str, Any] = {
    "client_refused": _("The platform refuses the application. Please check its ID and secret."),
    "token_refused": _("The platform gives an access token and then refuses it. Please look at the application there."),
    "not_allowed": _(
        "The application may not do this. Please allow it on the platform to read check-ins, or to write them, and put"
        " this server's address on its list."
    ),
    "refused": _("The platform refused the request; what it said is shown beside."),
    "some_refused": _(
        "The platform does not take some punches; why is shown on the page of the account. Mostly it does not know the"
        " person by that number. They are told again each day for a month."
    ),
    "busy": _("The platform is busy and asks to come again later. It is tried again by itself."),
    "unreachable": _("The platform does not answer. It is tried again by itself."),
    "certificate": _("The platform's certificate is not valid. Please check the address in the settings."),
    "no_encryption": _("The address in the settings is not encrypted. Please use one that begins with https."),
    "not_the_platform": _("What answers there is not the platform. Please check the address in the settings."),
}
