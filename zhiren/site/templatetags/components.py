"""What a page shows hundreds of times costs little.

Small components and blocks that say so are drawn once for the same values; the address of a page that is named by an
id alone is looked up once.
"""

import html
import re
import secrets
from functools import lru_cache
from operator import attrgetter
from typing import Any, cast
from uuid import UUID

from django import template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Parser,
    Token,
    Variable,
    render_value_in_context,
    token_kwargs,
)
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django_cotton.templatetags import UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind, CottonComponentNode, cotton_component
from django_cotton.templatetags._slot import CottonSlotNode

from zhiren.site.navigation import Item

register = template.Library()

# Their templates look at nothing but their own attributes and what stands between their tags.
REMEMBERED = frozenset({"avatar", "badge", "icon", "nav-link"})
_MOST = 2048
_PLAIN = (str, SafeString, bool, int, type(None), Item)
_drawn: dict[tuple[Any, ...], str] = {}


class RememberedNode(CottonComponentNode):  # type: ignore[misc]  # django_cotton has no types
    """A component whose picture depends on its attributes and its content alone."""

    def render(self, context: Context) -> str:
        """Return what was drawn before for the same values, else draw it."""
        key = self._key(context)
        if key is None:
            return str(super().render(context))
        found = _drawn.get(key)
        if found is None:
            if len(_drawn) >= _MOST:
                _drawn.clear()
            found = _drawn[key] = SafeString(super().render(context))
        return found

    def _key(self, context: Context) -> tuple[Any, ...] | None:
        """Return what the picture depends on; None if that cannot be told. What is safe HTML differs from mere text."""
        values: list[Any] = [self.component_name, self.nodelist.render(context) if self.nodelist else ""]
        for attr in self._prepared_attrs:
            value = attr.value
            if attr.kind == AttrKind.DYNAMIC:
                try:
                    value = attr.compiled.resolve(context)
                except UnprocessableDynamicAttr:
                    return None
            elif attr.compiled:
                value = attr.compiled.render(context)
            if type(value) not in _PLAIN:
                return None
            values += (attr.key, type(value), value)
        return tuple(values)


@register.tag("cotton")
def component(parser: Parser, token: Token) -> CottonComponentNode:
    """Read a component's tag as django_cotton does; remember the pictures of the small ones."""
    node = cotton_component(parser, token)
    has_slots = bool(node.nodelist.get_nodes_by_type(CottonSlotNode))
    if node.component_name in REMEMBERED and not node.only and not has_slots:
        node.__class__ = RememberedNode
    return node


Drawn = dict[tuple[Any, ...], list[str]]
# Of a block, in a language; the largest is the menu, with up to 20,000 characters.
_MOST_KEPT = 200

# Stands in a block for the value of a place; no text that comes from elsewhere can hold it.
_MARK = secrets.token_hex(8)
_PLACE = re.compile(rf"{_MARK}n(\d+)n")


class Place:
    """Where in a block a value of each row goes. It can be shown, and be the id in an address, and nothing else."""

    def __init__(self, number: int) -> None:
        self._mark = f"{_MARK}n{number}n"

    def __str__(self) -> str:
        return self._mark

    def __bool__(self) -> bool:
        raise TypeError("what differs from row to row cannot be asked about within a block: name it before `with`")


class QuickVariable(Variable):
    """A name and attributes of what it stands for, looked up at once; what is more than that, as Django does."""

    __slots__ = ("_name", "_of")

    def __init__(self, var: str) -> None:
        super().__init__(var)
        self._name, _dot, attributes = var.partition(".")
        self._of = attrgetter(attributes) if attributes else None

    def resolve(self, context: Any) -> Any:
        """Return what `{{ }}` would show."""
        try:
            found = context[self._name]
            found = self._of(found) if self._of else found
        except (AttributeError, KeyError, TypeError):
            return super().resolve(context)
        return super().resolve(context) if callable(found) else found


class OnceNode(Node):
    """A block that looks the same within one answer wherever its values are the same, but for what is in its places."""

    def __init__(self, values: list[FilterExpression], places: dict[str, FilterExpression], nodelist: NodeList) -> None:
        self.values, self.nodelist = values, nodelist
        self.places = {name: Place(number) for number, name in enumerate(places)}
        self.fillings = list(places.values())

    def drawn(self, context: Context) -> "Drawn":
        """Return what was drawn so far, by its values: that of this answer."""
        # the lowest layer lives as long as the answer; those above it belong to a template or a part of one
        layer = cast("dict[object, Drawn]", context.render_context.dicts[0])
        return layer.setdefault(self, {})

    def render(self, context: Context) -> str:
        """Return what was drawn for these values, else draw it, and fill its places."""
        drawn = self.drawn(context)
        key = tuple([value.resolve(context) for value in self.values])
        pieces = drawn.get(key)
        if pieces is None:
            with context.push(**self.places):
                # every other piece is the number of a place
                pieces = drawn[key] = _PLACE.split(self.nodelist.render(context))
        if not self.fillings:
            return pieces[0]
        shown = [_shown(value.resolve(context), context) for value in self.fillings]
        filled = pieces.copy()
        filled[1::2] = [shown[int(number)] for number in pieces[1::2]]
        return "".join(filled)


class KeptNode(OnceNode):
    """A block that looks the same within all answers in a language wherever its values are the same."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._drawn: dict[str | None, Drawn] = {}

    def drawn(self, context: Context) -> "Drawn":
        """Return what was drawn so far, by its values: that of all answers in this language."""
        del context
        found = self._drawn.setdefault(get_language(), {})
        if len(found) >= _MOST_KEPT:
            found.clear()
        return found


def _shown(value: Any, context: Context) -> str:
    """Return a value as `{{ }}` shows it; for texts and ids, that would be a detour."""
    if type(value) is str and context.autoescape:
        return html.escape(value)
    if type(value) is UUID or type(value) is SafeString:
        return str(value)
    return render_value_in_context(value, context)


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    """Draw a block once per answer for the same values: `{% once stage.pk %}...{% endonce %}`.

    For what is repeated in every row of a list. The block may look at nothing that differs between rows but the values,
    and show what is named after `with`: `{% once is_late with name=person.name %}...{{ name }}...{% endonce %}`.
    """
    return _block(OnceNode, parser, token)


@register.tag
def kept(parser: Parser, token: Token) -> OnceNode:
    """Draw a block once for the same values and language, whoever is answered: `{% kept menu %}...{% endkept %}`.

    For what stands around every page. As with `once`, but nothing in the block may differ between readers or pages
    either, unless it is among the values, which can be told apart, or named after `with`.
    """
    return _block(KeptNode, parser, token)


def _block(kind: type[OnceNode], parser: Parser, token: Token) -> OnceNode:
    name, *bits = token.split_contents()
    before, given = (bits[: bits.index("with")], bits[bits.index("with") + 1 :]) if "with" in bits else (bits, [])
    places = token_kwargs(given, parser)
    if given:
        raise template.TemplateSyntaxError(f"after `with` of `{name}` stands name=value, not {given[0]}")
    nodelist = parser.parse((f"end{name}",))
    parser.delete_first_token()
    values = [parser.compile_filter(bit) for bit in before]
    for value in (*values, *places.values()):
        if isinstance(value.var, Variable) and value.var.lookups:
            value.var = QuickVariable(str(value.var))
    return kind(values, places, nodelist)


_NOBODY = UUID(int=0)


@lru_cache(maxsize=512)
def _around_id(name: str, prefix: str, urlconf: str | None) -> tuple[str, str]:
    """Return what stands before and after the id in the address of a page; one that names no other place for it."""
    del prefix  # reverse looks for itself
    before, _id, after = reverse(name, urlconf=urlconf, args=[_NOBODY]).partition(str(_NOBODY))
    return before, after


class QuickURLNode(URLNode):
    """The address of a page that is named by one id."""

    def render(self, context: Context) -> str:
        """Return what `{% url %}` would."""
        value = self.args[0].resolve(context)
        if type(value) is not UUID and type(value) is not Place:
            return str(super().render(context))
        before, after = _around_id(self.view_name.resolve(context), get_script_prefix(), get_urlconf())
        address = f"{before}{value}{after}"
        return conditional_escape(address) if context.autoescape else address


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Read `{% url %}` as Django does."""
    node = django_url(parser, token)
    if len(node.args) == 1 and not node.kwargs and not node.asvar and node.view_name.is_var is False:
        node.__class__ = QuickURLNode
    return node
