"""The refusals of attendance."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Forbidden, Invalid, TooMany


class NotEmployed(Invalid):
    """Only who is employed has attendance."""

    code = "attendance.not_employed"
    message = _("You are not employed here today, so there is nothing to punch. Ask HR if that is wrong.")


class NotAtWork(Invalid):
    """A punch by phone from too far away, where the group asks for a place."""

    code = "attendance.not_at_work"
    message = _("You are %(metres)s m from %(place)s; punches count within %(radius)s m. Nothing was recorded.")


class PlaceUnknown(Invalid):
    """A punch by phone without a place, where the group asks for one."""

    code = "attendance.place_unknown"
    message = _(
        "Your phone did not say where it is. Allow the place for this page and punch again; nothing was recorded."
    )


class NothingToHandOver(Conflict):
    """No punch of the badge can be handed over: there is none left, or the other did not work here then."""

    code = "attendance.nothing_to_hand_over"
    message = _("There is no such punch to hand over. Nothing was changed.")


class NotMendable(Invalid):
    """The group does not let this be corrected."""

    code = "attendance.not_mendable"
    message = _("Your group's rules do not let this be corrected. Talk to HR; nothing was sent.")


class ResultNotMendable(Invalid):
    """The group lets only days be corrected that came to something else."""

    code = "attendance.result_not_mendable"
    message = _("Your group's rules do not let a day that reads so be corrected. Talk to HR; nothing was sent.")


class TooManyCorrections(Conflict):
    """As many corrections were asked for as the group allows in its cycle."""

    code = "attendance.too_many_corrections"
    message = _("All %(count)s corrections from %(first)s to %(last)s are used. Talk to HR; nothing was sent.")


class TooLate(Conflict):
    """The day to be corrected lies too far back."""

    code = "attendance.too_late"
    message = _("Corrections for this day could be asked for until %(day)s. Talk to HR; nothing was sent.")


class SameShift(Invalid):
    """Nothing would change."""

    code = "attendance.same_shift"
    message = _("On %(day)s nothing would change: it is the same shift. Nothing was sent.")


class NotPlannedThen(Invalid):
    """Nobody plans somebody on a date, so there is nothing to change."""

    code = "attendance.not_planned_then"
    message = _("Nobody plans %(name)s on %(day)s, so there is no shift to change. Nothing was sent.")


class NotEmployedThen(Invalid):
    """Somebody does not work here on a date, not yet or no more."""

    code = "attendance.not_employed_then"
    message = _("%(name)s does not work here on %(day)s. Nothing was sent.")


class AwayThen(Conflict):
    """Somebody is on leave on a date, or asks to be."""

    code = "attendance.away_then"
    message = _("%(name)s is on leave on %(day)s, or has asked for it. Nothing was sent.")


class MonthIsClosed(Conflict):
    """What is asked for would change a closed month."""

    code = "attendance.month_is_closed"
    message = _("%(month)s is closed, so its shifts change no more. Talk to HR; nothing was sent.")


class DayTooFar(Invalid):
    """Plans are changed within a year."""

    code = "attendance.day_too_far"
    message = _("Choose a day within a year from today. Nothing was sent.")


class ChangeWaitsAlready(Conflict):
    """A date is changed by one request at a time."""

    code = "attendance.change_waits_already"
    message = _("Another change of %(name)s's shift on %(day)s waits already. Nothing was sent; take that back first.")


class CannotAgree(Conflict):
    """A colleague who does not sign in cannot agree to a swap."""

    code = "attendance.cannot_agree"
    message = _("%(name)s has no access here and so cannot agree. Ask HR to change both days; nothing was sent.")


class NoDaysKept(Conflict):
    """Nothing is recorded of an employment."""

    code = "attendance.no_days_kept"
    message = _("No planned days are recorded of that time. Nothing was noted.")


class TimesMixedUp(Invalid):
    """It must end after it begins, and not last for months."""

    code = "attendance.times_mixed_up"
    message = _("It must end after it begins, and last at most 31 days. Nothing was sent; put the times right.")


class NotYet(Invalid):
    """A missing punch lies in the past."""

    code = "attendance.not_yet"
    message = _("This time has not come yet: just punch. Nothing was sent.")


class AskedBefore(Conflict):
    """The same, or something that overlaps, was asked for before."""

    code = "attendance.asked_before"
    message = _("You asked for this before: %(kind)s from %(since)s. Nothing was sent.")


class MonthNotOver(Conflict):
    """A month can be closed once it is over."""

    code = "attendance.month_not_over"
    message = _("This month is not over yet. Nothing was closed.")


class MonthOpen(Conflict):
    """Payroll gets closed months only."""

    code = "attendance.month_open"
    message = _("This month is not closed yet, so its numbers may still change. Close it first.")


class MonthAlreadyClosed(Conflict):
    """A month is closed once."""

    code = "attendance.month_already_closed"
    message = _("This month was closed before. Nothing was changed.")


class DaysWaiting(Conflict):
    """A month is closed once all its days are computed."""

    code = "attendance.days_waiting"
    message = _("%(count)s days of this month are still being computed. Nothing was closed; try again in a minute.")


class DeviceNotInUse(Forbidden):
    """Only a device that somebody claimed may tell of punches."""

    code = "attendance.device_not_in_use"
    message = _("This device is not in use. It keeps its punches and sends them again once HR has claimed it.")


class TooManyDevices(TooMany):
    """So many unknown devices wait that somebody may be making them up."""

    code = "attendance.too_many_devices"
    message = _("Too many unknown devices are waiting. Claim or retire those first.")


class FileTooLarge(Invalid):
    """A file of punches is larger than can be read."""

    code = "attendance.file_too_large"
    message = _("The file is larger than %(limit)s MB. Nothing was kept; please cut it into parts.")


class FileNotReady(Conflict):
    """A file of punches is at another point than the page showed."""

    code = "attendance.file_not_ready"
    message = _("This cannot be done with the file as it stands now. Nothing was changed; look at the page again.")


class ZoneOfOthers(Conflict):
    """None of the people in a file works by the clock it is to be read by."""

    code = "attendance.zone_of_others"
    message = _(
        "The people in this file work by the clock of %(others)s, not of %(zone)s. Nothing was imported: choose their"
        " time zone, or say that the clock really showed the other."
    )


class SecretNeededAgain(Invalid):
    """A stored secret is not sent elsewhere than it was entered for."""

    code = "attendance.secret_needed_again"
    message = _("Please enter the secret again: what is stored was entered for another account. Nothing was saved.")


class AccountKnown(Conflict):
    """An account at a platform is set up once."""

    code = "attendance.account_known"
    message = _("This account is set up already. Nothing was saved.")


class ZoneUnknown(Invalid):
    """A punch names a time zone that is none."""

    code = "attendance.zone_unknown"
    message = _("No time zone is called “%(zone)s”. Nothing was recorded.")


class EntryUnreadable(Invalid):
    """What a phone sent is not what it should be."""

    code = "attendance.entry_unreadable"
    message = _("What this phone sent cannot be read. Nothing was recorded; load the page again.")


class EntriesTooMany(Invalid):
    """A phone sent more at once than it may."""

    code = "attendance.entries_too_many"
    message = _("This phone sent too much at once. Nothing was recorded.")


class KeyUnusable(Invalid):
    """A browser's key is of another kind than is used."""

    code = "attendance.key_unusable"
    message = _("This browser cannot sign punches, so it can keep none without a network.")


class KeyOfAnother(Conflict):
    """A key belongs to one user, and is not used again once it was revoked."""

    code = "attendance.key_of_another"
    message = _("This browser must make a new key. Load the page again.")


class TooManyKeys(Conflict):
    """Somebody uses as many browsers as may be."""

    code = "attendance.too_many_keys"
    message = _("You use %(count)s browsers already. Remove one of them, then this one can keep punches too.")


class KeyRevoked(Conflict):
    """Nothing is taken from a browser that was removed."""

    code = "attendance.key_revoked"
    message = _("This browser was removed from your list, so what it kept does not count. Ask for the missing punch.")


class SignatureWrong(Invalid):
    """A punch kept in a browser was changed after it was made, or comes from elsewhere."""

    code = "attendance.signature_wrong"
    message = _("This punch was changed after it was made. It was not recorded; ask for the missing punch.")


class SequenceUsed(Conflict):
    """Two different punches of a browser carry the same number."""

    code = "attendance.sequence_used"
    message = _("Another punch with the same number was sent before. This one was not recorded.")


class SequenceAhead(Invalid):
    """The number of a punch is so high that it cannot be the next."""

    code = "attendance.sequence_ahead"
    message = _("The number of this punch is far ahead of the last one. It was not recorded.")


class KioskRetired(Conflict):
    """A kiosk was taken out of use."""

    code = "attendance.kiosk_retired"
    message = _("This kiosk is not in use any more. Nothing was recorded.")


class KioskElsewhere(Invalid):
    """A kiosk belongs to another legal entity than the person."""

    code = "attendance.kiosk_elsewhere"
    message = _("This kiosk belongs to %(entity)s, where you are not employed today. Nothing was recorded.")


class PinWrong(Invalid):
    """A badge number and a PIN that do not belong together; which of the two is wrong is told to nobody."""

    code = "attendance.pin_wrong"
    message = _(
        "Badge number and PIN do not go together. Nothing was recorded. "
        "Everybody sets their own PIN under My attendance; without one, scan the code."
    )


class CodeStale(Conflict):
    """A kiosk's code counts while it is shown, and a moment longer."""

    code = "attendance.code_stale"
    message = _("This code is not shown any more. Nothing was recorded; scan the one on the screen again.")


class PairingSpent(Conflict):
    """A link that makes a tablet a kiosk works once, for an hour."""

    code = "attendance.pairing_spent"
    message = _("This link was used before, or is too old. Ask for a new one; nothing was changed.")


class NotAKiosk(Forbidden):
    """Whoever asks for a kiosk's screen is none, or no longer."""

    code = "attendance.not_a_kiosk"
    message = _("This screen is no kiosk, or was taken out of use. Open a new pairing link on it.")


class AlreadyComputing(Conflict):
    """Two processes that compute the same month would wait for each other and do everything twice."""

    code = "attendance.already_computing"
    message = _("Another process is computing %(month)s already. Nothing was changed.")


class SeenAlready(Conflict):
    """A finding is marked as seen once."""

    code = "attendance.seen_already"
    message = _("%(name)s has marked this as seen meanwhile.")
