"""The templates that come with the system."""

from django.db import migrations
from django.utils import timezone

from zhiren.conversation import shipped


def forward(apps, schema_editor):
    shipped.put(
        apps.get_model("conversation", "Template").objects,
        apps.get_model("conversation", "TemplateVersion").objects,
        at=timezone.now(),
    )


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("conversation", "0001_initial")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
