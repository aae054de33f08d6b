"""Leave some room beside days.

A day is written with its first punch and again with each that follows. Where there is room beside it, what it was is
replaced in place, and no index hears of it. What is full already stays as it is.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("attendance", "0017_lag_of_devices")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE attendance_dayrecord SET (fillfactor = 88)",
            "ALTER TABLE attendance_dayrecord RESET (fillfactor)",
        )
    ]
