"""The door at `/iclock/`: clocks knock here, tell of punches, and hear "OK" once these are stored."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from zhiren.attendance import services
from zhiren.attendance.models import Device
from zhiren.connectors.zkteco import protocol
from zhiren.kernel.refusals import Forbidden, Invalid
from zhiren.plumbing import clock
from zhiren.plumbing.requests import HttpRequest

MOST_BYTES = 16 * 1024 * 1024
_HOUR = timedelta(hours=1)


@csrf_exempt
def cdata(request: HttpRequest) -> HttpResponse:
    """Greet a clock (GET), or take what it tells (POST).

    It hears "OK" once all is stored; whatever else it hears, it keeps what it has and tells it again.
    """
    device = _device(request)
    if request.method == "GET":
        offset = datetime.now(ZoneInfo(device.zone)).utcoffset() or timedelta()
        return _plain(protocol.greeting(device.serial, zone_hours=round(offset / _HOUR)))
    if request.GET.get("table", "").upper() != "ATTLOG":
        return _plain("OK")
    log = protocol.read_log(_body(request))
    at = clock.now()
    taken = services.take_from_device(
        at=at,
        device=device,
        stamped=[
            services.Stamped(
                line.badge,
                line.shown,
                {name: value for name, value in (("status", line.status), ("verified", line.verified)) if value},
            )
            for line in log.lines
        ],
        rejected=log.rejected,
    )
    services.compute_now(at=at, taken=taken)
    return _plain(f"OK: {len(log.lines) + len(log.rejected)}")


@csrf_exempt
def getrequest(request: HttpRequest) -> HttpResponse:
    """Answer a clock that asks whether there is something to do."""
    _device(request)
    return _plain("OK")


@csrf_exempt
def devicecmd(request: HttpRequest) -> HttpResponse:
    """Take note that a clock did as it was told."""
    _device(request)
    return _plain("OK")


def _device(request: HttpRequest) -> Device:
    serial = request.GET.get("SN", "")
    if not protocol.is_serial(serial):
        raise Invalid
    address = request.META.get("REMOTE_ADDR", "")
    told = protocol.pairs(request.GET.get("INFO", "").replace(",", "&"))
    device = services.greet_device(
        at=clock.now(), serial=serial, address=address, model_name=told.get("DeviceName", "")[:100]
    )
    if device.network and ip_address(address) not in ip_network(device.network, strict=False):
        raise Forbidden
    return device


def _body(request: HttpRequest) -> bytes:
    """Return what was sent, which may be more than a form may hold: a clock tells of months at once."""
    data: bytes = request.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Invalid
    return data


def _plain(text: str) -> HttpResponse:
    answer = HttpResponse(text if text.endswith("\n") else text + "\n", content_type="text/plain; charset=utf-8")
    answer["Date"] = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S GMT}"  # some models set their clock by it
    return answer
