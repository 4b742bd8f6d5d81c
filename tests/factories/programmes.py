"""Programmes and cases nobody thought of, for what must hold of every one of them."""

from datetime import date, timedelta

from hypothesis import strategies as st

from server.policies.programmes.schema import Programme
from server.policies.programmes.vocabulary import FACTS, SOURCES, FactKind

FIRST, LAST = date(2025, 12, 1), date(2026, 2, 28)
DAYS = st.dates(FIRST, LAST)
NUMBERS = st.integers(0, 40)
FEN = st.integers(0, 100_000)
FAMILIES = ("voucher", "home_bed", "meals")


@st.composite
def basis(draw):
    """Days in force; most figures hold always, so that something is left to be reckoned."""
    held = {"document": "doc", "clause": "第一条", "from": "2020-01-01"}
    if draw(st.integers(0, 5)):
        return held
    first = draw(DAYS)
    last = draw(st.none() | st.integers(0, 40).map(lambda more: first + timedelta(days=more)))
    return held | {"from": str(first), "to": str(last) if last else None}


def value_of(fact):
    """A value a case may have of a fact."""
    kind = FACTS[fact].kind
    if kind is FactKind.CHOICE:
        return st.sampled_from(FACTS[fact].choices)
    return {
        FactKind.WHOLE: NUMBERS,
        FactKind.FEN: FEN,
        FactKind.YES_NO: st.booleans(),
        FactKind.DAY: DAYS.map(str),
    }[kind]


@st.composite
def cell_of(draw, fact):
    kind, value = FACTS[fact].kind, value_of(fact)
    if kind in (FactKind.CHOICE, FactKind.YES_NO) or draw(st.integers(0, 2)) == 0:
        return draw(value | st.lists(value, min_size=1, max_size=3))
    names = st.sampled_from(["at_least", "at_most", "above", "below"])
    bounds = draw(st.dictionaries(names, value, min_size=1, max_size=2))
    return {name: date.fromisoformat(v) if kind is FactKind.DAY else v
            for name, v in bounds.items()}  # fmt: skip


@st.composite
def when(draw, facts):
    asked = draw(st.lists(st.sampled_from(facts), max_size=2, unique=True))
    return {fact: draw(cell_of(fact)) for fact in asked}


@st.composite
def amount_row(draw, facts, is_last):
    row = {"when": {} if is_last else draw(when(facts)), **draw(basis())}
    shares = [fact for fact in facts if FACTS[fact].kind in (FactKind.FEN, FactKind.WHOLE)]
    if shares and draw(st.booleans()):
        return row | {"percent": draw(st.integers(0, 150)), "of": draw(st.sampled_from(shares))}
    return row | {"fen": draw(FEN)}


@st.composite
def rows_of(draw, one_row, facts):
    many = draw(st.integers(1, 4))
    ends_open = draw(st.booleans())
    return [draw(one_row(facts, ends_open and no == many - 1)) for no in range(many)]


@st.composite
def percent_row(draw, facts, is_last):
    return {
        "when": {} if is_last else draw(when(facts)),
        "percent": draw(st.integers(0, 200)),
        **draw(basis()),
    }


@st.composite
def counts(draw, facts):
    numbers = [fact for fact in facts if FACTS[fact].kind is FactKind.WHOLE]
    by = draw(st.sampled_from(["each", "full_month", "from_days", "by_day"]))
    given = {"by": by, "fact": draw(st.sampled_from(numbers)), **draw(basis())}
    return given | ({"days": draw(NUMBERS)} if by == "from_days" else {})


@st.composite
def cap(draw, facts, name, pers):
    numbers = [fact for fact in facts if FACTS[fact].kind in (FactKind.FEN, FactKind.WHOLE)]
    most = {"fen": draw(FEN)} if draw(st.booleans()) else {"fact": draw(st.sampled_from(numbers))}
    per = draw(st.sampled_from(pers))
    return {"id": name, "per": per, "when": draw(when(facts)), **most, **draw(basis())}


@st.composite
def programmes(draw, *, pers=("line",), families=()):
    """A programme as its file could say it, read again from how a version stores it."""
    source = draw(st.sampled_from(sorted(SOURCES)))
    of = SOURCES[source]
    facts = list(of.facts)
    words = {"zh": "项目", "en": "Programme"}
    content = {
        "programme": "made_up", "name": words, "family": "made_up", "facts": source,
        "beneficiary": of.beneficiary, "payee": of.payee, "period": "month",
        "documents": {"doc": {"title": "文件"}}, "budget_line": "科目",
        "conditions": [
            {"id": f"condition_{no}", "fact": fact, "is": draw(cell_of(fact)), **draw(basis())}
            for no, fact in enumerate(draw(st.lists(st.sampled_from(facts), max_size=2)))
        ],
        "amounts": {
            "stack": draw(st.sampled_from(["sum", "highest"])),
            "tables": [
                {"id": f"table_{no}", "name": words, "rows": draw(rows_of(amount_row, facts)),
                 "must_fit": draw(st.booleans())}
                for no in range(draw(st.integers(1, 3)))
            ],
        },
        "counts": draw(st.none() | counts(facts)),
        "factors": [
            {"id": f"factor_{no}", "name": words, "rows": draw(rows_of(percent_row, facts))}
            for no in range(draw(st.integers(0, 2)))
        ],
        "caps": [draw(cap(facts, f"cap_{no}", pers)) for no in range(draw(st.integers(0, 3)))],
        "rounding": draw(st.none() | rounding()),
        "excludes": [
            {"family": family, **draw(basis())}
            for family in draw(st.lists(st.sampled_from(families), unique=True) if families
                               else st.just([]))
        ],
    }  # fmt: skip
    read = Programme.model_validate(content)
    return Programme.model_validate(read.model_dump(mode="json", by_alias=True))


@st.composite
def rounding(draw):
    unit, how = st.sampled_from(["fen", "jiao", "yuan"]), st.sampled_from(["half_up", "down"])
    return {"unit": draw(unit), "how": draw(how), **draw(basis())}


@st.composite
def cases(draw, programme, *, beneficiary=1):
    """A case as a run froze it: a fact may be unknown, and the day lies at an edge or between."""
    facts = {
        fact: draw(st.none() | value_of(fact) if draw(st.integers(0, 3)) == 0 else value_of(fact))
        for fact in SOURCES[programme.facts].facts
    }
    if "days_of_month" in facts and draw(st.booleans()):
        facts["days_of_month"] = draw(st.sampled_from([28, 29, 30, 31]))
    on_day = draw(DAYS)
    return {
        "beneficiary_id": beneficiary, "on_day": on_day, "month": on_day.replace(day=1),
        "facts": facts,
    }  # fmt: skip
