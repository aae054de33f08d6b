from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rostering', '0003_comprehensive_period_and_law'),
    ]

    operations = [
        migrations.AddField(
            model_name='groupversion',
            name='bank',
            field=models.JSONField(default=dict),
        ),
    ]
