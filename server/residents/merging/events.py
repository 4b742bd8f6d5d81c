"""What the contexts above are asked before two residents become one."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Collision:
    """Something that both have and one person cannot: which (`code`), and on which days."""

    code: str
    days: Sequence[str] = ()


@dataclass(frozen=True)
class MergeConsidered:
    """Two residents, held still, shall be one: whoever knows why not adds a collision."""

    kept_id: int
    merged_id: int
    collisions: list[Collision] = field(default_factory=list)
