"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Invalid


class MailDealtWith(Conflict):
    """Somebody else filed it, or put it aside, a moment ago."""

    code = "mailbox.dealt_with"
    message = _("Somebody dealt with this mail already. Nothing was changed.")


class NothingToFile(Invalid):
    """The mail was not kept whole, or there is nothing in it to read."""

    code = "mailbox.nothing_to_file"
    message = _(
        "There is no file and no text in this mail that could be read. Nothing was changed; you can put it aside."
    )


class ReasonNeeded(Invalid):
    """What is put aside is put aside for a reason."""

    code = "mailbox.reason_needed"
    message = _("Please say why this mail is put aside. Nothing was changed.")


class HostNotAllowed(Invalid):
    """The installation names the mail servers that may be asked, or the address is none a mail server has."""

    code = "mailbox.host_not_allowed"
    message = _("Zhiren may not connect to %(host)s. Nothing was saved; an administrator of the server can allow it.")


class PlainTextAway(Invalid):
    """A password never crosses a network in the clear."""

    code = "mailbox.plain_text_away"
    message = _("Without encryption only a mail server on this very machine may be asked. Nothing was saved.")


class PasswordNeededAgain(Invalid):
    """A stored password or token is only ever sent to the server for which it was entered."""

    code = "mailbox.password_needed_again"
    message = _(
        "The server or the user is another one now. Please enter the password or the token again: what is stored is"
        " sent only to where it was entered for. Nothing was saved."
    )


class AttachmentGone(Invalid):
    """The mail has no such attachment."""

    code = "mailbox.attachment_gone"
    message = _("This mail has no such attachment.")
