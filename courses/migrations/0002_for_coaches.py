from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("courses", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="coursepage",
            name="for_coaches",
            field=models.BooleanField(
                default=False,
                help_text="It stands at its own address for everybody, and its lessons are found by a word. But it is no card on the first page; coaches find it on their desk.",
                verbose_name="for coaches",
            ),
        ),
    ]
