import django.db.models.deletion
from django.db import migrations, models

import zhiren.kernel.ids


class Migration(migrations.Migration):

    dependencies = [
        ('attendance', '0008_law_findings_and_periods'),
        ('people', '0006_worked_since'),
        ('rostering', '0002_single_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShiftChange',
            fields=[
                ('id', models.UUIDField(default=zhiren.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('approved', 'Approved'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('lapsed', 'No longer possible')], default='waiting', max_length=10)),
                ('reason_sealed', models.BinaryField(default=b'')),
                ('asked_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('colleague', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.employment')),
                ('employment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.employment')),
            ],
        ),
        migrations.CreateModel(
            name='ShiftChangeDay',
            fields=[
                ('id', models.UUIDField(default=zhiren.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('waits', models.BooleanField(default=True)),
                ('after', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rostering.shift')),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rostering.shift')),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='attendance.shiftchange')),
                ('employment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.employment')),
            ],
        ),
        migrations.AddIndex(
            model_name='shiftchange',
            index=models.Index(fields=['employment', '-asked_at'], name='shift_changes_of_person'),
        ),
        migrations.AddConstraint(
            model_name='shiftchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='shift_change_settled_or_waiting'),
        ),
        migrations.AddConstraint(
            model_name='shiftchangeday',
            constraint=models.UniqueConstraint(condition=models.Q(('waits', True)), fields=('employment', 'on'), name='one_shift_change_a_day_waits'),
        ),
    ]
