"""The table of the shared cache: rate limits must hold across processes and survive a restart."""

from django.db import migrations

FORWARD = """
CREATE TABLE plumbing_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX plumbing_cache_expires ON plumbing_cache (expires);
"""


class Migration(migrations.Migration):
    """See the module."""

    dependencies = []
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE plumbing_cache")]
