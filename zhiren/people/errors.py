"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Invalid, NotFound


class ContactMalformed(Invalid):
    """It is no phone number or mail address."""

    code = "people.contact_malformed"
    message = _("“%(value)s” is not a valid phone number or mail address. Nothing was saved; please correct it.")


class ContactTaken(Conflict):
    """Another person has this phone number or address already."""

    code = "people.contact_taken"
    message = _("This phone number or mail address already belongs to another person. Nothing was saved.")


class PersonErased(NotFound):
    """The person's data was destroyed at their request."""

    code = "people.erased"
    message = _("This person's data was erased.")


class EmploymentOnFile(Conflict):
    """What is known of an employee is kept as long as the law says, and goes by itself when that time is over."""

    code = "people.employment_on_file"
    message = _("This person is or was employed here; the law says how long that is kept. Nothing was erased.")


class FileUnavailable(NotFound):
    """The stored file is missing or damaged."""

    code = "people.file_unavailable"
    message = _(
        "The original file cannot be read from the store. Please tell your administrator; nothing else was lost."
    )


class ReadAgainMeanwhile(Conflict):
    """The résumé shown is not the reading that holds now."""

    code = "people.read_again_meanwhile"
    message = _("This résumé was read again meanwhile. Nothing was saved; reload the page and look again.")


class RereadingDecided(Conflict):
    """Somebody has taken it over, or put it aside."""

    code = "people.rereading_decided"
    message = _("This has been decided already. Reload the page to see how the résumé stands.")


class RunUnderWay(Conflict):
    """One run over all résumés at a time."""

    code = "people.run_under_way"
    message = _("All résumés are being read again already. Wait for it, or cancel it first.")


class PageUnavailable(NotFound):
    """The file has no such page, or it cannot be drawn."""

    code = "people.page_unavailable"
    message = _("This page of the file cannot be shown. Open the original file instead; nothing was lost.")


class SamePersonAlready(Conflict):
    """There is nothing to merge: both are records of one person, or one and the same."""

    code = "people.same_person_already"
    message = _("These two are one person already. Nothing was changed.")


class MergeUndoneAlready(Conflict):
    """Somebody took them apart before."""

    code = "people.merge_undone_already"
    message = _("These two have been taken apart already. Nothing was changed; reload the page.")


class EmployedAlready(Conflict):
    """One employment of a person in one entity at a time."""

    code = "people.employed_already"
    message = _("This person is employed there already on some of these days. Nothing was saved.")


class NumberTaken(Conflict):
    """A staff number is one person's at a time."""

    code = "people.number_taken"
    message = _("%(name)s of this legal entity has the staff number %(number)s on these days. Nothing was saved.")


class BadgeTaken(Conflict):
    """A badge is one person's at a time."""

    code = "people.badge_taken"
    message = _("%(name)s of this legal entity has the badge %(badge)s on these days. Nothing was saved.")


class PlacementMismatched(Invalid):
    """Department, position and place must belong together, and to the entity that employs."""

    code = "people.placement_mismatched"
    message = _("Department, position and place of work must belong to one legal entity. Nothing was saved.")


class ManagedInACircle(Invalid):
    """A manager would be managed by those they manage."""

    code = "people.managed_in_a_circle"
    message = _("Nobody can be managed, directly or through others, by those they manage. Nothing was saved.")


class NotEmployedThen(Invalid):
    """The day lies outside of the employment."""

    code = "people.not_employed_then"
    message = _("The employment runs from %(from_on)s to %(to_on)s; %(day)s is not within. Nothing was saved.")


class NotAgreed(Conflict):
    """Past attendance is looked at only as long as the person agrees."""

    code = "people.not_agreed"
    message = _("%(name)s has not agreed to this, or no longer. Nothing was saved; ask for their consent first.")


class ConsentEndsFirst(Invalid):
    """A consent runs out before it begins, or lasts for years."""

    code = "people.consent_ends_first"
    message = _("A consent begins today or before and lasts at most %(months)s months. Nothing was saved.")


class FiguresDisagree(Invalid):
    """Numbers of past attendance that cannot be together."""

    code = "people.figures_disagree"
    message = _("These numbers cannot be together: %(why)s Nothing was saved.")


DISAGREEMENTS = {
    "period": _("the period must end before today, and after it begins."),
    "workdays": _("there are more working days than days in the period, or none."),
    "late": _("there are more days late than working days."),
    "leave": _("there are more days of leave than working days, or more leaves than days of leave."),
    "streak": _("the longest streak is longer than the working days without leave."),
    "steady": _("there are more steady days than days measured, or more of these than working days."),
}


class ProofMissing(Invalid):
    """What somebody tells of themselves needs something that shows it."""

    code = "people.proof_missing"
    message = _("What the candidate tells needs a document that shows it. Nothing was saved.")


class ProofUnusable(Invalid):
    """A document nobody can look at, or too large."""

    code = "people.proof_unusable"
    message = _("Please add a picture or a PDF file of at most 10 MB. Nothing was saved.")
