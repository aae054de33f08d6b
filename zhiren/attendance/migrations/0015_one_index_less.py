"""No index of the employment alone beside keys that begin with it: each row of the largest tables was put into both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ('attendance', '0014_digests_of_months'),
        ('people', '0007_past_attendance'),
    ]

    operations = [
        migrations.AlterField(
            model_name='adjustment',
            name='employment',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.employment'),
        ),
        migrations.AlterField(
            model_name='banked',
            name='employment',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.employment'),
        ),
        migrations.AlterField(
            model_name='dayrecord',
            name='employment',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.employment'),
        ),
        migrations.AlterField(
            model_name='dirty',
            name='employment',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.employment'),
        ),
        migrations.AlterField(
            model_name='monthrecord',
            name='employment',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='months', to='people.employment'),
        ),
        migrations.AlterField(
            model_name='punch',
            name='employment',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employment'),
        ),
    ]
