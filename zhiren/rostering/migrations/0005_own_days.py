from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rostering', '0004_hours_bank'),
    ]

    operations = [
        migrations.AddField(
            model_name='groupversion',
            name='own_days',
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
