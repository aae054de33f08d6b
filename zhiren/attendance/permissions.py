"""What a role may be allowed to do with attendance."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

PUNCH = permission("attendance.punch", _("Punch in and out, and see their own attendance"))
VIEW = permission("attendance.view", _("See the attendance of others"))
MANAGE = permission("attendance.manage", _("Import punches, find owners of badges and close months"))
MANAGE_DEVICES = permission("attendance.manage_devices", _("Manage the devices that punches come from"))
