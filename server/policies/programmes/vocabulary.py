"""What a programme may ask: the facts there are, and the sources that give them.

A source is a view of the database that gives one row for each thing a programme pays for. The
names here are the columns of that view; a test holds the two together. A policy that asks for
anything else is refused before it can be proposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.policies.programmes.terms import Beneficiary


class FactKind(StrEnum):
    """How a fact is stored in a frozen row: a whole number, a word of a list, yes or no, a day."""

    WHOLE = "whole"
    FEN = "fen"
    CHOICE = "choice"
    YES_NO = "yes_no"
    DAY = "day"


NUMBERS = (FactKind.WHOLE, FactKind.FEN)


@dataclass(frozen=True)
class Fact:
    """A thing that may be asked of a case, as officials call it."""

    kind: FactKind
    zh: str
    en: str
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Source:
    """Where cases come from: about whom a row is, who is paid, and which facts it has.

    `part` says what keeps two payments of one month apart: nothing, an instalment, or the site.
    """

    beneficiary: Beneficiary
    payee: Beneficiary
    facts: Sequence[str]
    zh: str
    en: str
    part: str = ""


def _whole(zh: str, en: str) -> Fact:
    return Fact(FactKind.WHOLE, zh, en)


def _fen(zh: str, en: str) -> Fact:
    return Fact(FactKind.FEN, zh, en)


def _yes(zh: str, en: str) -> Fact:
    return Fact(FactKind.YES_NO, zh, en)


def _day(zh: str, en: str) -> Fact:
    return Fact(FactKind.DAY, zh, en)


def _choice(zh: str, en: str, *choices: str) -> Fact:
    return Fact(FactKind.CHOICE, zh, en, choices)


FACTS: Mapping[str, Fact] = {
    # Of a person
    "age": _whole("当日周岁", "Age on the day"),
    "ability_level": _choice(
        "能力等级", "Ability level", "intact", "mild", "moderate", "severe", "total"
    ),
    "hardship_tier": _choice(
        "困难类别", "Hardship tier", "tekun", "tekun_in_care", "dibao", "dibian", "none"
    ),
    "is_local": _yes("本市户籍", "Household register in this city"),
    "has_payee": _yes("有收款账户", "Has an account to be paid to"),
    # Of a stay
    "days_in_bed": _whole("当月在院天数", "Days in the bed in the month"),
    "days_of_month": _whole("当月天数", "Days of the month"),
    "days_on_leave": _whole("当月请假天数", "Days on leave in the month"),
    "months_in_bed": _whole("连续入住月数", "Months in the bed without a break"),
    "bed_months": _whole("床位月数", "Bed-months"),
    "bed_is_nursing": _yes("护理型床位", "A nursing bed"),
    # Of a site
    "stars": _whole("机构等级", "Star level"),
    "site_kind": _choice(
        "设施类型", "Kind of facility", "care_home", "township_home", "day_centre", "street_centre",
        "station", "canteen", "meal_point", "home_care_provider",
    ),
    "is_non_profit": _yes("非营利", "Not for profit"),
    "is_dishonest": _yes("列入失信名单", "On the dishonesty list"),
    "months_open": _whole("开业满月数", "Full months since the opening"),
    "occupancy_percent": _whole("入住率（百分数）", "Occupancy in hundredths"),
    "beds_new": _whole("新建床位数", "Beds newly built"),
    "nursing_beds_new": _whole("新建护理型床位数", "Nursing beds newly built"),
    "beds_converted": _whole("改建床位数", "Beds converted"),
    # Of a bed at home
    "is_accepted": _yes("已验收", "Accepted"),
    "minutes": _whole("服务分钟数", "Minutes of service"),
    "visits": _whole("上门次数", "Visits"),
    "nursing_visits": _whole("医护上门次数", "Nursing visits"),
    "satisfied_percent": _whole("满意率（百分数）", "Satisfied, in hundredths"),
    "months_served": _whole("连续服务月数", "Months served without a break"),
    "agreement_months": _whole("协议月数", "Months of the agreement"),
    "is_after_renovation": _yes("已享受适老化改造", "Renovated with a grant before"),
    "instalment": _whole("第几期", "Number of the instalment"),
    "cost_fen": _fen("实际费用", "What it cost"),
    # Of meals
    "meals": _whole("用餐份数", "Meals handed out"),
    "person_days": _whole("服务人天数", "Person-days served"),
    "advanced_fen": _fen("食堂垫付补贴", "Subsidy advanced by the canteen"),
    # Of the voucher and bought service
    "place": _choice("服务场所", "Where it was given", "home", "community", "institution"),
    "fee_fen": _fen("当月自付服务费", "What the month's service cost the elder"),
    "redeemed_fen": _fen("已核销金额", "Redeemed in the month"),
    # Of a caregiver
    "degree": _choice("学历", "Degree", "secondary", "college", "bachelor", "master"),
    "skill_level": _whole("技能等级", "Skill level"),
    "hired_on": _day("入职日期", "Hired on"),
    "years_worked": _whole("满工作年数", "Full years of work"),
    "months_in_post": _whole("在岗满月数", "Full months in post"),
    "attendance_days": _whole("当月出勤天数", "Days at work in the month"),
    "is_front_line": _yes("一线护理岗位", "Front-line post"),
    "on_establishment": _yes("在编", "On the establishment"),
    "has_contract": _yes("合同有效", "Contract in force"),
    "contract_years": _whole("合同年限", "Years of the contract"),
    "has_certificate": _yes("证书有效", "Certificate in force"),
    "education_done": _yes("继续教育已完成", "Continuing education done"),
    "has_breach": _yes("有事故或失德记录", "Accident or breach of ethics"),
    "is_entitled": _yes("享受条件已核定", "Found entitled in the register"),
    # Of training and renovation
    "passed": _yes("考核合格", "Passed"),
    "granted_fen": _fen("核定补贴", "Grant found in the register"),
}  # fmt: skip

OF_A_SITE = ("stars", "site_kind", "is_non_profit", "is_dishonest", "months_open")
OF_AN_ELDER = ("age", "ability_level", "hardship_tier", "is_local", "has_payee")
RESIDENT, CAREGIVER, SITE = Beneficiary.RESIDENT, Beneficiary.CAREGIVER, Beneficiary.SITE

SOURCES: Mapping[str, Source] = {
    "bed_months": Source(
        RESIDENT, SITE,
        (*OF_AN_ELDER, *OF_A_SITE, "days_in_bed", "days_of_month", "days_on_leave",
         "months_in_bed", "bed_is_nursing", "occupancy_percent"),
        "入住机构的老人和月份", "A resident's month in a care home",
    ),
    "site_bed_months": Source(
        SITE, SITE,
        (*OF_A_SITE, "bed_months", "occupancy_percent"),
        "机构全月在住床位月数", "A home's bed-months",
    ),
    "beds_built": Source(
        SITE, SITE,
        (*OF_A_SITE, "beds_new", "nursing_beds_new", "beds_converted", "occupancy_percent",
         "instalment"),
        "机构新增床位", "Beds a home has added", part="instalment",
    ),
    "home_bed_builds": Source(
        RESIDENT, SITE,
        (*OF_AN_ELDER, *OF_A_SITE, "is_accepted", "cost_fen", "is_after_renovation",
         "months_served", "instalment"),
        "家庭养老床位建设", "A bed built at home", part="instalment",
    ),
    "home_bed_months": Source(
        RESIDENT, SITE,
        (*OF_AN_ELDER, *OF_A_SITE, "minutes", "visits", "nursing_visits", "satisfied_percent",
         "agreement_months", "months_served"),
        "家庭养老床位服务月份", "A month of service at a bed at home",
    ),
    "meals_eaten": Source(
        RESIDENT, SITE,
        ("age", "hardship_tier", "meals", "advanced_fen"),
        "老人在一家食堂一个月的用餐", "A resident's month at a canteen", part="site",
    ),
    "canteen_months": Source(
        SITE, SITE,
        (*OF_A_SITE, "meals", "person_days"),
        "食堂服务月份", "A canteen's month",
    ),
    "vouchers": Source(
        RESIDENT, SITE,
        ("age", "ability_level", "hardship_tier", "place", "fee_fen", "redeemed_fen"),
        "消费券使用月份", "A month of the voucher", part="site",
    ),
    "bought_service": Source(
        RESIDENT, SITE,
        ("age", "ability_level", "hardship_tier", "visits", "minutes", "redeemed_fen"),
        "政府购买居家服务月份", "A month of bought service", part="site",
    ),
    "entry_rewards": Source(
        CAREGIVER, CAREGIVER,
        ("degree", "hired_on", "years_worked", "instalment", "is_front_line", "on_establishment",
         "has_contract", "contract_years", "has_payee", "is_entitled"),
        "护理员入职奖励各期", "An instalment of an entry reward", part="instalment",
    ),
    "post_months": Source(
        CAREGIVER, CAREGIVER,
        ("skill_level", "years_worked", "months_in_post", "attendance_days", "is_front_line",
         "has_contract", "has_certificate", "education_done", "has_breach", "has_payee",
         "is_entitled"),
        "护理员在岗月份", "A caregiver's month in post",
    ),
    "training_passed": Source(
        CAREGIVER, CAREGIVER,
        ("skill_level", "passed", "granted_fen"),
        "护理员培训", "A training somebody finished", part="enrolment",
    ),
    "renovations": Source(
        RESIDENT, SITE,
        ("age", "hardship_tier", "cost_fen", "granted_fen"),
        "适老化改造", "An age-friendly renovation",
    ),
}  # fmt: skip

# Programmes of one family are paid to one beneficiary once a month. A city that pays by something
# that is none of these has it named here first: an exclusion nobody knows would exclude nobody.
FAMILIES: Mapping[str, tuple[str, str]] = {
    "facility_operation": ("养老机构运营补贴", "Operation of care homes"),
    "facility_construction": ("养老机构建设补贴", "Construction of care homes"),
    "facility_conversion": ("养老机构床位改造补贴", "Conversion of beds of care homes"),
    "home_bed_build": ("家庭养老床位建设补贴", "Beds built at home"),
    "home_bed_service": ("家庭养老床位服务补贴", "Service at beds at home"),
    "meals": ("老年助餐补贴", "Meals of elders"),
    "canteen_operation": ("食堂运营补贴", "Operation of canteens"),
    "voucher": ("养老服务消费券", "Voucher for care"),
    "bought_service": ("政府购买居家服务", "Service bought for the home"),
    "renovation": ("适老化改造补贴", "Age-friendly renovation"),
    "entry_reward": ("一次性入职奖励", "Entry reward"),
    "post_allowance": ("岗位津贴", "Post allowance"),
    "training": ("培训补贴", "Training"),
}
