from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

AGES = """
UPDATE talent_entry entry
SET age = CASE WHEN place <= 5000 THEN 0 WHEN place <= 20000 THEN 1 WHEN place <= 80000 THEN 2 ELSE 3 END
FROM (SELECT person_id, row_number() OVER (ORDER BY newest DESC, person_id DESC) place FROM talent_entry) places
WHERE places.person_id = entry.person_id
"""


class Migration(migrations.Migration):
    """Four indexes of words instead of two: some four minutes for each hundred thousand persons."""

    dependencies = [("talent", "0001_initial")]

    operations = [
        *(
            migrations.RemoveIndex("entry", name)
            for name in ("entry_words_recent", "entry_words_older", "entry_newest")
        ),
        migrations.AddField("entry", "age", models.PositiveSmallIntegerField(default=0)),
        migrations.RunSQL(AGES, "UPDATE talent_entry SET is_recent = age <= 1"),
        migrations.RemoveField("entry", "is_recent"),
        *(
            migrations.AddIndex(
                "entry",
                GinIndex(
                    condition=models.Q(age=age), fastupdate=False, fields=["words"], name=f"entry_words_{age}"
                ),
            )
            for age in range(4)
        ),
        migrations.AddIndex("entry", models.Index(fields=["age", "-newest", "-person"], name="entry_by_age")),
    ]
