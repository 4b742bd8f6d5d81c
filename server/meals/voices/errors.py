"""How words about meals refuse."""

from server.errors import DomainError, Kind


class MealNotEaten(DomainError):
    """Only a meal that was handed out has a taste."""

    code = "meal-not-eaten"
    kind = Kind.CONFLICT


class RatingIsFinal(DomainError):
    """The face was given more than a day ago."""

    code = "rating-is-final"
    kind = Kind.CONFLICT


class VoiceAnswered(DomainError):
    """It was answered, or handed to the canteen, already."""

    code = "voice-answered"
    kind = Kind.CONFLICT


class VoiceNotAnswered(DomainError):
    """Nobody has answered yet; only an answer can be said to solve nothing."""

    code = "voice-not-answered"
    kind = Kind.CONFLICT


class VoiceFollowed(DomainError):
    """It was said already that the answer solved nothing."""

    code = "voice-followed"
    kind = Kind.CONFLICT


class VoiceWithCounty(DomainError):
    """An answer solved nothing: the county answers now, or hands it to the canteen."""

    code = "voice-with-county"
    kind = Kind.FORBIDDEN
