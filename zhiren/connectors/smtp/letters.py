"""A letter as the bytes of a mail (RFC 5322, 7 bit). Pure."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from zhiren.conversation.channels import Letter, Refused

_POLICY = SMTP.clone(cte_type="7bit")


def bare_address(sender: str) -> str:
    """Return the address in "Yunshan <hr@yunshan.example>" or "hr@yunshan.example"; empty if there is none.

    >>> bare_address("Yunshan <hr@yunshan.example>")
    'hr@yunshan.example'
    """
    address = parseaddr(sender)[1]
    local, at, host = address.rpartition("@")
    return (
        address if local and at and host and address.isascii() and address.isprintable() and " " not in address else ""
    )


def as_mail(letter: Letter, *, sender: str) -> bytes:
    """Return the mail with a text and an HTML part.

    Raises:
        Refused: the receiver's address cannot stand in a header.
    """
    mail = EmailMessage(policy=_POLICY)
    given_name = parseaddr(sender)[0]
    mail["From"] = _address(letter.from_name or given_name, bare_address(sender))
    mail["To"] = _address(letter.to_name, letter.to_address)
    if letter.reply_to:
        mail["Reply-To"] = _address("", letter.reply_to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = letter.message_id
    if letter.in_reply_to:
        mail["In-Reply-To"] = letter.in_reply_to
        mail["References"] = letter.in_reply_to
    mail["Content-Language"] = "en" if letter.language == "en" else "zh-CN"
    if letter.automatic:
        mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text, cte="base64")
    mail.add_alternative(letter.html, subtype="html", cte="base64")
    return mail.as_bytes()


def _address(name: str, address: str) -> Address:
    if bare_address(address) != address:
        raise Refused("bad_address", permanent=True)
    local, _, host = address.rpartition("@")
    return Address(name, local, host)
