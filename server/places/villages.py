"""In which village somebody lives, as far as an address says so; never a guess."""

import re
from collections.abc import Iterable, Mapping

from server.places.models import CODE_LENGTH, DivisionLevel
from server.places.rules import Found, Said

COMMITTEE = re.compile(r"(?:村民|居民|村|居)?委(?:员)?会$")
SHORTEST_NAME = 3


class VillageFinder:
    """Finds the village that an address names, among the divisions of a city (code → name).

    A town or county that the address names too must be the village's own: 东沟村 alone may be five
    villages, and then is none; 下村镇东沟村 is one.
    """

    def __init__(self, divisions: Mapping[str, str]) -> None:
        self._by_beginning: dict[str, list[tuple[str, str]]] = {}
        self._areas: dict[str, set[str]] = {}
        for code, name in divisions.items():
            if len(code) == CODE_LENGTH[DivisionLevel.VILLAGE]:
                self._learn(code, name, divisions.get(code[: CODE_LENGTH[DivisionLevel.TOWN]], ""))
            elif len(code) > CODE_LENGTH[DivisionLevel.CITY] and len(name) >= SHORTEST_NAME:
                self._areas.setdefault(name, set()).add(code)

    def find(self, address: str) -> Found:
        """Return the one village whose name stands in the address."""
        bare = re.sub(r"\s", "", address)
        codes = self._in_the_named_areas(self._named_in(bare), bare)
        if len(codes) > 1:
            return Found(None, Said.SEVERAL)
        return Found(codes.pop(), Said.NAME) if codes else Found(None, Said.NOTHING)

    def _learn(self, code: str, name: str, town: str) -> None:
        for form in _forms(name, town):
            self._by_beginning.setdefault(form[:2], []).append((form, code))

    def _named_in(self, bare: str) -> set[str]:
        """The villages whose names stand there, unless as a part of a longer one."""
        held = {
            (form, code)
            for at in range(len(bare))
            for form, code in self._by_beginning.get(bare[at : at + 2], ())
            if bare.startswith(form, at)
        }
        forms = {form for form, _ in held}
        whole = {
            form for form in forms if not any(form != longer and form in longer for longer in forms)
        }
        return {code for form, code in held if form in whole}

    def _in_the_named_areas(self, codes: Iterable[str], bare: str) -> set[str]:
        for length in (CODE_LENGTH[DivisionLevel.TOWN], CODE_LENGTH[DivisionLevel.COUNTY]):
            named = {
                area
                for name, areas in self._areas.items()
                if name in bare
                for area in areas
                if len(area) == length
            }
            if named:
                codes = {code for code in codes if code[:length] in named}
        return set(codes)


def _forms(name: str, town: str) -> set[str]:
    """How people write a village: 东沟村委会 is 东沟村, or 东沟 right behind its town."""
    core = COMMITTEE.sub("", name)
    if name.endswith(("村委会", "村民委员会")) and not core.endswith("村"):
        forms = {name, f"{core}村", f"{core}村民委员会", *([town + core] if town else [])}
    else:
        forms = {name, core, *([town + core] if town else [])}
    return {form for form in forms if len(form) >= min(SHORTEST_NAME, len(name))}
