"""A playbook may be at work for a request that is about nobody."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Only loosens."""

    dependencies = [
        ("people", "0001_initial"),
        ("playbooks", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            "run",
            "person",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
            ),
        ),
    ]
