"""Phones, codes and limits at the door, as plain functions of plain values.

The limits follow the plan of the product (a code lives 5 minutes and bears 5 tries, the next may
be asked for after 60 seconds); no regulation sets them.
"""

from datetime import UTC, datetime, timedelta

import phonenumbers

from server.identity.errors import PhoneNumberUnusable

CODE_LIVES = timedelta(minutes=5)
CODE_TRIES = 5
RESEND_AFTER = timedelta(seconds=60)
ACCOUNT_SIGN_IN_LASTS = timedelta(days=180)
STAFF_SIGN_IN_LASTS = timedelta(hours=8)

CODES_PER_PHONE = (6, timedelta(hours=1))
# Many phones share one address behind a mobile carrier; a single phone has its own limit.
CODES_PER_ADDRESS = (600, timedelta(hours=1))
WRONG_PASSWORDS_PER_NAME = (5, timedelta(minutes=15))
WRONG_PASSWORDS_PER_ADDRESS = (50, timedelta(minutes=15))


def read_phone(text: str) -> str:
    """Return the number as E.164, however it was typed; raises `PhoneNumberUnusable`.

    Spaces, dashes, full-width digits and a leading +86 or 0086 are all understood. A landline is
    refused: no text message reaches it.
    """
    if any(letter.isalpha() for letter in text):
        raise PhoneNumberUnusable()
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException as error:
        raise PhoneNumberUnusable() from error
    if not phonenumbers.is_possible_number(number) or len(str(number.national_number)) < 8:
        raise PhoneNumberUnusable()
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE:
        raise PhoneNumberUnusable()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def window_of(instant: datetime, length: timedelta) -> datetime:
    """Return the beginning of the counting window that an instant falls into."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return instant - (instant - epoch) % length


def seconds_until(instant: datetime, *, now: datetime) -> int:
    """Return whole seconds to wait, at least one."""
    return max(1, -((now - instant) // timedelta(seconds=1)))
