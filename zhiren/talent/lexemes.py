"""Pieces of text as the index keeps them: short keyed hashes, so that the database holds no word in the clear.

Equal pieces of the same zone have equal hashes: that is what makes them findable, and what somebody with the database
but without the key can count. 36 bits: of a million different pieces, one in seventy thousand is mistaken for another.
"""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache, lru_cache

from zhiren.plumbing import crypto
from zhiren.talent.rules import RULES_VERSION, Group

# Which part of what is known of a person a piece was found in. FACTS are in TEXT, too: they only come first.
FACTS, TEXT, NOTES, SAID, KEYS = "f", "t", "n", "s", "k"
_CHARACTERS = 6


@cache
def _key() -> bytes:
    return crypto.key_for("talent-search")


@lru_cache(maxsize=200_000)
def lexeme(zone: str, piece: str) -> str:
    """Return the hash of a piece in a zone, as a lexeme in quotes."""
    digest = hashlib.blake2b(f"{zone}|{piece}".encode(), digest_size=6, key=_key()).digest()
    return f"'{base64.b64encode(digest, b'-_').decode()[:_CHARACTERS]}'"


def vector(zones: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return the text of a tsvector: the hashes of each zone's pieces."""
    return " ".join(lexeme(zone, piece) for zone, found in zones for piece in found)


@cache
def version() -> str:
    """Return by which rules and which key entries are made now: with another key they are all made anew."""
    return f"{RULES_VERSION}.{crypto.mac('talent-version', b'')[:4].hex()}"


def any_of(lexemes: Iterable[str]) -> str:
    """Return the condition that one of these is there."""
    return f"({'|'.join(lexemes)})"


def condition(groups: Iterable[Group], zones: Iterable[str]) -> list[str]:
    """Return what must be true of an entry for it to hold what was typed in one of these zones."""
    zones = tuple(zones)
    found = []
    for group in groups:
        ways = [
            "&".join(lexeme(zone, piece) for piece in term.pieces)
            for term in group.terms
            for zone in ((FACTS,) if term.is_single else zones)
        ]
        found.append(f"{'!' if group.is_minus else ''}({'|'.join(f'({way})' for way in ways)})")
    return found
