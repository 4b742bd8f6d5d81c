"""Signed meal codes: 15 bytes that say whose meal this is, and an Ed25519 signature (RFC 8032).

Written in Base45 (RFC 9285), so that a QR code of version 5 holds them: 37 modules a side, which
a cheap camera reads. A counter that holds the public keys checks them without a network.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from server.meals.counter.errors import MealCodeForged
from server.meals.models import Meal

PREFIX = "Y2:"
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MEALS = (Meal.BREAKFAST, Meal.LUNCH, Meal.DINNER)
FIRST_DAY = date(2000, 1, 1)
CLAIM_BYTES, SIGNATURE_BYTES = 15, 64
CODE_BITS = 20


@dataclass(frozen=True)
class Claim:
    """What a meal code says: of which booking, where and when; signed with which key."""

    key_number: int
    booking_id: int
    canteen_id: int
    service_on: date
    meal: Meal
    code: str


def sign(claim: Claim, private_key: Ed25519PrivateKey) -> str:
    """Return the text of the QR code: 122 signs of its alphanumeric mode."""
    plain = packed(claim)
    return PREFIX + to_base45(plain + private_key.sign(plain))


def read(text: str, public_keys: Mapping[int, bytes]) -> Claim:
    """Return what a code says; raises `MealCodeForged` where no key of the city has signed it."""
    if not text.startswith(PREFIX):
        raise MealCodeForged()
    raw = from_base45(text.removeprefix(PREFIX))
    if raw is None or len(raw) != CLAIM_BYTES + SIGNATURE_BYTES:
        raise MealCodeForged()
    plain, signature = raw[:CLAIM_BYTES], raw[CLAIM_BYTES:]
    claim = unpacked(plain)
    try:
        Ed25519PublicKey.from_public_bytes(public_keys[claim.key_number]).verify(signature, plain)
    except (KeyError, InvalidSignature) as forged:
        raise MealCodeForged() from forged
    return claim


def packed(claim: Claim) -> bytes:
    """Key 1 byte, booking 5, canteen 4, days since 2000 2, meal and six digits 3; big-endian."""
    last = MEALS.index(claim.meal) << CODE_BITS | int(claim.code)
    return (
        claim.key_number.to_bytes(1)
        + claim.booking_id.to_bytes(5)
        + claim.canteen_id.to_bytes(4)
        + (claim.service_on - FIRST_DAY).days.to_bytes(2)
        + last.to_bytes(3)
    )


def unpacked(plain: bytes) -> Claim:
    """Return what `packed` wrote; raises `MealCodeForged` for a meal that there is not."""
    last = int.from_bytes(plain[12:15])
    meal = last >> CODE_BITS
    if meal >= len(MEALS):
        raise MealCodeForged()
    return Claim(
        key_number=plain[0],
        booking_id=int.from_bytes(plain[1:6]),
        canteen_id=int.from_bytes(plain[6:10]),
        service_on=FIRST_DAY + timedelta(days=int.from_bytes(plain[10:12])),
        meal=MEALS[meal],
        code=f"{last & ((1 << CODE_BITS) - 1):06d}",
    )


def to_base45(raw: bytes) -> str:
    """Two bytes as three signs, a last single one as two; the lowest digit first."""
    signs: list[str] = []
    for start in range(0, len(raw), 2):
        pair = raw[start : start + 2]
        number = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            number, digit = divmod(number, 45)
            signs.append(SIGNS[digit])
    return "".join(signs)


def from_base45(text: str) -> bytes | None:
    """Return the bytes, or None for what is no Base45."""
    raw = bytearray()
    for start in range(0, len(text), 3):
        digits = [SIGNS.find(sign) for sign in text[start : start + 3]]
        size = len(digits) - 1
        number = sum(digit * 45**place for place, digit in enumerate(digits))
        if size == 0 or -1 in digits or number >= 256**size:
            return None
        raw += number.to_bytes(size)
    return bytes(raw)
