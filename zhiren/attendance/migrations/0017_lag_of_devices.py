from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('attendance', '0016_handed_over'),
    ]

    operations = [
        migrations.AddField(
            model_name='device',
            name='lag_s',
            field=models.IntegerField(null=True),
        ),
    ]
