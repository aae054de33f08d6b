"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Invalid


class NothingToSave(Invalid):
    """A saved search needs a name, and something that it looks for."""

    code = "talent.nothing_to_save"
    message = _("A saved search needs a name, and a word or a filter. Nothing was saved.")


class TooManySaved(Invalid):
    """One person keeps so many searches at most."""

    code = "talent.too_many_saved"
    message = _(
        "You have %(n)s saved searches, which is the most. Remove one that you no longer need, then save again."
    )


class NobodyChosen(Invalid):
    """Something was to be done with nobody."""

    code = "talent.nobody_chosen"
    message = _("Nobody was chosen. Tick at least one person, then try again.")


class NoTags(Invalid):
    """Tags were to be changed, and none was given."""

    code = "talent.no_tags"
    message = _("No tag was given. Nothing was changed; type a tag to add or to remove.")


class NotComparable(Invalid):
    """Two to five people fit side by side."""

    code = "talent.not_comparable"
    message = _("Two to five people can be compared. Please tick that many.")
