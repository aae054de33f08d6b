"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Invalid


class InterviewerBusy(Conflict):
    """Nobody is in two interviews at once."""

    code = "interviews.interviewer_busy"
    message = _(
        "%(name)s is in another interview then, %(when)s. Nothing was saved; choose another time or somebody else."
    )


class NobodyInterviews(Invalid):
    """An interview has at least one interviewer, and all of them work here."""

    code = "interviews.nobody_interviews"
    message = _("Choose at least one interviewer. Nothing was saved.")


class TimeImpossible(Invalid):
    """The time, the length or the zone makes no sense."""

    code = "interviews.time_impossible"
    message = _(
        "This time cannot be: an interview lasts from 5 minutes to 12 hours, at most two years away, in a time zone "
        "that exists. Nothing was saved."
    )


class InterviewOver(Conflict):
    """An interview that was completed or cancelled does not change."""

    code = "interviews.over"
    message = _("This interview is completed or cancelled and no longer changes. Nothing was saved.")


class ScoredAlready(Conflict):
    """Once an interviewer has scored it, when and how it was held is a fact."""

    code = "interviews.scored_already"
    message = _("An interviewer has scored this interview, so its time and they stay as they are. Nothing was saved.")


class NotBegun(Conflict):
    """What has not begun cannot be scored."""

    code = "interviews.not_begun"
    message = _("This interview has not begun. Nothing was sent; your draft stays.")


class ScorecardSent(Conflict):
    """A scorecard is sent once."""

    code = "interviews.scorecard_sent"
    message = _("You have sent this scorecard already. It was not changed.")


class ScorecardIncomplete(Invalid):
    """Every attribute is rated or marked as not asked, and there is a verdict."""

    code = "interviews.scorecard_incomplete"
    message = _("Still missing: %(missing)s. Nothing was sent.")


class ReasonMissing(Invalid):
    """Who turns a candidate down for all others says why."""

    code = "interviews.reason_missing"
    message = _("A strong no stops the candidate: please say why in one sentence, as a concern or as evidence.")


class UnknownRating(Invalid):
    """Ratings are those of the card."""

    code = "interviews.unknown_rating"
    message = _("This rating is not one of the scorecard's. Nothing was saved.")
