"""Phones, passwords and limits at the door, as plain functions of plain values.

The limits follow the plan of the product (a code lives 5 minutes and bears 5 tries, the next may
be asked for after 60 seconds; staff are signed out after 8 hours, or 30 minutes without use); no
regulation sets them.
"""

from datetime import UTC, datetime, timedelta

import phonenumbers
from zxcvbn import zxcvbn

from server.identity.errors import PasswordTooWeak, PhoneNumberUnusable

Limit = tuple[int, timedelta]

CODE_LIVES = timedelta(minutes=5)
CODE_TRIES = 5
RESEND_AFTER = timedelta(seconds=60)
ACCOUNT_SIGN_IN_LASTS = timedelta(days=180)
STAFF_SIGN_IN_LASTS = timedelta(hours=8)
STAFF_MAY_PAUSE = timedelta(minutes=30)
# A care worker's phone: one working day, however long it lies in a bag between two visits.
WORKER_SIGN_IN_LASTS = timedelta(hours=14)

CODES_PER_PHONE = (6, timedelta(hours=1))
# Many phones share one address behind a mobile carrier; a single phone has its own limit.
CODES_PER_ADDRESS = (600, timedelta(hours=1))
# Five tries are for one who stands at this door. From elsewhere a stranger who knows the name must
# not be able to shut its owner out, so that a name alone bears twenty times as many.
WRONG_PASSWORDS_PER_NAME_AND_ADDRESS = (5, timedelta(minutes=15))
WRONG_PASSWORDS_PER_NAME = (100, timedelta(minutes=15))
WRONG_PASSWORDS_PER_ADDRESS = (50, timedelta(minutes=15))
# Who comes here has given the right password. 30 tries an hour at three codes in a million each
# are one chance in ten thousand.
WRONG_SECOND_STEPS_PER_PERSON_AND_ADDRESS = (5, timedelta(minutes=15))
WRONG_SECOND_STEPS_PER_PERSON = (30, timedelta(hours=1))
WRONG_ID_DIGITS_PER_ACCOUNT = (3, timedelta(days=30))

# Nobody guesses a passkey; these hold off who fills the table of what was asked.
PASSKEYS_ASKED_PER_ADDRESS = (300, timedelta(minutes=15))
WRONG_PASSKEYS_PER_ADDRESS = (50, timedelta(minutes=15))
PASSKEY_CHALLENGE_LIVES = timedelta(minutes=5)
PASSKEY_TRANSPORTS = ("usb", "nfc", "ble", "smart-card", "hybrid", "internal")

SECOND_STEP_LIVES = timedelta(minutes=10)
INVITATION_LIVES = timedelta(hours=72)
KEY_LIVES_AT_MOST = timedelta(days=366)

SHORTEST_PASSWORD = 10
WEIGHED_CHARACTERS = 72  # zxcvbn's own limit; what comes behind only makes it stronger.
STRONG_ENOUGH = 3  # "safely unguessable", zxcvbn's score from 0 to 4
# What is guessed first here, besides the estimator's own lists of what the English-speaking type.
GUESSED_FIRST = (
    "yinling", "yanglao", "minzheng", "laoren", "woaini", "woaini1314", "woaiwojia", "5201314",
    "1314520", "520520", "112233", "789456123", "147258369", "a123456789", "qq123456", "wangyi",
    "zhang123", "li123456", "zxcvbnm123", "jincheng", "shanxi", "beijing", "zhongguo", "aini1314",
    "laopo", "laogong", "baobao", "8888888", "6666666", "168168", "123qwe", "1qaz2wsx", "admin",
)  # fmt: skip


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


def check_password(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Raise `PasswordTooWeak` for one that is short, or found quickly by somebody who tries.

    `about` are words a guesser would begin with: the person's names. Nothing is asked of signs or
    capitals (NIST SP 800-63B §5.1.1.2 advises against it), and nothing leaves the house.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooWeak(least=SHORTEST_PASSWORD)
    known = [word for word in (*about, *GUESSED_FIRST) if word]
    if zxcvbn(password[:WEIGHED_CHARACTERS], user_inputs=known)["score"] < STRONG_ENOUGH:
        raise PasswordTooWeak(least=SHORTEST_PASSWORD)


def device_of(user_agent: str) -> str:
    """Return what kind of browser and machine it is, in two words that anybody knows."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    machine = next((name for mark, name in _MACHINES if mark in user_agent), "")
    return " · ".join(filter(None, (browser, machine)))


_BROWSERS = (("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_MACHINES = (("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPad", "iPad"),
             ("iPhone", "iPhone"), ("Windows", "Windows"), ("Mac OS", "Mac"),
             ("Linux", "Linux"))  # fmt: skip
