"""What a kiosk's screen and its links look like: pictures of codes, names half hidden."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import qrcode
from django.conf import settings
from django.urls import reverse
from qrcode.constants import ERROR_CORRECT_M

from zhiren.attendance import kiosk_codes, kiosk_queries
from zhiren.attendance.models import Kiosk
from zhiren.people import names

# A screen asks every few seconds.
SILENT = timedelta(minutes=5)
_QUIET = 4  # modules around a code, without which cameras do not find it


@dataclass(frozen=True)
class Picture:
    """A QR code: the side of its square, and its dark modules as the path of an SVG."""

    side: int
    path: str


def picture(text: str) -> Picture:
    """Return a text as a QR code."""
    code = qrcode.QRCode(border=_QUIET, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(
        f"M{column} {row}h1v1h-1z" for row, modules in enumerate(rows) for column, dark in enumerate(modules) if dark
    )
    return Picture(len(rows), path)


@dataclass(frozen=True)
class Screen:
    """What a kiosk shows now: its code, for how many seconds it still counts, and who has just punched."""

    code: str
    picture: Picture
    seconds: int
    greeted: list[str]


def screen(kiosk: Kiosk, at: datetime) -> Screen:
    """Return what a kiosk shows at a moment."""
    code = kiosk_codes.code_for(kiosk.pk, at)
    return Screen(
        code=code,
        picture=picture(settings.PUBLIC_URL + reverse("attendance:kiosk", args=[code])),
        seconds=kiosk_codes.FRESH_S - int(at.timestamp()) % kiosk_codes.SLOT_S,
        greeted=[names.mask_name(one) for one in kiosk_queries.just_punched(kiosk, at=at)],
    )


def pairing_link(secret: str) -> str:
    """Return the whole address that makes a tablet a kiosk."""
    return settings.PUBLIC_URL + reverse("attendance:pair", args=[secret])


def state_of(kiosk: Kiosk, at: datetime) -> str:
    """Return how a kiosk stands: "waiting" for its tablet, "works", "silent", or "retired"."""
    if kiosk.revoked_at:
        return "retired"
    if kiosk.last_seen_at is None:
        return "waiting"
    return "silent" if at - kiosk.last_seen_at > SILENT else "works"
