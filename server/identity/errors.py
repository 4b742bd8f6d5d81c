"""How the door refuses."""

from server.errors import DomainError, Kind


class PhoneNumberUnusable(DomainError):
    """The text is not a phone number that a message can reach."""

    code = "phone-number-unusable"
    kind = Kind.INVALID


class CodeAskedTooOften(DomainError):
    """Another code may be asked for in `retry_after` seconds."""

    code = "code-asked-too-often"
    kind = Kind.TOO_MANY


class CodeWrong(DomainError):
    """The code is not the one that was sent; `tries_left` remain."""

    code = "code-wrong"
    kind = Kind.INVALID


class CodeExpired(DomainError):
    """No code is open for this phone: it ran out, was used, or was guessed at too often."""

    code = "code-expired"
    kind = Kind.INVALID


class PasswordWrong(DomainError):
    """Name and password do not belong together. Which of the two is wrong is not said."""

    code = "password-wrong"
    kind = Kind.INVALID


class LockedOut(DomainError):
    """Too many wrong tries; the door opens again in `retry_after` seconds."""

    code = "locked-out"
    kind = Kind.TOO_MANY


class SignInNameTaken(DomainError):
    """Somebody signs in under that name already."""

    code = "sign-in-name-taken"
    kind = Kind.CONFLICT
