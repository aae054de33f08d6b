"""Tries of what may not be tried too often; `key` is a digest of what, who and when. No personal data."""

from django.db import migrations

FORWARD = """
CREATE TABLE plumbing_tries (key char(64) PRIMARY KEY, count integer NOT NULL, until timestamptz NOT NULL);
CREATE INDEX plumbing_tries_until ON plumbing_tries (until);
"""


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("plumbing", "0001_cache")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE plumbing_tries")]
