"""The refusals of screening."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Invalid


class ConditionForbidden(Invalid):
    """A condition rests on what may not decide who gets a job."""

    code = "screening.condition_forbidden"
    message = _(
        "“%(words)s” may not decide who gets a job (%(law)s). The conditions were not saved; take these words out."
    )


class ConditionMalformed(Invalid):
    """A condition says too little or what cannot be."""

    code = "screening.condition_malformed"
    message = _("A condition is incomplete. The conditions were not saved; complete it or take it out.")


class NotPutAside(Conflict):
    """Somebody else settled it before."""

    code = "screening.not_put_aside"
    message = _("This was settled meanwhile: the candidate is no longer put aside. Nothing was changed.")


class NothingFailed(Conflict):
    """Only who fails a condition can be put aside."""

    code = "screening.nothing_failed"
    message = _("This candidate fails no condition any more, or their way has ended. Nothing was changed.")


class LetterEmpty(Invalid):
    """A letter needs a subject and a text."""

    code = "screening.letter_empty"
    message = _("The letter needs a subject and a text. What you typed is still in the form.")
