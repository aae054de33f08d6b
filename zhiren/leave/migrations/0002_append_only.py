"""The ledger only grows: a line that was written is never changed and never deleted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION leave_keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'leave_entry is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER leave_entry_append_only BEFORE UPDATE OR DELETE ON leave_entry
    FOR EACH ROW EXECUTE FUNCTION leave_keep_entry();
"""
BACK = """
DROP TRIGGER leave_entry_append_only ON leave_entry;
DROP FUNCTION leave_keep_entry();
"""


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("leave", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
