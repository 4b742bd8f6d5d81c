"""Facts that hold from a day to a day, at most one of each kind on any day."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, key, refers_to, sealed
from server.residents.models import Relation

CERTIFICATE_FIELD = "disability_certificate.number"
ACCOUNT_FIELD = "payee_account.account"


class HukouKind(StrEnum):
    """户口性质; 国发〔2014〕25号 (九) does away with the first two, older books still say them."""

    UNIFIED = "unified"  # 居民户口
    AGRICULTURAL = "agricultural"  # 农业户口
    NON_AGRICULTURAL = "non_agricultural"  # 非农业户口


class DisabilityCategory(StrEnum):
    """残疾类别 (GB/T 26341, 残联发〔2017〕34号), in the order of their digits on a certificate."""

    VISION = "vision"  # 1 视力
    HEARING = "hearing"  # 2 听力
    SPEECH = "speech"  # 3 言语
    PHYSICAL = "physical"  # 4 肢体
    INTELLECTUAL = "intellectual"  # 5 智力
    MENTAL = "mental"  # 6 精神
    MULTIPLE = "multiple"  # 7 多重


class Incapacity(StrEnum):
    """What somebody with a guardian can still do in law (民法典 第21、22条)."""

    LIMITED = "limited"  # 限制民事行为能力
    NONE = "none"  # 无民事行为能力


class GuardianBasis(StrEnum):
    """On what a guardianship rests (民法典 第28—33条)."""

    STATUTORY = "statutory"  # 法定监护, 第28条
    AGREED = "agreed"  # 协议或意定监护, 第30、33条
    APPOINTED = "appointed"  # 居委会、村委会、民政部门或法院指定, 第31条
    PUBLIC = "public"  # 民政部门或居委会、村委会担任, 第32条


class CareScheme(StrEnum):
    """With which medical insurance the long-term-care insurance goes (医保发〔2020〕37号)."""

    EMPLOYEE = "employee"  # 职工
    URBAN_RURAL = "urban_rural"  # 城乡居民


def one_a_day(table: str) -> tuple[Any, ...]:
    """Constraints of a period with `resident_id`: days in order, and no two over the same day."""
    return (
        CheckConstraint("ends_on >= starts_on", name="ends_not_before_start"),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')",
            name="days_fit_the_fold",
        ),
        ExcludeConstraint(
            (
                text(
                    "int8range(resident_id * 100000 + (starts_on - DATE '1900-01-01'),"
                    " resident_id * 100000 + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            name=f"ex_{table}_one_a_day",
        ),
    )


class Hukou(Table, table=True):
    """户籍: in a division of this city, or at a `place` elsewhere."""

    __tablename__ = "hukou"
    __table_args__ = (
        *one_a_day("hukou"),
        CheckConstraint("(division_code IS NULL) = (place <> '')", name="here_or_elsewhere"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    kind: HukouKind = chosen_from(HukouKind)
    division_code: str | None = Field(
        default=None, sa_column=Column(Text, ForeignKey("division.code"), nullable=True)
    )
    place: str = Field(default="", max_length=100)
    starts_on: date
    ends_on: date | None = None


class DisabilityCertificate(Table, table=True):
    """残疾人证: category and grade stand in plain, as ability levels do; the number is sealed."""

    __tablename__ = "disability_certificate"
    __table_args__ = (
        *one_a_day("disability_certificate"),
        CheckConstraint("grade BETWEEN 1 AND 4", name="grade_is_known"),
        CheckConstraint(
            "(number_cipher IS NULL) = (number_digest IS NULL)", name="number_is_whole"
        ),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    category: DisabilityCategory = chosen_from(DisabilityCategory)
    grade: int
    number_cipher: bytes | None = sealed(optional=True)
    number_digest: bytes | None = sealed(optional=True)
    starts_on: date
    ends_on: date | None = None


class Guardianship(Table, table=True):
    """监护: who signs for somebody who cannot. Whoever shares the duty is noted as a contact."""

    __tablename__ = "guardianship"
    __table_args__ = one_a_day("guardianship")

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    incapacity: Incapacity = chosen_from(Incapacity)
    basis: GuardianBasis = chosen_from(GuardianBasis)
    guardian_name: str = Field(min_length=1, max_length=60)
    relation: Relation = chosen_from(Relation)
    phone: str = Field(max_length=20)
    starts_on: date
    ends_on: date | None = None


class CareInsurance(Table, table=True):
    """长护险: insured in a scheme; level 0 to 5 (医保办发〔2021〕37号), None if not assessed."""

    __tablename__ = "care_insurance"
    __table_args__ = (
        *one_a_day("care_insurance"),
        CheckConstraint("level BETWEEN 0 AND 5", name="level_is_known"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    scheme: CareScheme = chosen_from(CareScheme)
    level: int | None = None
    starts_on: date
    ends_on: date | None = None


class PayeeAccount(Table, table=True):
    """收款账户: where money for a resident goes. `relation` is None for the resident's own.

    By the digest one account is found that serves several people.
    """

    __tablename__ = "payee_account"
    __table_args__ = (
        *one_a_day("payee_account"),
        CheckConstraint("last_four ~ '^[0-9]{4}$'", name="last_four_are_digits"),
        Index("ix_payee_account_account_digest", "account_digest"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    bank: str = Field(min_length=1, max_length=60)
    account_cipher: bytes = sealed()
    account_digest: bytes = sealed()
    last_four: str = Field(max_length=4)
    holder_name: str = Field(min_length=1, max_length=60)
    relation: Relation | None = chosen_from(Relation, optional=True)
    starts_on: date
    ends_on: date | None = None
