"""What is approved, and asks for no notice, can be paid at once."""

from sqlalchemy import text
from sqlmodel import Session

RELEASE = text(
    """
    UPDATE subsidy_run r SET stage = 'payable'
      FROM policy_version v
     WHERE r.id = :run AND r.stage = 'approved' AND v.id = r.version_id
       AND jsonb_typeof(v.content -> 'notice') IS DISTINCT FROM 'object'
    """
)


def release_without_notice(session: Session, run_id: int) -> None:
    """Let an approved run be paid where its programme asks for no notice. Harmless twice."""
    session.connection().execute(RELEASE, {"run": run_id})
