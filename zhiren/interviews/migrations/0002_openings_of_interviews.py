import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recruiting', '0002_application_with_its_opening'),
        ('interviews', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='interview',
            name='opening',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recruiting.opening'),
        ),
        migrations.RunSQL(
            sql="""
                UPDATE interviews_interview interview SET opening_id = application.opening_id
                    FROM recruiting_application application WHERE application.id = interview.application_id;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name='interview',
            name='opening',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recruiting.opening'),
        ),
        # The opening stands twice, so the database sees to it that it is the same.
        migrations.RunSQL(
            sql="""
                ALTER TABLE interviews_interview ADD CONSTRAINT interview_has_its_applications_opening
                    FOREIGN KEY (application_id, opening_id) REFERENCES recruiting_application (id, opening_id);
            """,
            reverse_sql="ALTER TABLE interviews_interview DROP CONSTRAINT interview_has_its_applications_opening",
        ),
    ]
