"""What the mailbox calls things on its pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _

# Why a mailbox cannot be read, and what to do.
PROBLEMS: dict[str, Any] = {
    "sign_in": _(
        "The server refuses user name or password. Many providers want a password made for this purpose, and IMAP to be"
        " switched on in their settings."
    ),
    "token_refused": _(
        "The mail server refuses the access that was granted. Please check that the user name is the mailbox's own"
        " address, that IMAP is switched on, and that the scope covers IMAP."
    ),
    "consent_gone": _(
        "The consent has run out or was taken back. Please give it again and enter the new refresh token."
    ),
    "client_refused": _(
        "The authorization server refuses the client. Please check client ID, client secret and scope; a secret may"
        " have run out."
    ),
    "token_unreachable": _(
        "The authorization server does not answer. Please check the token address; it is tried again by itself."
    ),
    "no_token": _("What answers at the token address is not an authorization server. Please check the address."),
    "unknown_host": _("There is no server of this name. Please check the name of the mail server."),
    "unreachable": _("The server does not answer. Please check its name and port; it is tried again by itself."),
    "broken_off": _("The connection was cut. It is tried again by itself."),
    "certificate": _("The server's certificate is not valid for this name. Please check the name of the mail server."),
    "no_encryption": _("The server does not offer the encryption asked for. Please choose another kind, or port 993."),
    "no_folder": _("There is no folder of this name. Test the connection to see which there are."),
    "not_imap": _("What answers there is not a mail server that speaks IMAP. Please check the port."),
    "busy": _("The server is busy and asks to come again later. It is tried again by itself."),
    "refused": _("The server refused a step. It is tried again by itself."),
    "host_not_allowed": _("Zhiren may not connect to this server."),
    "defect": _("Zhiren made a mistake while reading this mailbox; its log says which. It is tried again by itself."),
}
# Why a mail waits for somebody, or was put aside.
REASONS: dict[str, Any] = {
    "no_opening": _("It is not clear for which job it is."),
    "several_openings": _("Several jobs are called like this. Please choose one."),
    "no_resume": _("There is no résumé in it that could be recognised."),
    "board_unknown": _("A job board sent it in a way that Zhiren does not know yet."),
    "letter": _("A letter of somebody who is known already."),
    "too_many": _("It has very many attachments. Please look before it is filed; all of them are kept."),
    "too_large": _("It is larger than 50 MB and was left on the server. Please look into the mailbox itself."),
    "unreadable": _("It cannot be taken apart. The original is kept; open it with a mail program."),
    "too_many_parts": _("It is nested beyond measure. The original is kept; open it with a mail program."),
    "winmail": _("Outlook packed its attachments as winmail.dat, which cannot be opened. Ask for a PDF."),
    "bulk_with_files": _("It was sent to many, and has attachments. Please look whether it is an application."),
    "file_missing": _("The stored mail is missing. Please tell your administrator."),
    "taken_back": _("Somebody took it back."),
    "bounce": _("The report of a mail server: a mail could not be delivered."),
    "automatic": _("An automatic answer."),
    "newsletter": _("It was sent to many: a newsletter or an advertisement."),
    "spam": _("The mail server marked it as spam."),
    "duplicate": _("The same mail came before, by another mailbox."),
    "by_hand": _("Put aside by hand."),
    "address": _("The address it was sent to names the job."),
    "title": _("Its subject names the job."),
    "account": _("The mailbox belongs to the job."),
}
# What stops nobody from applying and is to be told apart at a glance.
URGENT = frozenset({"too_large", "unreadable", "too_many_parts", "file_missing", "winmail", "too_many"})


def problem(code: str) -> str:
    """Return why a mailbox cannot be read, and what to do."""
    return str(PROBLEMS.get(code, PROBLEMS["refused"]))


def why(code: str) -> str:
    """Return why a mail is where it is."""
    return str(REASONS.get(code, code))
