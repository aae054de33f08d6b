"""The addresses of attendance."""

from zhiren.attendance import (
    handing_views,
    import_views,
    kiosk_views,
    law_views,
    past_views,
    person_views,
    phone_views,
    platform_views,
    shift_views,
    views,
)
from zhiren.attendance import permissions as p
from zhiren.people.permissions import VIEW_PAST_ATTENDANCE as PAST
from zhiren.plumbing.routes import AnyUser, Open, route
from zhiren.rostering.permissions import MANAGE as ROSTER

app_name = "attendance"
_POST = ["POST"]
_BOTH = ["GET", "POST"]
_PERSON = "people/<uuid:employment_id>"
_MONTH = "closing/<uuid:entity_id>/<str:month>"
_PAST = "past/<uuid:person_id>"
_IMPORT = "imports/<uuid:import_id>"
_KIOSK = "kiosks/<uuid:kiosk_id>"
_PLATFORM = "platforms/<uuid:platform_account_id>"
_ONES_OWN = AnyUser("everybody sees their own attendance; others' by attendance.view, asked in the query")
_OWN_OR_MANAGED = AnyUser("everybody removes their own browsers; others' by attendance.manage, asked in the query")
_TABLET = Open("a tablet nobody signs in on; it has a token of its own, or a link that works once")

urlpatterns = [
    route("", views.home, name="home", needs=p.PUNCH),
    route("punch", views.punch, name="punch", needs=p.PUNCH, methods=_POST),
    route("people/<uuid:employment_id>/ask", views.ask, name="ask", needs=_ONES_OWN, methods=_BOTH),
    route(f"{_PERSON}/pin", kiosk_views.own_pin, name="own_pin", needs=p.PUNCH, methods=_BOTH),
    route(f"{_PERSON}/pin/remove", kiosk_views.remove_pin, name="remove_pin", needs=p.PUNCH, methods=_POST),
    route(f"{_PERSON}/shifts", shift_views.ask, name="ask_shift", needs=_ONES_OWN, methods=_BOTH),
    route(f"{_PERSON}/shifts/preview", shift_views.preview, name="preview_shift", needs=_ONES_OWN),
    route(f"{_PERSON}/shifts/asked", shift_views.changes, name="shift_changes", needs=_ONES_OWN),
    route(f"{_PERSON}/hand-over", handing_views.hand_over, name="hand_over", needs=p.MANAGE, methods=_BOTH),
    route(f"{_PERSON}/month", person_views.month, name="person_month", needs=_ONES_OWN),
    route("people/<uuid:employment_id>/<str:on>", views.day, name="day", needs=_ONES_OWN),
    route("people/<uuid:employment_id>/<str:on>/hours", law_views.hours, name="hours", needs=_ONES_OWN),
    route(f"{_PERSON}/<str:on>/plan", shift_views.plan_day, name="plan_day", needs=ROSTER, methods=_BOTH),
    route(f"{_PERSON}/<str:on>/plan/preview", shift_views.preview_day, name="preview_day", needs=ROSTER),
    route("shift-changes/<uuid:change_id>/beside", shift_views.beside, name="beside_shift_change", needs=_ONES_OWN),
    route(_PAST, past_views.own_records, name="own_records", needs=PAST),
    route(f"{_PAST}/<uuid:employment_id>", past_views.take_over, name="take_over_past", needs=PAST, methods=_POST),
    route("month", views.month, name="month", needs=p.VIEW),
    route("exceptions", views.exceptions, name="exceptions", needs=p.VIEW),
    route("exceptions/law", law_views.to_look_at, name="law", needs=p.VIEW),
    route("findings/<uuid:finding_id>/seen", law_views.mark_seen, name="mark_seen", needs=p.MANAGE, methods=_BOTH),
    route("findings/<uuid:finding_id>/back", law_views.put_back, name="put_back", needs=p.MANAGE, methods=_POST),
    route("month/export", views.export, name="export", needs=p.VIEW),
    route("devices", views.devices, name="devices", needs=p.MANAGE_DEVICES),
    route("devices/<uuid:device_id>", views.device, name="device", needs=p.MANAGE_DEVICES, methods=_BOTH),
    route("closing", views.closing, name="closing", needs=p.MANAGE),
    route("closing/<uuid:entity_id>/<str:month>", views.close, name="close", needs=p.MANAGE, methods=_POST),
    route("closing/<uuid:entity_id>/<str:month>/payroll", views.payroll, name="payroll", needs=p.MANAGE),
    route(f"{_MONTH}/payroll.xlsx", views.payroll_xlsx, name="payroll_xlsx", needs=p.MANAGE),
    route(f"{_MONTH}/before", law_views.before_closing, name="before_closing", needs=p.MANAGE),
    route(f"{_MONTH}/findings", law_views.findings_csv, name="findings_csv", needs=p.MANAGE),
    route("imports", import_views.imports, name="imports", needs=p.MANAGE, methods=_BOTH),
    route(_IMPORT, import_views.file_import, name="import", needs=p.MANAGE, methods=_BOTH),
    route(f"{_IMPORT}/begin", import_views.begin, name="begin_import", needs=p.MANAGE, methods=_POST),
    route(f"{_IMPORT}/stop", import_views.stop, name="stop_import", needs=p.MANAGE, methods=_POST),
    route(f"{_IMPORT}/go-on", import_views.go_on, name="go_on_import", needs=p.MANAGE, methods=_POST),
    route(f"{_IMPORT}/remove", import_views.throw_away, name="throw_away_import", needs=p.MANAGE, methods=_POST),
    route(f"{_IMPORT}/rejects", import_views.rejects, name="import_rejects", needs=p.MANAGE),
    route("platforms", platform_views.accounts, name="platforms", needs=p.MANAGE_DEVICES),
    route("platforms/new", platform_views.new, name="new_platform", needs=p.MANAGE_DEVICES, methods=_BOTH),
    route(_PLATFORM, platform_views.account, name="platform", needs=p.MANAGE_DEVICES, methods=_BOTH),
    route(f"{_PLATFORM}/switch", platform_views.switch, name="switch_platform", needs=p.MANAGE_DEVICES, methods=_POST),
    route(f"{_PLATFORM}/ask", platform_views.ask, name="ask_platform", needs=p.MANAGE_DEVICES, methods=_POST),
    route("phone", phone_views.contact, name="contact", needs=p.PUNCH),
    route("phone/key", phone_views.add, name="add_phone", needs=p.PUNCH, methods=_POST),
    route("phone/punches", phone_views.send, name="send", needs=p.PUNCH, methods=_POST),
    route("offline", phone_views.offline, name="offline", needs=p.PUNCH),
    route("punch-worker.js", phone_views.worker, name="worker", needs=p.PUNCH),
    route("phones", phone_views.phones_of_people, name="phones", needs=p.MANAGE),
    route(
        "phones/<uuid:punch_key_id>/revoke",
        phone_views.revoke,
        name="revoke_phone",
        needs=_OWN_OR_MANAGED,
        methods=_POST,
    ),
    route("doubts/<uuid:doubtful_id>", phone_views.decide, name="decide_doubt", needs=p.MANAGE, methods=_POST),
    route("kiosks/new", kiosk_views.new, name="new_kiosk", needs=p.MANAGE_DEVICES, methods=_BOTH),
    route(f"{_KIOSK}/link", kiosk_views.pairing, name="kiosk_link", needs=p.MANAGE_DEVICES, methods=_POST),
    route(f"{_KIOSK}/revoke", kiosk_views.revoke, name="revoke_kiosk", needs=p.MANAGE_DEVICES, methods=_POST),
    route("pair/<str:secret>", kiosk_views.pair, name="pair", needs=_TABLET, methods=_BOTH),
    route("screen", kiosk_views.screen, name="screen", needs=_TABLET),
    route("screen/code", kiosk_views.code, name="screen_code", needs=_TABLET),
    route("screen/pin", kiosk_views.pin, name="screen_pin", needs=_TABLET, methods=_POST),
    route("kiosk/<str:kiosk_code>", kiosk_views.kiosk, name="kiosk", needs=p.PUNCH, methods=_BOTH),
]
