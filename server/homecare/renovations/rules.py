"""What a home is, and what the city pays of what it costs: plain figures."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What stands behind a number of a building, a stair or a flat, however it is written.
BEHIND_NUMBERS = re.compile(r"(?<=\d)(号楼|号院|楼|栋|幢|座|单元|层|室|号|户|院|门)")
# Numbers in characters, where a building, a stair or a flat follows: 五一路 stays a road.
IN_CHARACTERS = re.compile(r"[〇零一二三四五六七八九十百]+(?=号|楼|栋|幢|座|单元|层|室|户|院|门)")
DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
TENS = {"十": 10, "百": 100}
TRADITIONAL = str.maketrans("號樓棟單層門戶", "号楼栋单层门户")
BETWEEN_NUMBERS = re.compile(r"(?<=\d)[^\w]+(?=\d)")
NOT_WORDS = re.compile(r"[^\w-]+")
LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
DASHES = re.compile(r"-{2,}")
WHOLE = 100


@dataclass(frozen=True)
class Parts:
    """What something costs, what the city pays of it, and what is left: they sum exactly."""

    cost_fen: int
    grant_fen: int
    own_pay_fen: int


def home_key(village_code: str, address: str) -> str:
    """Return the home: `三号楼2单元501室`, `3-2-501` and `3 2 0501` of a village are one."""
    folded = unicodedata.normalize("NFKC", address).casefold().translate(TRADITIONAL)
    counted = IN_CHARACTERS.sub(lambda found: _number(found.group()), folded)
    parted = NOT_WORDS.sub("", BETWEEN_NUMBERS.sub("-", counted))
    numbered = LEADING_ZEROS.sub("", BEHIND_NUMBERS.sub("-", parted))
    return f"{village_code}/{DASHES.sub('-', numbered).strip('-')}"


def _number(characters: str) -> str:
    """Return `12` for 十二, `120` for 一百二十, and sign by sign `501` for 五零一."""
    if not TENS.keys() & set(characters):
        return "".join(str(DIGITS[sign]) for sign in characters)
    whole, sign_before = 0, None
    for sign in characters:
        if sign in TENS:
            whole += TENS[sign] * (1 if sign_before is None else sign_before)
            sign_before = None
        else:
            sign_before = DIGITS[sign]
    return str(whole + (sign_before or 0))


def part(cost_fen: int, *, rate_percent: int, cap_fen: int) -> Parts:
    """Part a cost by a rate, half a fen up, and a cap; what is left is paid by the elder."""
    grant_fen = min((cost_fen * rate_percent + WHOLE // 2) // WHOLE, cap_fen, cost_fen)
    return Parts(cost_fen, grant_fen, cost_fen - grant_fen)


def figures_for(tier: str, grants: Mapping[str, Any]) -> tuple[int, int]:
    """Return the rate in percent and the cap in fen of a group."""
    of = grants[tier]
    return int(of["rate_percent"]), int(of["cap_fen"])
