"""Who is to be paid of runs, how much, and to which account in force on a day."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.types import Date
from sqlmodel import Session

from server.caregivers.models import PAYEE_FIELD
from server.residents.facts.models import ACCOUNT_FIELD
from server.secrets.fields import keyring
from server.subsidies.payments.models import SITE_ACCOUNT_FIELD


class Standing(StrEnum):
    """Whether a payee can be paid now, and if not, why."""

    READY = "ready"
    NO_ACCOUNT = "no_account"  # 未登记收款账户
    FAILED_ACCOUNT = "failed_account"  # 上次发放失败，账户未更正
    RETURN_UNCONFIRMED = "return_unconfirmed"  # 回盘称未到账，待他人核对


# The field each account is sealed for.
FIELDS = {"site": SITE_ACCOUNT_FIELD, "resident": ACCOUNT_FIELD, "caregiver": PAYEE_FIELD}

# Not held out of its run, nor a correction of what is: such a line is not paid, nor taken back.
NOT_HELD = (
    "NOT EXISTS (SELECT 1 FROM subsidy_held_line h WHERE h.run_id = l.run_id"
    " AND h.number = l.number AND h.put_back_at IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM subsidy_held_line h WHERE h.run_id = l.of_run_id"
    " AND h.number = l.of_number AND h.put_back_at IS NULL)"
)
# A blocking finding about it is open, or true with nothing done about it.
IN_QUESTION = (
    "EXISTS (SELECT 1 FROM finding_line n JOIN finding f ON f.id = n.finding_id"
    " WHERE n.run_id = l.run_id AND n.number = l.number AND f.state IN ('open', 'true')"
    " AND f.kind = ANY (blocking_finding_kinds()))"
)
# About an elder who was entered twice, and whose other line of the month goes out.
DOUBLED = "r.merged_into_id IS NOT NULL AND is_doubled(l.run_id, l.number)"
# Lines of runs that are due, neither held out, in question nor doubled, and in no live payment,
# each with its payee.
OPEN_LINES = f"""
    SELECT l.run_id, l.number, l.amount_fen, v.content ->> 'payee' AS payee_kind,
           CASE WHEN v.content ->> 'payee' = 'site' THEN l.site_id
                WHEN v.content ->> 'payee' = 'caregiver' THEN l.caregiver_id
                WHEN r.merged_into_id IS NULL THEN l.resident_id
                ELSE kept_of(l.resident_id) END AS payee_id
      FROM subsidy_line l
      JOIN subsidy_run s ON s.id = l.run_id
      JOIN policy_version v ON v.id = s.version_id
      LEFT JOIN resident r ON r.id = l.resident_id
     WHERE l.run_id = ANY(:runs) AND l.outcome = 'due' AND l.amount_fen > 0
       AND {NOT_HELD} AND NOT {IN_QUESTION} AND NOT coalesce({DOUBLED}, false)
       AND NOT EXISTS (SELECT 1 FROM subsidy_payment_line x
                        WHERE x.run_id = l.run_id AND x.number = l.number AND x.is_live)
"""
PAYEES = text(
    f"""
    WITH open AS MATERIALIZED ({OPEN_LINES}),
    tried AS MATERIALIZED (
        SELECT x.run_id, x.number, p.payee_kind, p.payee_id, p.account_digest,
               b.confirmed_at IS NULL AS is_unconfirmed
          FROM subsidy_payment p JOIN subsidy_payment_line x ON x.payment_id = p.id
          LEFT JOIN subsidy_bank_return b ON b.id = p.return_id
         WHERE p.state = 'failed' AND x.run_id = ANY(:runs)),
    payee AS (
        SELECT payee_kind, payee_id, sum(amount_fen)::bigint AS gross_fen, count(*) AS lines,
               bool_or((run_id, number) IN
                       (SELECT run_id, number FROM tried WHERE is_unconfirmed)) AS is_unconfirmed
          FROM open GROUP BY payee_kind, payee_id),
    failed AS (SELECT DISTINCT payee_kind, payee_id, account_digest FROM tried)
    SELECT p.payee_kind, p.payee_id, p.gross_fen, p.lines,
           coalesce(t.name, e.name, c.name, '') AS payee_name,
           coalesce(w.bank, a.bank, c.payee_bank, '') AS bank,
           coalesce(w.holder_name, a.holder_name, c.name, '') AS holder_name,
           coalesce(w.account_cipher, a.account_cipher, c.payee_cipher) AS account_cipher,
           coalesce(w.account_digest, a.account_digest, c.payee_digest) AS account_digest,
           coalesce(w.last_four, a.last_four, '') AS last_four,
           CASE WHEN p.is_unconfirmed THEN 'return_unconfirmed'
                WHEN coalesce(w.account_digest, a.account_digest, c.payee_digest) IS NULL
                THEN 'no_account'
                WHEN f.account_digest IS NOT NULL THEN 'failed_account'
                ELSE 'ready' END AS standing
      FROM payee p
      LEFT JOIN site t ON p.payee_kind = 'site' AND t.id = p.payee_id
      LEFT JOIN LATERAL (
          SELECT bank, holder_name, account_cipher, account_digest, last_four
            FROM subsidy_site_account
           WHERE p.payee_kind = 'site' AND site_id = p.payee_id AND state = 'accepted'
             AND starts_on <= :day
           ORDER BY starts_on DESC, id DESC LIMIT 1) w ON true
      LEFT JOIN resident e ON p.payee_kind = 'resident' AND e.id = p.payee_id
      LEFT JOIN payee_account a ON p.payee_kind = 'resident' AND a.resident_id = p.payee_id
           AND a.starts_on <= :day AND (a.ends_on IS NULL OR a.ends_on > :day)
      LEFT JOIN caregiver c ON p.payee_kind = 'caregiver' AND c.id = p.payee_id
      LEFT JOIN failed f ON f.payee_kind = p.payee_kind AND f.payee_id = p.payee_id
           AND f.account_digest = coalesce(w.account_digest, a.account_digest, c.payee_digest)
     ORDER BY p.payee_kind, p.payee_id
    """
).bindparams(bindparam("day", type_=Date))


def list_payees(session: Session, run_ids: Sequence[int], *, day: date) -> Sequence[Row[Any]]:
    """Return payee → what is open of these runs, with the account in force and the standing.

    As far as row security lets the caller see; `making` reaches everywhere.
    """
    return session.connection().execute(PAYEES, {"runs": list(run_ids), "day": day}).all()


def last_four_of(row: Row[Any]) -> str:
    """Return the last digits of a payee's account, opened for that where no register has them."""
    return row.last_four or account_of(row.payee_kind, row.account_cipher)[-4:]


def account_of(payee_kind: str, sealed: bytes) -> str:
    """Return the whole number of an account; its reader has said why."""
    return keyring().decrypt(bytes(sealed), FIELDS[payee_kind])
