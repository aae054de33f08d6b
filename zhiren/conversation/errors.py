"""The refusals of this app."""

from django.utils.translation import gettext_lazy as _

from zhiren.kernel.refusals import Conflict, Invalid


class NothingToSay(Invalid):
    """A subject or a text is missing."""

    code = "conversation.nothing_to_say"
    message = _("A message needs a subject and a text. Nothing was sent.")


class EmptyNote(Invalid):
    """A note without a word."""

    code = "conversation.empty_note"
    message = _("There is nothing to keep yet. Write a word or two first.")


class TooLong(Invalid):
    """The text is longer than a message may be."""

    code = "conversation.too_long"
    message = _("The text is longer than %(limit)s characters. Nothing was sent; please shorten it.")


class NoAddress(Conflict):
    """There is no address to write to."""

    code = "conversation.no_address"
    message = _("We have no mail address of this person. Add one first; what you wrote is kept.")


class UnknownPlaceholder(Invalid):
    """The text names something that no message can fill in."""

    code = "conversation.unknown_placeholder"
    message = _("“%(name)s” is not something we can fill in. Choose from the list beside the text. Nothing was saved.")


class AlreadySettled(Conflict):
    """The message is no longer in a state in which somebody has to decide."""

    code = "conversation.already_settled"
    message = _("This message has been dealt with already. Nothing was changed.")


class NoTemplateText(Conflict):
    """A template has no text in any language."""

    code = "conversation.no_template_text"
    message = _("The template “%(key)s” has no text yet.")
