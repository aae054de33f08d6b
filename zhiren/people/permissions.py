"""What a role may be allowed to do with persons."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW = permission("people.view", _("See persons"))
VIEW_TIMELINE = permission("people.view_timeline", _("See all that happened with persons"))
EDIT = permission("people.edit", _("Correct persons, write notes, mark key candidates"))
REVEAL = permission("people.reveal", _("See phone numbers and addresses in the clear"))
VIEW_PAST_ATTENDANCE = permission(
    "people.view_past_attendance", _("See and note attendance at earlier employers, where the person agreed")
)
MERGE = permission("people.merge", _("Merge persons who are the same, take them apart again"))
REPARSE = permission("people.reparse", _("Read all résumés again, see how well the reader does"))
VIEW_EMPLOYMENTS = permission("people.view_employments", _("See who is employed, where and since when"))
MANAGE_EMPLOYMENTS = permission("people.manage_employments", _("Employ people, transfer them, note their last day"))
