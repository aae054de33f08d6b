"""Event rows and links cannot be changed or deleted; each new event waits to be linked."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION timeline_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER timeline_event_append_only BEFORE UPDATE OR DELETE ON timeline_event
    FOR EACH ROW EXECUTE FUNCTION timeline_refuse();
CREATE TRIGGER timeline_event_no_truncate BEFORE TRUNCATE ON timeline_event
    FOR EACH STATEMENT EXECUTE FUNCTION timeline_refuse();
CREATE TRIGGER timeline_seal_append_only BEFORE UPDATE OR DELETE ON timeline_seal
    FOR EACH ROW EXECUTE FUNCTION timeline_refuse();
CREATE TRIGGER timeline_seal_no_truncate BEFORE TRUNCATE ON timeline_seal
    FOR EACH STATEMENT EXECUTE FUNCTION timeline_refuse();
CREATE FUNCTION timeline_await_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO timeline_unsealed (number) SELECT number FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER timeline_event_awaits_link AFTER INSERT ON timeline_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION timeline_await_link();
"""
BACK = """
DROP TRIGGER timeline_event_awaits_link ON timeline_event;
DROP TRIGGER timeline_seal_no_truncate ON timeline_seal;
DROP TRIGGER timeline_seal_append_only ON timeline_seal;
DROP TRIGGER timeline_event_no_truncate ON timeline_event;
DROP TRIGGER timeline_event_append_only ON timeline_event;
DROP FUNCTION timeline_await_link();
DROP FUNCTION timeline_refuse();
"""


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("timeline", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
