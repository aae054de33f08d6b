"""The refusals of rostering."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Invalid


class ShiftMalformed(Invalid):
    """A shift that cannot be worked."""

    code = "rostering.shift_malformed"
    message = _("This shift cannot be worked as written: %(why)s. Nothing was changed.")


class PatternMalformed(Invalid):
    """A pattern that names no shift, or one that is not there."""

    code = "rostering.pattern_malformed"
    message = _("The pattern must name at least one shift of the list. Nothing was changed.")


class RegionUnknown(Invalid):
    """A group in a country whose holidays nobody knows, or in a zone that is none."""

    code = "rostering.region_unknown"
    message = _("Nobody knows the holidays of “%(region)s”, or the zone “%(zone)s”. Nothing was changed.")


class NameTaken(Conflict):
    """There is one of this name."""

    code = "rostering.name_taken"
    message = _("There is already one of this name. Nothing was changed; choose another name.")


class NotEmployedThen(Invalid):
    """Somebody is planned on a day on which they are not employed."""

    code = "rostering.not_employed_then"
    message = _("%(name)s is not employed on %(day)s. Nothing was changed.")


class ReasonMissing(Invalid):
    """A plan that a rule of working time forbids, published without a word about it."""

    code = "rostering.reason_missing"
    message = _("A rule of working time is against this plan. Say why it holds all the same. Nothing was changed.")
