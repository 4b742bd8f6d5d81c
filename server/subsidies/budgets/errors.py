"""How budgets refuse."""

from server.errors import DomainError, Kind


class BudgetTooSmall(DomainError):
    """The budget lacks so much. `over_fen` is by how much it would be exceeded."""

    code = "subsidy-budget-too-small"
    kind = Kind.CONFLICT


class BudgetInUse(DomainError):
    """A budget is not lowered below what is reserved and paid of it."""

    code = "subsidy-budget-in-use"
    kind = Kind.CONFLICT
