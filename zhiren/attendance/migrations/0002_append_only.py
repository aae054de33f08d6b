"""A punch is never changed or deleted, but that one of nobody gets its owner, once."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION attendance_keep_punch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.employment_id IS NULL AND NEW.employment_id IS NOT NULL
        AND (NEW.id, NEW.key, NEW.at, NEW.zone, NEW.source, NEW.device_id, NEW.received_at, NEW.details)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.key, OLD.at, OLD.zone, OLD.source, OLD.device_id, OLD.received_at, OLD.details) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'attendance_punch is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER attendance_punch_append_only BEFORE UPDATE OR DELETE ON attendance_punch
    FOR EACH ROW EXECUTE FUNCTION attendance_keep_punch();
"""
BACK = """
DROP TRIGGER attendance_punch_append_only ON attendance_punch;
DROP FUNCTION attendance_keep_punch();
"""


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("attendance", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
