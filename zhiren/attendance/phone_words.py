"""The words about punches made without a network, kiosks, and the browsers people punch in."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from zhiren.attendance import phone_rules

DOUBTS: dict[str, Any] = {
    phone_rules.CLOCK: lazily("The phone's clock was changed."),
    phone_rules.LATE_NEWS: lazily("It came more than 72 hours later."),
    phone_rules.ORDER: lazily("It names a time that cannot be."),
    phone_rules.GAP: lazily("Others made before it never came."),
}
# In the order in which they are looked for: what calls itself the later ones often calls itself the earlier ones too.
_BROWSERS = (
    ("MicroMessenger", lazily("WeChat")), ("DingTalk", lazily("DingTalk")), ("Lark", lazily("Feishu")), ("Edg", "Edge"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser(agent: str) -> str:
    """Return what to call a browser, from what it calls itself.

    >>> browser("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36")
    'Chrome · Android'
    """
    found = [next((str(name) for sign, name in names if sign in agent), "") for names in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name) or _("Browser")


def of_scripts() -> dict[str, str]:
    """Return the sentences that the script of the punching page says."""
    return {
        "noNetwork": _("No network. Your punch at %(time)s is kept on this phone and sent as soon as there is one."),
        "noNetworkNotKept": _("No network, and this browser can keep nothing. Nothing was recorded; try again."),
        "waitingOne": _("1 punch waits for the network"),
        "waitingMany": _("%(n)s punches wait for the network"),
        "tookOver": _("%(made)s: taken over at %(told)s"),
        "toBeChecked": _("%(made)s: taken over at %(told)s; HR looks at it before it counts"),
        "notRecorded": _("%(made)s: not recorded. %(why)s"),
        "sending": _("Sending …"),
        "signInToSend": _("Sign in again, so that what waits can be sent."),
        "noOwner": _("Nobody is signed in on this phone. Sign in once while there is a network."),
        "revoked": _(
            "This browser was removed from your list; what it kept does not count. Ask for the missing punch."
        ),
    }
