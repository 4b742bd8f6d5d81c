"""What consents announce, in the same transaction."""

from dataclasses import dataclass

from server.residents.consents.models import Purpose


@dataclass(frozen=True)
class ConsentWithdrawn:
    """A resident no longer agrees to something."""

    resident_id: int
    purpose: Purpose
