"""What two of the invented world wrote to each other, and what somebody else reported; by the real verbs."""

import uuid
from datetime import datetime, timedelta

from mentors import access, messages
from mentors.models.bonds import Bond
from mentors.models.messages import Message, Side

HE, SHE = Side.COACH, Side.PERSON
# Days and hours before now.
TALK = [
    (3, 4, HE, "السلام علیکم امینہ! سبق میں تھن دھونے والی بات کیسی لگی؟"),
    (3, 1, SHE, "وعلیکم السلام۔ اچھی لگی۔ آج صبح گرم پانی سے دھوئے، دودھ میں بال نہیں آئے۔"),
    (2, 22, HE, "بہت خوب! سات دن لکھ لیں کہ روز کتنے لیٹر ہوئے۔ پھر مل کر حساب کریں گے۔"),
    (1, 3, SHE, "لکھ رہی ہوں۔ بچھڑا بھی اب ٹھیک سے پیتا ہے۔"),
    (0, 5, HE, "یہ تو خوشی کی بات ہے۔ جمعے کو شام آٹھ بجے فون کروں؟"),
]
# A coach who sells: what every coach promised not to do.
SELLS = [
    (2, 6, HE, "السلام علیکم! چارہ کہاں سے لیتے ہیں؟"),
    (2, 4, SHE, "بازار سے، مہنگا پڑتا ہے۔"),
    (1, 7, HE, "میرے بھائی سے لے لیں۔ پہلے پانچ ہزار بھیج دیں، باقی بعد میں۔"),
]


def invent(*, now: datetime) -> int:
    """A few messages in two threads, one of them reported. Only into a world without any."""
    if Message.objects.exists():
        return 0
    bonds = Bond.objects.filter(ended_at=None).select_related("coach", "person").order_by("pk")
    theirs = next(bond for bond in bonds if bond.person.name == "Amina")
    others = next(
        (bond for bond in bonds if bond.coach_id != theirs.coach_id and access.are_together(bond)), None
    )
    _write(theirs, TALK, now)
    messages.read(theirs, SHE, Message.objects.filter(bond=theirs, side=SHE).latest("pk"))
    messages.read(theirs, HE, Message.objects.filter(bond=theirs, side=SHE).latest("pk"))
    if others:
        last = _write(others, SELLS, now)
        messages.report(last, SHE, now=now - timedelta(hours=20))
    return Message.objects.count()


def _write(bond: Bond, talk: list[tuple[int, int, Side, str]], now: datetime) -> Message:
    said = [
        messages.send(
            bond,
            side,
            uuid.uuid5(uuid.NAMESPACE_OID, f"{bond.pk} message {n}"),
            messages.Said(text),
            now=now - timedelta(days=days, hours=hours),
        )
        for n, (days, hours, side, text) in enumerate(talk)
    ]
    return said[-1]
