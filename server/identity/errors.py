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


class PasswordTooWeak(DomainError):
    """The new password is shorter than `least` characters, or would soon be guessed."""

    code = "password-too-weak"
    kind = Kind.INVALID


class SecondStepWrong(DomainError):
    """The code is not the authenticator's of this moment, or was used already."""

    code = "second-step-wrong"
    kind = Kind.INVALID


class SecondStepMissing(DomainError):
    """This sign-in has not passed the second step that the account has."""

    code = "second-step-missing"
    kind = Kind.FORBIDDEN


class PasskeyRefused(DomainError):
    """The passkey is not known here, was revoked, or its answer is not to what was asked."""

    code = "passkey-refused"
    kind = Kind.INVALID


class PasskeyDoubted(DomainError):
    """The passkey has counted backwards, as a copy of it would: it opens nothing any more."""

    code = "passkey-doubted"
    kind = Kind.FORBIDDEN


class PasskeyKnown(DomainError):
    """This passkey has been added before."""

    code = "passkey-known"
    kind = Kind.CONFLICT


class TicketExpired(DomainError):
    """What opened this door ran out, was used, or was replaced by another."""

    code = "ticket-expired"
    kind = Kind.INVALID


class NotOnOneself(DomainError):
    """Nobody manages their own account: a colleague who manages accounts does."""

    code = "not-on-oneself"
    kind = Kind.FORBIDDEN


class DutiesClash(DomainError):
    """One person may not hold these offices at the same time."""

    code = "duties-clash"
    kind = Kind.CONFLICT


class OfficeHeldAlready(DomainError):
    """The person holds this office over this place on some of these days."""

    code = "office-held-already"
    kind = Kind.CONFLICT


class DaysReversed(DomainError):
    """The last day lies before the first."""

    code = "days-reversed"
    kind = Kind.INVALID


class IdDigitsNeeded(DomainError):
    """The account was not used for long, and numbers are given to new people: the last six
    characters of the holder's ID number are asked for."""

    code = "id-digits-needed"
    kind = Kind.INVALID


class IdDigitsWrong(DomainError):
    """These are not the last six characters; `tries_left` remain."""

    code = "id-digits-wrong"
    kind = Kind.INVALID


class WindowNeeded(DomainError):
    """Who this is can only be seen at a window, by papers."""

    code = "window-needed"
    kind = Kind.FORBIDDEN


class ScopeUnknown(DomainError):
    """No resource of the open API has this scope, or the scope has no such field."""

    code = "scope-unknown"
    kind = Kind.INVALID


class ScopeMissing(DomainError):
    """The key does not open this resource."""

    code = "scope-missing"
    kind = Kind.FORBIDDEN


class KeyUnusable(DomainError):
    """No key, or one that is unknown, expired or revoked."""

    code = "key-unusable"
    kind = Kind.UNKNOWN_ACTOR


class PurposeMissing(DomainError):
    """A call with a key says what it is for, in the header `Purpose`."""

    code = "purpose-missing"
    kind = Kind.MALFORMED


class KeyCalledTooOften(DomainError):
    """The key may be used again in `retry_after` seconds."""

    code = "key-called-too-often"
    kind = Kind.TOO_MANY


class KeyLivesTooLong(DomainError):
    """A key lasts at most `days` days."""

    code = "key-lives-too-long"
    kind = Kind.INVALID


class UseTheConsole(DomainError):
    """Whoever needs a second step signs in on the console; the phone app has none for staff."""

    code = "use-the-console"
    kind = Kind.FORBIDDEN
