"""Codes that are used once: read out, typed from paper, or shown by an authenticator (RFC 6238)."""

import hmac
import secrets
import unicodedata
from datetime import datetime

import pyotp

ISSUER = "银龄 Yinling"
SECONDS_OF_A_STEP = 30
# A clock that is half a minute off either way still opens.
STEPS_AROUND = (0, -1, 1)

# Neither 0 and O nor 1, I and L: what is written down must be read again.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS_OF_AN_INVITATION = 3
GROUPS_OF_A_RECOVERY_CODE = 2
LETTERS_OF_A_GROUP = 5


def new_code(groups: int) -> str:
    """Return a code such as `7KM2X-PQ94R`; each group holds 25 bits."""
    return "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(LETTERS_OF_A_GROUP)) for _ in range(groups)
    )


def read_code(text: str) -> str:
    """Return the letters of a code however it was typed: small, spaced, full-width, undashed."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in plain if letter.isalnum())


def new_secret() -> str:
    """Return a secret for an authenticator, 160 bits in base32."""
    return pyotp.random_base32()


def address_of(secret: str, *, sign_in_name: str) -> str:
    """Return the `otpauth:` address that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=sign_in_name, issuer_name=ISSUER)


def step_at(moment: datetime) -> int:
    """Return which half minute it is since 1970."""
    return int(moment.timestamp()) // SECONDS_OF_A_STEP


def code_of(secret: str, step: int) -> str:
    """Return the six digits of a half minute."""
    return pyotp.HOTP(secret).at(step)


def matching_step(secret: str, typed: str, *, at: datetime) -> int | None:
    """Return the half minute, now or next to now, whose code was typed; None for any other text."""
    digits = read_code(typed)
    now = step_at(at)
    matching = [
        now + around
        for around in STEPS_AROUND
        if hmac.compare_digest(code_of(secret, now + around).encode(), digits.encode())
    ]
    return matching[0] if matching else None


def grouped_secret(secret: str) -> str:
    """Return a secret in groups of four, as it is typed by hand."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
