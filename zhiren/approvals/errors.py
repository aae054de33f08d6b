"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Forbidden, Invalid, NotFound


class AskedAlready(Conflict):
    """The same thing is asked for once at a time."""

    code = "approvals.asked_already"
    message = _("This is being decided already. Withdraw that request first if it should change. Nothing was changed.")


class NobodyToAsk(Conflict):
    """Every way leads to nobody, or only to whoever asks."""

    code = "approvals.nobody_to_ask"
    message = _(
        "There is nobody who could approve this: no manager is set and no HR manager is responsible. "
        "Please tell your administrator. Nothing was changed."
    )


class OwnRequest(Forbidden):
    """Nobody approves their own, nor as anybody's delegate."""

    code = "approvals.own_request"
    message = _("This is your own request: somebody else decides it.")


class TheirsAlone(Conflict):
    """Somebody is asked for their own consent, which nobody gives for them."""

    code = "approvals.theirs_alone"
    message = _("Only %(name)s can agree to this: it changes something for them. Nothing was changed.")


class NotAsked(Forbidden):
    """They may see it, but it is not theirs to decide now."""

    code = "approvals.not_asked"
    message = _("You are not asked to decide this now. Nothing was changed.")


class AnsweredAlready(Conflict):
    """Of two answers at once the second is told what the first was."""

    code = "approvals.answered_already"
    message = _("%(name)s has decided this already: %(answer)s. Nothing was changed.")


class NoLongerOpen(Conflict):
    """It was decided, withdrawn or cancelled meanwhile."""

    code = "approvals.no_longer_open"
    message = _("This request is no longer open: %(state)s. Nothing was changed.")


class ReasonMissing(Invalid):
    """A no without a reason helps nobody."""

    code = "approvals.reason_missing"
    message = _("Please say why. Nothing was changed.")


class NotApproved(Conflict):
    """Only what was approved can be cancelled."""

    code = "approvals.not_approved"
    message = _("Only what was approved can be cancelled; this is: %(state)s. Nothing was changed.")


class CannotBeCancelled(Conflict):
    """The kind does not allow it."""

    code = "approvals.cannot_be_cancelled"
    message = _("What was approved here cannot be taken back. Nothing was changed.")


class LinkUnusable(NotFound):
    """The link in the mail was changed, is past its time, or is another reader's: all look alike."""

    code = "approvals.link_unusable"
    message = _(
        "This link cannot be used: it has expired, or was sent to somebody else. "
        "Please sign in; what waits for you is there."
    )


class PolicyInvalid(Invalid):
    """A policy that makes no sense."""

    code = "approvals.policy_invalid"
    message = _("This cannot be used: %(problem)s")


class DelegationImpossible(Invalid):
    """It ends before it begins, lies in the past, or names oneself."""

    code = "approvals.delegation_impossible"
    message = _("Please choose a colleague and a time that has not passed, in the right order. Nothing was changed.")
