"""What a group of trainers was not given when it was made, and a way to ask a subject reviewer before publishing.

Once, and then left alone: whoever keeps the machine may change groups and workflows.
"""

from django.db import migrations

TRAINERS, REVIEWERS = "Trainers", "Subject reviewers"
MODERATORS = "Moderators approval"  # what a new Wagtail begins with: a group in which nobody is
WRITTEN = ["assessments.question", "courses.label", "courses.localnote", "media.recording", "media.film"]
READ = ["add_review", "change_review", "view_review"]
EVERYTHING = ["add", "change", "delete", "view"]


def catch_up(apps, schema_editor):
    """Trainers who were there before local notes and films may write these, too."""
    rights = [_right(apps, name, f"{does}_{name.partition('.')[2]}") for name in WRITTEN for does in EVERYTHING]
    for group in apps.get_model("auth.Group").objects.filter(name=TRAINERS):
        group.permissions.add(*rights)


def ask_reviewers(apps, schema_editor):
    """One button submits a page to the subject reviewers; when one of them approves, it is published."""
    group, made = apps.get_model("auth.Group").objects.get_or_create(name=REVIEWERS)
    if not made:
        return
    access = _right(apps, "wagtailadmin.admin", "access_admin", "Can access Wagtail admin")
    group.permissions.add(access, *(_right(apps, "courses.review", codename) for codename in READ))
    _may_publish(apps, group)
    task = apps.get_model("wagtailcore.GroupApprovalTask").objects.create(
        name="A subject reviewer reads it", content_type=_type(apps, "wagtailcore.groupapprovaltask"), active=True
    )
    task.groups.add(group.pk)
    workflow = apps.get_model("wagtailcore.Workflow").objects.create(name="the subject reviewers", active=True)
    apps.get_model("wagtailcore.WorkflowTask").objects.create(workflow=workflow, task_id=task.pk, sort_order=0)
    _begin_with(apps, workflow)


def _may_publish(apps, group):
    """Whoever says yes publishes. Pages may be changed by them while they are asked, and not before or after."""
    right = _right(apps, "wagtailcore.page", "publish_page", "Can publish any page")
    for root in apps.get_model("wagtailcore.Page").objects.filter(depth=1):
        apps.get_model("wagtailcore.GroupPagePermission").objects.create(
            group_id=group.pk, page_id=root.pk, permission_id=right.pk
        )


def _begin_with(apps, workflow):
    """On all pages, unless somebody has chosen another way."""
    roots = apps.get_model("wagtailcore.Page").objects.filter(depth=1)
    chosen = apps.get_model("wagtailcore.WorkflowPage").objects
    for root in roots:
        there = chosen.filter(page=root).first()
        if not there:
            chosen.create(page=root, workflow=workflow)
        elif there.workflow.name == MODERATORS and not _has_moderators(apps, there.workflow):
            there.workflow = workflow
            there.save()


def _has_moderators(apps, workflow):
    tasks = workflow.workflow_tasks.values("task")
    groups = apps.get_model("auth.Group").objects.filter(groupapprovaltask__in=tasks)
    return groups.filter(user__isnull=False).exists()


def _right(apps, model, codename, name=""):
    """Django makes rights only after all migrations."""
    right, _made = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=_type(apps, model),
        codename=codename,
        defaults={"name": name or f"Can {codename.replace('_', ' ')}"},
    )
    return right


def _type(apps, model):
    label, name = model.split(".")
    return apps.get_model("contenttypes.ContentType").objects.get_or_create(app_label=label, model=name)[0]


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_for_coaches"),
        ("assessments", "0001_initial"),
        ("media", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.RunPython(catch_up, migrations.RunPython.noop),
        migrations.RunPython(ask_reviewers, migrations.RunPython.noop),
    ]
