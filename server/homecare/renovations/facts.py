"""What is known of a renovation on a day, as the rules look at it."""

from dataclasses import dataclass

from server.providers.models import CreditStatus, OpeningState


@dataclass(frozen=True)
class Facts:
    """One renovation on one day; None is what nobody has said yet."""

    lives_here: bool = True
    has_trade_in: bool = False
    has_full_bed_grant: bool = False
    items: int = 0
    rooms_not_seen_before: int = 0
    rooms_not_seen_after: int = 0
    photos_elsewhere: int = 0
    photos_again: int = 0
    site_id: int | None = None
    opening: OpeningState | None = None
    serves_homes: bool = False
    credit: CreditStatus | None = None
    is_quoted: bool = False
    invoice_ref: str | None = None
    accepted_by: int = 0

    @property
    def is_provider_qualified(self) -> bool:
        """A provider of care at home that is open and not on the list of the dishonest (S21)."""
        return (
            self.opening is OpeningState.OPEN
            and self.serves_homes
            and self.credit is not CreditStatus.DISHONEST
        )
