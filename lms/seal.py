"""What only the server may read: sealed on a phone to our key, so that nobody who holds it can open it.

A seal is 1 | name of our key (4) | the phone's key of this one time (65, X9.62) | nonce (12) | AES-256-GCM.
The cipher's key is HKDF-SHA256 of the P-256 agreement; its salt is both public keys. `seal.mjs` is the twin.
"""

import base64
import binascii
import gzip
import hashlib
import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from lms import wire

VERSION = b"\x01"
NAME, POINT, NONCE, TAG = 4, 65, 12, 16  # bytes
HEAD = len(VERSION) + NAME + POINT + NONCE
CURVE = ec.SECP256R1()
SEALED = "sealed"  # the one part of a response that only we can read
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve (SEC 2, 2.4.2)


class NotSealed(ValueError):
    """This was not sealed to a key of ours, or was changed on the way."""


class UnknownKey(NotSealed):
    """It says that it was sealed to a key that is not among ours, or is there no more."""


def public() -> str:
    """What phones seal to: the name of our first key and its point, as base64."""
    name, _, point = _keys()[0]
    return base64.b64encode(name + point).decode()


def close(content: bytes) -> bytes:
    """Seal as a phone does."""
    name, _, theirs = _keys()[0]
    own = ec.generate_private_key(CURVE)
    head = VERSION + name + _point(own) + os.urandom(NONCE)
    return head + _cipher(own, _point(own), theirs, theirs).encrypt(head[-NONCE:], content, head)


def open_sealed(sealed: bytes) -> bytes:
    """What was sealed, to whichever of our keys."""
    head, rest = sealed[:HEAD], sealed[HEAD:]
    if len(rest) < TAG or not head.startswith(VERSION):
        raise NotSealed
    name, theirs = head[1 : 1 + NAME], head[1 + NAME : -NONCE]
    for known, private, point in _keys():
        if known == name:
            try:
                return _cipher(private, theirs, point, theirs).decrypt(head[-NONCE:], rest, head)
            except (InvalidTag, ValueError):  # changed on the way; or no point of the curve
                raise NotSealed from None
    raise UnknownKey


def close_answer(response: object) -> dict[str, str]:
    """A response as the record holds it, where only we may read it."""
    return {SEALED: base64.b64encode(close(gzip.compress(json.dumps(response).encode(), mtime=0))).decode()}


def is_closed(response: object) -> bool:
    """Does a response say nothing to whoever has no key?"""
    return isinstance(response, Mapping) and response.keys() == {SEALED}


def open_answer(response: Mapping[str, Any]) -> Any:
    """What somebody answered, from what `is_closed`."""
    if not isinstance(response[SEALED], str):
        raise NotSealed
    said = open_sealed(from_text(response[SEALED]))
    try:
        return wire.read_json(wire.unpack(said, coding=wire.coding_of(said)))
    except (wire.TooMuch, wire.NotUnderstood):
        raise NotSealed from None


def from_text(text: str) -> bytes:
    """A seal that was written as base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotSealed from None


def _cipher(private: ec.EllipticCurvePrivateKey, own: bytes, ours: bytes, other: bytes) -> AESGCM:
    """`own` is the phone's point, `ours` the server's; `other` is whichever of them is not `private`'s."""
    agreed = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, other))
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=own + ours, info=b"hamrah sealed 1").derive(agreed))


def _keys() -> list[tuple[bytes, ec.EllipticCurvePrivateKey, bytes]]:
    return [_key(secret) for secret in settings.SEAL_KEYS]


@cache
def _key(secret: str) -> tuple[bytes, ec.EllipticCurvePrivateKey, bytes]:
    """The key that a secret text stands for: its name, itself, its point."""
    number = int.from_bytes(hashlib.sha512(b"hamrah seal " + secret.encode()).digest())
    private = ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)
    point = _point(private)
    return hashlib.sha256(point).digest()[:NAME], private, point


def _point(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
