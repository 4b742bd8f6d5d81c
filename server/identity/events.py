"""What the contexts above are told of accounts."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class AccountsClosed:
    """Accounts that were open are closed from now on; nobody signs in by them any more."""

    account_ids: Sequence[int]
