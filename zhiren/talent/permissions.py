"""What a role may be allowed to do with search."""

from django.utils.translation import gettext_lazy as _

from zhiren.plumbing.permissions import permission

SEARCH = permission("talent.search", _("Search in everything that is known of persons, and compare them"))
SHARE_SEARCHES = permission("talent.share_searches", _("Share saved searches with the department"))
