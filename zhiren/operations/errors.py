"""The refusals of this app."""

from zhiren.kernel.refusals import NotFound


class NoSuchMail(NotFound):
    """There is no such caught mail, or no mail is caught here."""

    code = "operations.no_such_mail"
