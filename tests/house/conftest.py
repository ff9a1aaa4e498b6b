"""The whole cast at once."""

import pytest

from lms.models.people import User


@pytest.fixture
def chief(db):
    """Keeps the machine; sees no people."""
    return User.objects.create_superuser("chief", password="a long enough password", is_staff=True)


@pytest.fixture
def cast(amina, gul, farid, nadia, bilal, sana, tariq, chief, home_programme) -> dict[str, object]:
    from django.contrib.auth.models import Group, Permission

    trainers = Group.objects.create(name="Trainers")
    trainers.permissions.set(Permission.objects.filter(codename="access_admin"))
    sana.groups.add(trainers)
    return {
        "nobody": None, "nadia": nadia, "amina": amina, "gul": gul, "farid": farid,
        "bilal": bilal, "sana": sana, "tariq": tariq, "chief": chief, "home_programme": home_programme,
    }  # fmt: skip
