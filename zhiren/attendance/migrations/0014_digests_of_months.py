"""A month knows the digests of its days, so that whether any of very many differs is known without reading them.

Whoever removes days, in whichever way, makes their months forget it. Beside a release that does not know of it they
forget it, too: `changes` goes on and `digested` does not.
"""

from django.db import migrations, models
from django.db.models.expressions import CombinedExpression
from django.db.models.lookups import GreaterThan

FORWARD = """
CREATE FUNCTION attendance_days_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        UPDATE attendance_monthrecord SET digested = NULL, digests = NULL WHERE digested IS NOT NULL;
    ELSE
        UPDATE attendance_monthrecord m SET digested = NULL, digests = NULL
        FROM (SELECT DISTINCT employment_id, date_trunc('month', "on")::date AS month FROM gone) g
        WHERE m.employment_id = g.employment_id AND m.month = g.month;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_days_gone AFTER DELETE ON attendance_dayrecord
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION attendance_days_gone();
CREATE TRIGGER attendance_all_days_gone AFTER TRUNCATE ON attendance_dayrecord
    FOR EACH STATEMENT EXECUTE FUNCTION attendance_days_gone();
"""
BACK = """
DROP TRIGGER attendance_all_days_gone ON attendance_dayrecord;
DROP TRIGGER attendance_days_gone ON attendance_dayrecord;
DROP FUNCTION attendance_days_gone();
"""


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ("attendance", "0013_kiosk_pin"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="dayrecord", name="day_records_of_date"),
        migrations.AddField(model_name="monthrecord", name="digested", field=models.IntegerField(null=True)),
        migrations.AddField(model_name="monthrecord", name="digests", field=models.BinaryField(null=True)),
        migrations.AddIndex(
            model_name="dayrecord",
            index=models.Index(
                condition=models.Q(
                    ("is_final", True), GreaterThan(CombinedExpression(models.F("flags"), "&", models.Value(244)), 0)
                ),
                fields=["on", "employment"],
                name="days_to_look_at",
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
