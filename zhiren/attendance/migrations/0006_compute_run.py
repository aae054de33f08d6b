import django.db.models.deletion
from django.db import migrations, models

import zhiren.kernel.ids


class Migration(migrations.Migration):

    dependencies = [
        ("attendance", "0005_set_aside"),
        ('org', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ComputeRun',
            fields=[
                ('id', models.UUIDField(default=zhiren.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('rules_version', models.SmallIntegerField()),
                ('after', models.UUIDField(null=True)),
                ('people', models.IntegerField(default=0)),
                ('done', models.IntegerField(default=0)),
                ('days', models.IntegerField(default=0)),
                ('written', models.IntegerField(default=0)),
                ('adjusted', models.IntegerField(default=0)),
                ('begun_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('entity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.entity')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True)), fields=('month', 'entity'), name='one_open_computation', nulls_distinct=False)],
            },
        ),
    ]
