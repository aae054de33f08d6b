"""Punches that a platform would not take, with its words; what was told of an account that fails."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns with a default of the database: the previous release may go on writing beside it."""

    dependencies = [
        ("attendance", "0004_doors"),
    ]

    operations = [
        migrations.AddField("passedon", "refused_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "passedon", "refusal", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
        migrations.AddField("passedon", "name", models.CharField(blank=True, db_default="", default="", max_length=64)),
        migrations.AddField("punchaccount", "refused", models.IntegerField(db_default=0, default=0)),
        migrations.AddField(
            "punchaccount", "told_problem", models.CharField(blank=True, db_default="", default="", max_length=30)
        ),
        migrations.AddIndex(
            "passedon",
            models.Index(
                condition=models.Q(("refused_at__isnull", False)), fields=["account"], name="passed_on_refused"
            ),
        ),
    ]
