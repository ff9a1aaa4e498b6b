"""The whole cast at once."""

import pytest

from lms.models.people import User
from tests.cast import _staff


@pytest.fixture
def chief(db):
    """Keeps the machine; sees no people."""
    return User.objects.create_superuser("chief", password="a long enough password", is_staff=True)


@pytest.fixture
def huma(home_programme):
    """The safeguarding lead of the home programme."""
    return _staff(home_programme, "huma", "safeguarding")


@pytest.fixture
def cast(amina, gul, farid, nadia, bilal, sana, tariq, huma, chief, home_programme) -> dict[str, object]:
    from django.contrib.auth.models import Group, Permission

    trainers = Group.objects.create(name="Trainers")
    trainers.permissions.set(Permission.objects.filter(codename="access_admin"))
    sana.groups.add(trainers)
    return {
        "nobody": None, "nadia": nadia, "amina": amina, "gul": gul, "farid": farid,
        "bilal": bilal, "sana": sana, "tariq": tariq, "huma": huma, "chief": chief,
        "home_programme": home_programme,
    }  # fmt: skip
