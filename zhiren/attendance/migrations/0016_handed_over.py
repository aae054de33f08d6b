import django.db.models.deletion
import zhiren.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('attendance', '0015_one_index_less'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('people', '0007_past_attendance'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandedOver',
            fields=[
                ('id', models.UUIDField(default=zhiren.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('copy', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attendance.punch')),
                ('employment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.employment')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('punch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='attendance.punch')),
            ],
            options={
                'indexes': [models.Index(fields=['employment', 'at'], name='handed_over_of_employment')],
            },
        ),
    ]
