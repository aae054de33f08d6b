from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0002_openings_of_interviews'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='interview',
            index=models.Index(condition=models.Q(('state__in', ['held', 'completed'])), fields=['ends_at'], include=('id', 'opening'), name='interview_ended'),
        ),
    ]
