"""What a home is, and what the city pays of what it costs: plain figures."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What stands behind a number of a building, a stair or a flat, however it is written.
BEHIND_NUMBERS = re.compile(r"(?<=\d)(号楼|号院|楼|栋|幢|座|单元|层|室|号|户|院)")
NOT_WORDS = re.compile(r"[^\w-]+")
DASHES = re.compile(r"-{2,}")
WHOLE = 100


@dataclass(frozen=True)
class Parts:
    """What something costs, what the city pays of it, and what is left: they sum exactly."""

    cost_fen: int
    grant_fen: int
    own_pay_fen: int


def home_key(village_code: str, address: str) -> str:
    """Return the home: `3号楼2单元501室` and `3-2-501` of a village are one."""
    folded = unicodedata.normalize("NFKC", address).casefold().replace("號", "号")
    numbered = BEHIND_NUMBERS.sub("-", NOT_WORDS.sub("", folded))
    return f"{village_code}/{DASHES.sub('-', numbered).strip('-')}"


def part(cost_fen: int, *, rate_percent: int, cap_fen: int) -> Parts:
    """Part a cost by a rate, half a fen up, and a cap; what is left is paid by the elder."""
    grant_fen = min((cost_fen * rate_percent + WHOLE // 2) // WHOLE, cap_fen, cost_fen)
    return Parts(cost_fen, grant_fen, cost_fen - grant_fen)


def figures_for(tier: str, grants: Mapping[str, Any]) -> tuple[int, int]:
    """Return the rate in percent and the cap in fen of a group."""
    of = grants[tier]
    return int(of["rate_percent"]), int(of["cap_fen"])
