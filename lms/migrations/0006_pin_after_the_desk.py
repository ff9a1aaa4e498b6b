from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lms", "0005_message")]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="with_pin",
            field=models.BooleanField(default=False),
        ),
    ]
