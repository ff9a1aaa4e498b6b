"""Everybody can come in to the invented world, and it never stands where real people do."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lms import signin
from lms.models.people import Person, User
from mentors import demo


def test_everybody_can_come_in_as_the_list_says(db, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    call_command("world", stdout=StringIO())
    out = StringIO()

    call_command("ways_in", stdout=out)

    said = out.getvalue()
    assert {one.username for one in demo.STAFF if one.username not in said} == set()
    for one in demo.STAFF:
        assert User.objects.get(username=one.username).check_password(demo.PASSWORD)
    assert signin.way_of("+923000000001").person == Person.objects.get(name="Amina")


def test_invented_people_never_stand_beside_real_ones(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("world", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("ways_in", stdout=StringIO())
    assert not Person.objects.exists()
