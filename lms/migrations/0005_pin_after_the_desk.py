from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lms", "0003_sealed_answers")]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="with_pin",
            field=models.BooleanField(default=False),
        ),
    ]
