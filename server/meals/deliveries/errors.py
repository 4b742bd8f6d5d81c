"""How deliveries refuse."""

from server.errors import DomainError, Kind


class NothingToCarry(DomainError):
    """Every meal of the sitting that goes to a door is in a round already, or none does."""

    code = "nothing-to-carry"
    kind = Kind.CONFLICT


class DeliveryCodeWrong(DomainError):
    """The six digits are not those of this meal."""

    code = "delivery-code-wrong"
    kind = Kind.INVALID


class RoundNotSealed(DomainError):
    """The boxes are sealed at the canteen before they go out."""

    code = "round-not-sealed"
    kind = Kind.CONFLICT


class DropSettled(DomainError):
    """It was said already what became of this meal."""

    code = "drop-settled"
    kind = Kind.CONFLICT
