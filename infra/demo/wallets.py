"""餐费钱包 of the demo: some diners of the first canteens have paid in, one asks for it back."""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Row, insert, text
from sqlmodel import Session, col

from server import clock
from server.ledger.models import PostingKind
from server.ledger.service import Draft, post_all
from server.meals.counter.cards import issue_card
from server.meals.wallets import rules
from server.meals.wallets.keeping import top_up
from server.meals.wallets.models import Via, Wallet, WalletEntry, WalletMove, WalletRequest

# The card of a diner without a phone, to be tried at the tablet.
DEMO_CARD = "8000 0000 0001"
AMOUNTS_FEN = (5_000, 10_000, 20_000)
ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM wallet)")
# Whoever has a phone pays in where they usually eat: a visitor who signs in finds money there.
HOLDERS = text(
    """
    SELECT DISTINCT r.id,
           coalesce(r.usual_canteen_id, (SELECT min(site_id) FROM canteen)) AS site_id
      FROM resident_grant g JOIN resident r ON r.id = g.resident_id
     WHERE r.died_on IS NULL AND r.moved_away_on IS NULL AND r.merged_into_id IS NULL
     ORDER BY 1
    """
)
AT_THE_COUNTER = text(
    "SELECT min(staff_id) FROM staff_role WHERE site_id = :site AND role = 'canteen_staff'"
)
DINERS = text(
    """
    SELECT d.site_id, d.resident_id FROM (
        SELECT l.site_id, l.resident_id, row_number() OVER (
                   PARTITION BY l.site_id ORDER BY l.resident_id) AS n
          FROM care_link l
          JOIN resident r ON r.id = l.resident_id
           AND r.died_on IS NULL AND r.moved_away_on IS NULL AND r.merged_into_id IS NULL
          JOIN site s ON s.id = l.site_id AND s.source_name = 'demo' AND s.opening_state = 'open'
         WHERE NOT EXISTS (SELECT 1 FROM resident_grant g WHERE g.resident_id = l.resident_id)
           AND l.site_id IN (SELECT site_id FROM canteen ORDER BY site_id LIMIT 6)
    ) d WHERE d.n <= 12 ORDER BY 1, 2
    """
)


def are_wallets_there(session: Session) -> bool:
    """True for a demo that has wallets already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_wallets(session: Session) -> int:
    """Pay in for some diners of each canteen, today, and return how many wallets that makes."""
    diners = session.connection().execute(DINERS).all()
    for site_id, of_site in groupby(diners, key=lambda row: row.site_id):
        _pay_in(session, site_id, list(of_site))
    holders = session.connection().execute(HOLDERS).all()
    for one in holders:
        top_up(session, site_id=one.site_id, resident_id=one.id, amount_fen=10_000, key="demo")
    if diners:
        issue_card(session, resident_id=diners[0].resident_id, number=DEMO_CARD)
    return len(diners) + len(holders)


def _pay_in(session: Session, site_id: int, diners: Sequence[Row[tuple[int, int]]]) -> None:
    ids = _open(session, site_id, [row.resident_id for row in diners])
    amounts = {
        wallet_id: AMOUNTS_FEN[number % len(AMOUNTS_FEN)]
        for number, wallet_id in enumerate(ids.values())
    }
    drafts = [_draft(wallet_id, fen) for wallet_id, fen in amounts.items()]
    numbers = post_all(session, drafts, site_id=site_id, posted_on=clock.today())
    counter = session.connection().execute(AT_THE_COUNTER, {"site": site_id}).scalar_one()
    lines = [
        _line(site_id, resident_id, wallet_id, amounts[wallet_id])
        | {"posting_id": numbers[_reference(wallet_id)], "made_by": counter}
        for resident_id, wallet_id in ids.items()
    ]
    session.execute(insert(WalletEntry), lines)
    _ask_for_one(session, lines[0])


def _open(session: Session, site_id: int, residents: Sequence[int]) -> dict[int, int]:
    rows = [{"site_id": site_id, "resident_id": one, "opened_at": clock.now()} for one in residents]
    opened = insert(Wallet).returning(col(Wallet.resident_id), col(Wallet.id))
    return {row.resident_id: row.id for row in session.execute(opened, rows)}


def _reference(wallet_id: int) -> str:
    return f"wallet-top-up:{wallet_id}:demo"


def _draft(wallet_id: int, amount_fen: int) -> Draft:
    amounts = rules.postings_of(amount_fen, Via.CASH)
    subject = rules.subject_of(wallet_id)
    return Draft(subject, PostingKind.TOP_UP, _reference(wallet_id), amounts)


def _line(site_id: int, resident_id: int, wallet_id: int, amount_fen: int) -> dict[str, object]:
    return {
        "wallet_id": wallet_id,
        "site_id": site_id,
        "resident_id": resident_id,
        "move": WalletMove.TOP_UP,
        "via": Via.CASH,
        "amount_fen": amount_fen,
        "balance_fen": amount_fen,
        "made_on": clock.today(),
        "made_at": clock.now(),
        "note": "",
    }


def _ask_for_one(session: Session, line: dict[str, object]) -> None:
    request = {name: line[name] for name in ("wallet_id", "site_id", "resident_id")}
    session.execute(
        insert(WalletRequest),
        [
            request
            | {
                "kind": "refund",
                "state": "open",
                "reason": "要去儿子家住",
                "asked_at": clock.now(),
                "note": "",
            }
        ],
    )
