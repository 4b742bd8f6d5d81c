"""What is known of a bed at home on a day, as the rules look at it."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from server.providers.models import CreditStatus, OpeningState
from server.residents.assessments.models import AbilityLevel


@dataclass(frozen=True)
class Facts:
    """One bed on one day; None is what nobody has said yet."""

    today: date
    lives_here: bool = True
    level: AbilityLevel | None = None
    site_id: int | None = None
    opening: OpeningState | None = None
    serves_homes: bool = False
    credit: CreditStatus | None = None
    notice_ends_on: date | None = None
    open_objections: int = 0
    agreement_starts_on: date | None = None
    agreement_ends_on: date | None = None
    agreement_months: int = 3
    installed_on: date | None = None
    inventory: str = ""
    call_devices: int = 0
    call_devices_needed: int = 0
    accepted_by: int = 0
    is_in_another_bed: bool = False
    is_consent_withdrawn: bool = False

    @property
    def is_disabled(self) -> bool:
        """Mild or worse by GB/T 42195: 《家庭养老床位服务基本规范》."""
        return self.level is not None and self.level is not AbilityLevel.INTACT

    @property
    def is_provider_qualified(self) -> bool:
        """A provider of care at home that is open and not on the list of the dishonest (S21)."""
        return (
            self.opening is OpeningState.OPEN
            and self.serves_homes
            and self.credit is not CreditStatus.DISHONEST
        )

    @property
    def is_notice_over(self) -> bool:
        """Nobody can object any more: from the day on which the notice ends."""
        return self.notice_ends_on is not None and self.notice_ends_on <= self.today

    @property
    def is_agreement_long_enough(self) -> bool:
        """An agreement of so many months, three by Nanjing's rule (S22)."""
        if self.agreement_starts_on is None or self.agreement_ends_on is None:
            return False
        return self.agreement_ends_on >= months_after(
            self.agreement_starts_on, self.agreement_months
        )

    @property
    def is_agreement_in_force(self) -> bool:
        """Today lies within the agreement, whose last day is the one before its end."""
        if self.agreement_starts_on is None or self.agreement_ends_on is None:
            return False
        return self.agreement_starts_on <= self.today < self.agreement_ends_on

    @property
    def is_installed(self) -> bool:
        """What was built stands there, on a day, and is listed; and the ledger holds as many
        devices that call for help as were needed when it was built (domain.md §1b, S21)."""
        is_listed = self.installed_on is not None and self.inventory != ""
        return is_listed and self.call_devices >= self.call_devices_needed


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
