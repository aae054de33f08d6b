"""A day is somebody's, checked for all rows of a statement at once.

A foreign key looks each row up by itself, which takes longer than all else that is done for a row when a month of a
hundred thousand people is stored. As with a foreign key, an employment that has days cannot go, and one that is given
days stays until the transaction is over.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION attendance_days_of_somebody() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who uuid[] := ARRAY(SELECT DISTINCT employment_id FROM fresh);
    there bigint;
BEGIN
    PERFORM FROM people_employment WHERE id = ANY(who) FOR KEY SHARE;
    GET DIAGNOSTICS there = ROW_COUNT;
    IF there < cardinality(who) THEN
        RAISE EXCEPTION 'attendance_dayrecord: a day of no employment' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_days_of_somebody AFTER INSERT ON attendance_dayrecord
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION attendance_days_of_somebody();

CREATE FUNCTION attendance_nobody_with_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone JOIN attendance_dayrecord d ON d.employment_id = gone.id) THEN
        RAISE EXCEPTION 'people_employment: it has days of attendance' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_nobody_with_days AFTER DELETE ON people_employment
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION attendance_nobody_with_days();
"""
BACK = """
DROP TRIGGER attendance_nobody_with_days ON people_employment;
DROP FUNCTION attendance_nobody_with_days();
DROP TRIGGER attendance_days_of_somebody ON attendance_dayrecord;
DROP FUNCTION attendance_days_of_somebody();
"""


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ("attendance", "0009_shift_changes"),
        ("people", "0006_worked_since"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dayrecord",
            name="employment",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="people.employment",
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
