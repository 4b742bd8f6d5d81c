"""Second factors of staff: a TOTP secret under the field keys, and codes on paper beside it."""

from sqlalchemy import Update, delete, func, insert, literal, or_, select, update
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.identity import one_time, queries
from server.identity.errors import SecondStepWrong, TicketExpired
from server.identity.models import RecoveryCode, SecondFactor, Staff
from server.secrets.fields import keyring

SECRET_FIELD = "second_factor.secret"
RECOVERY_CODES = 10


def begin_second_factor(session: Session, staff_id: int) -> None:
    """Make a secret to be scanned; one that waits to be confirmed stays, a confirmed one too."""
    if session.get(SecondFactor, staff_id) is None:
        session.add(_fresh(staff_id))
        session.flush()


def begin_again(session: Session) -> None:
    """Let the signed-in person change to another authenticator: the old one ends here.

    The recovery codes end with it. Their present sign-in goes on; whoever leaves before confirming
    is led through the set-up at the next sign-in.
    """
    staff_id = actor_of(session).staff_id or 0
    fresh = _fresh(staff_id)
    factor = session.get(SecondFactor, staff_id)
    if factor is None:
        session.add(fresh)
    else:
        factor.secret_cipher, factor.begun_at = fresh.secret_cipher, fresh.begun_at
        factor.confirmed_at = factor.last_step = None
    _forget_recovery_codes(session, staff_id)
    session.flush()


def confirm_second_factor(session: Session, staff_id: int, typed: str) -> list[str]:
    """Confirm that the authenticator holds the secret; returns the recovery codes, shown once.

    Raises `SecondStepWrong`, and `TicketExpired` where nothing waits to be confirmed.
    """
    factor = session.get(SecondFactor, staff_id)
    if factor is None or factor.confirmed_at is not None:
        raise TicketExpired()
    use_code(session, factor, typed)
    factor.confirmed_at = clock.now()
    session.flush()
    return make_recovery_codes(session, staff_id)


def use_code(session: Session, factor: SecondFactor, typed: str) -> None:
    """Take the authenticator's code of this moment; raises `SecondStepWrong` if it was taken.

    Two who come with the same code at the same time: the database lets one of them through.
    """
    step = one_time.matching_step(secret_of(factor), typed, at=clock.now())
    if step is None:
        raise SecondStepWrong()
    taken = update(SecondFactor).where(
        col(SecondFactor.staff_id) == factor.staff_id,
        or_(col(SecondFactor.last_step).is_(None), col(SecondFactor.last_step) < step),
    )
    _check_one(session, taken.values(last_step=step))


def use_recovery_code(session: Session, staff_id: int, typed: str) -> None:
    """Take a code from paper, once; raises `SecondStepWrong`."""
    used = update(RecoveryCode).where(
        col(RecoveryCode.staff_id) == staff_id,
        col(RecoveryCode.code_digest) == _digest(staff_id, typed),
        col(RecoveryCode.used_at).is_(None),
    )
    _check_one(session, used.values(used_at=clock.now()))


def make_recovery_codes(session: Session, staff_id: int) -> list[str]:
    """Return ten new codes; those of before open nothing any more."""
    _forget_recovery_codes(session, staff_id)
    codes = [one_time.new_code(one_time.GROUPS_OF_A_RECOVERY_CODE) for _ in range(RECOVERY_CODES)]
    session.execute(
        insert(RecoveryCode),
        [{"staff_id": staff_id, "code_digest": _digest(staff_id, code)} for code in codes],
    )
    return codes


def count_recovery_codes(session: Session, staff_id: int) -> int:
    """Return how many codes on paper still open."""
    left = select(func.count()).where(
        col(RecoveryCode.staff_id) == staff_id, col(RecoveryCode.used_at).is_(None)
    )
    return int(session.execute(left).scalar_one())


def own_second_factor(session: Session) -> SecondFactor | None:
    """Return the second factor of the signed-in person."""
    return session.get(SecondFactor, actor_of(session).staff_id)


def secret_of(factor: SecondFactor) -> str:
    """Return the secret, in base32."""
    return keyring().decrypt(factor.secret_cipher, SECRET_FIELD)


def seal_secret(secret: str) -> bytes:
    """Return the secret as it is stored."""
    return keyring().encrypt(secret, SECRET_FIELD)


def otpauth_of(session: Session, factor: SecondFactor) -> str:
    """Return the address that goes into the QR code."""
    staff: Staff = queries.get_staff(session, factor.staff_id)
    return one_time.address_of(secret_of(factor), sign_in_name=staff.sign_in_name)


def _fresh(staff_id: int) -> SecondFactor:
    secret = seal_secret(one_time.new_secret())
    return SecondFactor(staff_id=staff_id, secret_cipher=secret, begun_at=clock.now())


def _forget_recovery_codes(session: Session, staff_id: int) -> None:
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))


def _digest(staff_id: int, code: str) -> bytes:
    return keyring().digest(f"{staff_id}:{one_time.read_code(code)}", "recovery_code")


def _check_one(session: Session, statement: Update) -> None:
    """Raise `SecondStepWrong` unless the statement found its row."""
    done = session.execute(
        statement.returning(literal(1)), execution_options={"synchronize_session": False}
    )
    if done.first() is None:
        raise SecondStepWrong()
