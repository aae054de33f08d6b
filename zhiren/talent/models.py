"""The index by which persons are found, and the searches that were saved."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Lookup, Q
from django.db.models.sql.compiler import SQLCompiler

from zhiren.plumbing.models import BaseModel
from zhiren.talent.rules import OLDEST


@SearchVectorField.register_lookup
class Matches(Lookup[str]):
    """Whether a vector fulfils a condition that is written as a tsquery."""

    lookup_name = "matches"

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the comparison."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", (*left_params, *right_params)


class Entry(models.Model):
    """What one person is found by: whoever was merged is found in the entry of who stays.

    `words` holds keyed hashes of words and pairs of characters, never words. Entries of one `age`, 0 for the
    newest (`rules.AGES`), have an index of their own: the commoner a word, the fewer are asked. `version` says by which
    rules and which key the words were made.
    Personal data: `text_sealed`, what the words were taken from without phone numbers and addresses, sealed with the
    person's key; `words` tell how many words two people share. The row goes with the key (a constraint of the
    database), and the key goes with the person.
    """

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.CASCADE, related_name="+")
    words = SearchVectorField()
    text_sealed = models.BinaryField()
    newest = models.DateTimeField()
    age = models.PositiveSmallIntegerField(default=0)
    version = models.CharField(max_length=20)

    class Meta:
        indexes = [
            *(
                GinIndex(fields=["words"], name=f"entry_words_{age}", fastupdate=False, condition=Q(age=age))
                for age in range(OLDEST + 1)
            ),
            models.Index(fields=["age", "-newest", "-person"], name="entry_by_age"),
        ]


class Stale(models.Model):
    """Somebody about whom something changed since their entry was made. No personal data beyond that."""

    person_id = models.UUIDField(primary_key=True)


class Walk(models.Model):
    """How far everybody's entry was made by the rules of one version: one row. No personal data.

    `after` is the last person dealt with, the newest first; None before the first. `total` was counted at the start,
    `worked_at` is when the last step was made.
    """

    version = models.CharField(max_length=20)
    after = models.UUIDField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    worked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)


class SavedSearch(BaseModel):
    """A search somebody wants to repeat. Shared ones show to their department, each reader finding their own.

    Personal data: `query_sealed`, what is looked for, may be somebody's name: sealed with the system's key.
    """

    owner = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query_sealed = models.BinaryField()
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner", "name"], name="saved_search_of_owner")]


class Seen(BaseModel):
    """Until when a reader has seen what a saved search finds. No personal data beyond the user's."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="seen")
    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["search", "user"], name="search_seen_once")]
