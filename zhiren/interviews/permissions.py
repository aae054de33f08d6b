"""What a role may be allowed to do with interviews."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

VIEW = permission("interviews.view", _("See interviews"))
ARRANGE = permission("interviews.arrange", _("Arrange and record interviews"))
SCORE = permission("interviews.score", _("Score the interviews one holds"))
