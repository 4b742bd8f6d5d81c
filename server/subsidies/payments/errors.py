"""How payments refuse."""

from server.errors import DomainError, Kind


class BudgetMissing(DomainError):
    """No budget of this year is there for the runs. `run_ids` are those without this one."""

    code = "subsidy-budget-missing"
    kind = Kind.CONFLICT


class RunNotPayable(DomainError):
    """A run is paid after its public notice, and no trial ever. `run_id` is which."""

    code = "subsidy-run-not-payable"
    kind = Kind.CONFLICT


class LinesInQuestion(DomainError):
    """Findings have come in since about lines of the batch. `lines` is how many."""

    code = "subsidy-lines-in-question"
    kind = Kind.CONFLICT


class NothingToPay(DomainError):
    """Every line is paid or in a batch, or no payee has an account that is not known to fail,
    or nobody has confirmed that what failed did."""

    code = "subsidy-nothing-to-pay"
    kind = Kind.CONFLICT


class BatchNotSo(DomainError):
    """The batch is not in a state in which this can be done. `state` is the one it is in."""

    code = "subsidy-batch-not-so"
    kind = Kind.CONFLICT


class BatchChanged(DomainError):
    """The batch is not what it was when it was made; nothing goes on from there."""

    code = "subsidy-batch-changed"
    kind = Kind.CONFLICT


class BankFileMissing(DomainError):
    """The file for the bank is made before the batch is sent."""

    code = "subsidy-bank-file-missing"
    kind = Kind.CONFLICT


class BankFileMade(DomainError):
    """The file of this batch was made before, and stays as it is."""

    code = "subsidy-bank-file-made"
    kind = Kind.CONFLICT


class PaymentsOpen(DomainError):
    """The bank has not said what became of every payment. `open_fen` is the sum of the others."""

    code = "subsidy-payments-open"
    kind = Kind.CONFLICT


class StatementDiffers(DomainError):
    """The bank's statement is not the sum that was paid. `by_fen` is the difference."""

    code = "subsidy-statement-differs"
    kind = Kind.CONFLICT


class LayoutUnknown(DomainError):
    """No bank's form has this name."""

    code = "bank-layout-unknown"
    kind = Kind.INVALID


class SiteAccountWaits(DomainError):
    """An account of this site waits for a decision already."""

    code = "site-account-waits"
    kind = Kind.CONFLICT
