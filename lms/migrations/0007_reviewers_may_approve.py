"""Who reviews already may approve lessons from now on."""

from django.db import migrations


def welcome_reviewers(apps, schema_editor):
    """As `lms.programmes.appoint` does for whoever comes after them."""
    group = apps.get_model("auth.Group").objects.filter(name="Subject reviewers").first()
    reviewing = apps.get_model("lms.Membership").objects.filter(role="reviewer", ended_at=None)
    for membership in reviewing.select_related("staff") if group else []:
        membership.staff.groups.add(group)


class Migration(migrations.Migration):
    dependencies = [("lms", "0006_pin_after_the_desk"), ("courses", "0003_review_before_publishing")]

    operations = [migrations.RunPython(welcome_reviewers, migrations.RunPython.noop)]
