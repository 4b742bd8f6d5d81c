"""What each office may do: the one readable table of roles and permissions."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from server.db.acts import Actor
from server.identity.models import Role

# What the holder of an account may do for the residents they act for.
OF_AN_ACCOUNT: Set[str] = {
    "identity.see-self",
    "meals.see-menu",
    "meals.book",
    "providers.see-sites",
    "residents.see-helpers",
    "residents.choose-helpers",
    "residents.use-helper-code",
    "residents.see-own-level",
    "facilities.find-home",
    "facilities.apply",
    "residents.see-own-consents",
    "residents.agree",
    "homecare.apply",
    "homecare.see-care",
    "homecare.order",
    "caregivers.see-own",
    "caregivers.learn",
    "caregivers.claim-own",
    "messages.see-own",
    "subsidies.see-own",
    "subsidies.claim-own",
}

# What every member of staff may do, between two offices too: reach their own account, and leave.
OF_EVERY_OFFICE: Set[str] = {"identity.use-console"}

# What was sent to whom: offices see it below their division; a call is made by whoever is nearest.
SEES_MESSAGES: Set[str] = {"messages.see", "messages.call"}
OPENS_MESSAGES: Set[str] = {"messages.open", "messages.see-texts"}

# Offices of the bureau, of audit and of administration. A sign-in without a second factor holds
# none of them; the database says the same in `needs_second_factor`.
NEED_SECOND_FACTOR: Set[Role] = {
    Role.COUNTY_OFFICER,
    Role.CITY_OFFICER,
    Role.APPROVER,
    Role.CASHIER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
}

ASSESSES: Set[str] = {"residents.see-assessments", "residents.assess"}
REVIEWS: Set[str] = {"residents.see-assessments", "residents.review-assessment"}
SEES_BEDS: Set[str] = {"facilities.see-board", "facilities.see-overview"}
# Referrals, the waiting list and visits of one's own homes.
ANSWERS: Set[str] = {"facilities.answer"}

# One proposes that two residents are one, another confirms or undoes it.
PROPOSES_MERGES: Set[str] = {"residents.see-duplicates", "residents.propose-merge"}
CONFIRMS_MERGES: Set[str] = {"residents.confirm-merge"}
LOOKS_INTO_FINDINGS: Set[str] = {"findings.see", "findings.settle"}
# Beds at home: the community files, the county decides, both accept, the provider runs them.
SEES_HOME_BEDS: Set[str] = {"homecare.see"}
SEES_HOME_MONTHS: Set[str] = {"homecare.see-months"}
# Devices in homes and calls for help: the provider keeps and answers, offices look.
SEES_HOME_ALARMS: Set[str] = {"homecare.see-alarms", "homecare.see-devices"}
# Service bought for people at home: entitlements, orders, and the sample of them.
SEES_BOUGHT_SERVICE: Set[str] = {
    "homecare.see-entitlements",
    "homecare.see-orders",
    "homecare.see-order-checks",
}
# Visits that were proved are asked about by the county; the provider does not know whom it rings.
SEES_CALLS: Set[str] = {"homecare.see-calls"}
CALLS_BACK: Set[str] = {"homecare.see-calls", "homecare.call-back"}
HEARS_COMPLAINTS: Set[str] = {"homecare.hear-complaints"}
FOLLOWS_RETURNS: Set[str] = {"facilities.see-returns", "facilities.chase-returns"}

# Caregivers: whoever employs them keeps their files, offices over it look.
SEES_CAREGIVERS: Set[str] = {"caregivers.see"}
# Whether a certificate is the issuer's own, the bureau says, and never who recorded it.
VERIFIES_CAREGIVERS: Set[str] = SEES_CAREGIVERS | {"caregivers.verify"}
# Accidents and breaches of ethics take an allowance away: the county alone enters and lifts them.
JUDGES_CAREGIVERS: Set[str] = {"caregivers.judge"}
# Courses: sites that teach and offices put them up and keep their lists; an exam's result, a
# certificate and what a session brings are for the office, and never for who entered the result.
SEES_TRAINING: Set[str] = {"caregivers.see-training"}
TEACHES: Set[str] = SEES_TRAINING | {"caregivers.teach", "caregivers.enrol"}
CERTIFIES: Set[str] = TEACHES | {"caregivers.certify", "caregivers.hold-contests"}
# What they are entitled to is claimed by whoever employs them, and decided by the county.
CLAIMS_ALLOWANCES: Set[str] = {"caregivers.reckon", "caregivers.claim"}
DECIDES_ALLOWANCES: Set[str] = {"caregivers.reckon", "caregivers.decide-claims"}
KEEPS_CAREGIVERS: Set[str] = SEES_CAREGIVERS | {"caregivers.keep"} | CLAIMS_ALLOWANCES

# Subsidies: sites claim what is theirs, counties check, the city reckons, another approves, the
# cashier pays what a second cashier's eye has seen, and the auditor opens all of it.
SEES_POLICIES: Set[str] = {"policies.see"}
SEES_SUBSIDIES: Set[str] = SEES_POLICIES | {"subsidies.see"}
SEES_CLAIMS: Set[str] = {"subsidies.see-claims"}
# Claims are handed in by sites for themselves, and at the window on behalf of an elder.
ASKS_SUBSIDIES: Set[str] = SEES_CLAIMS | {"subsidies.hand-in"}
CLAIMS_SUBSIDIES: Set[str] = SEES_SUBSIDIES | ASKS_SUBSIDIES | {"subsidies.claim"}
# Budgets, batches and what is owed back are for offices, and not for whoever is paid.
SEES_PAYMENTS: Set[str] = SEES_SUBSIDIES | SEES_CLAIMS | {"subsidies.see-payments"}
# Runs are signed by offices on the way, and approved by another's last word.
REVIEWS_SUBSIDIES: Set[str] = SEES_PAYMENTS | {"subsidies.review"}
CHECKS_SUBSIDIES: Set[str] = REVIEWS_SUBSIDIES | {"subsidies.check"}
RECKONS_SUBSIDIES: Set[str] = CHECKS_SUBSIDIES | {
    "subsidies.reckon",
    "subsidies.publish",
    "subsidies.budget",
    "policies.propose",
}
APPROVES_SUBSIDIES: Set[str] = REVIEWS_SUBSIDIES | {
    "subsidies.approve",
    "subsidies.approve-payment",
    "policies.activate",
}
PAYS_SUBSIDIES: Set[str] = SEES_PAYMENTS | {"subsidies.pay"}
AUDITS_SUBSIDIES: Set[str] = SEES_PAYMENTS | {"subsidies.audit"}

# The kitchen's week: its own people keep it, offices over it look.
SEES_KITCHENS: Set[str] = {"meals.see-kitchen"}
# Elders' money at canteens: the counter keeps it, another person takes back, offices look.
SEES_WALLETS: Set[str] = {"meals.see-wallets"}
CLOSES_WALLETS: Set[str] = SEES_WALLETS | {"meals.decide-wallets", "meals.refund-wallets"}
# A canteen's month: the canteen confirms its sums, the county draws up, accepts and pays. Words of
# eaters are answered by the canteen, and by the county where an answer has not solved anything.
SEES_MEAL_MONEY: Set[str] = {"meals.see-settlements", "meals.see-voices"}
SETTLES_MEALS: Set[str] = SEES_MEAL_MONEY | {"meals.draw-up", "meals.ask-adjustment"}
ACCEPTS_MEALS: Set[str] = SEES_MEAL_MONEY | {"meals.accept-settlement", "meals.decide-adjustment"}
HEARS_EATERS: Set[str] = {"meals.answer-voices", "meals.hear-complaints", "meals.announce"}
AT_A_CANTEEN: Set[str] = (
    SEES_KITCHENS
    | CLOSES_WALLETS
    | SEES_MEAL_MONEY
    | {
        "meals.see-canteen",
        "meals.serve",
        "meals.keep-kitchen",
        "meals.book-for",
        "meals.close-day",
        "meals.keep-cards",
        "meals.keep-wallets",
        "meals.confirm-settlement",
        "meals.ask-adjustment",
        "meals.answer-voices",
        "meals.announce",
    }
    | CLAIMS_SUBSIDIES
)

OF_AN_OFFICE: Mapping[Role, Set[str]] = {
    Role.CARE_WORKER: {"homecare.visit"},
    Role.CANTEEN_STAFF: AT_A_CANTEEN,
    Role.FACILITY_OPERATOR: {
        "providers.see-register",
        "providers.keep-site",
        "facilities.see-money",
        "facilities.keep-money",
        "facilities.see-board",
        "facilities.keep-beds",
        "facilities.import-occupants",
        "facilities.file-returns",
    }
    | ANSWERS
    | KEEPS_CAREGIVERS
    | TEACHES
    | CLAIMS_SUBSIDIES,
    Role.HOME_CARE_PROVIDER: {
        "providers.see-register",
        "providers.keep-site",
        "homecare.run",
        "homecare.see-visits",
        "homecare.keep-visits",
    }
    | SEES_HOME_MONTHS
    | {"homecare.close-month"}
    | SEES_HOME_ALARMS
    | {"homecare.answer-alarms", "homecare.keep-devices"}
    | {"homecare.close-month", "homecare.order", "homecare.see-orders"}
    | ANSWERS
    | SEES_HOME_BEDS
    | KEEPS_CAREGIVERS
    | TEACHES
    | CLAIMS_SUBSIDIES,
    Role.COMMUNITY_WORKER: {
        "meals.keep-cards",
        "meals.book-for",
        "homecare.file",
        "homecare.accept",
        "providers.see-register",
        "residents.search",
        "residents.open-file",
        "residents.register",
    }
    | ASSESSES
    | PROPOSES_MERGES
    | SEES_HOME_BEDS
    | {"homecare.order", "homecare.see-orders", "homecare.see-entitlements"}
    | ASKS_SUBSIDIES
    | SEES_MESSAGES,
    Role.COUNTY_OFFICER: {
        "meals.close-day",
        "homecare.decide",
        "homecare.accept",
        "homecare.see-visits",
        "providers.see-register",
        "providers.keep-site",
        "providers.decide-site",
        "facilities.see-money",
        "facilities.import-occupants",
        "meals.see-overview",
        "residents.search",
        "residents.open-file",
        "residents.register",
        "residents.reverse-departure",
        "residents.export",
    }
    | ASSESSES
    | REVIEWS
    | PROPOSES_MERGES
    | CONFIRMS_MERGES
    | LOOKS_INTO_FINDINGS
    | SEES_BEDS
    | SEES_HOME_BEDS
    | SEES_HOME_MONTHS
    | SEES_HOME_ALARMS
    | SEES_BOUGHT_SERVICE
    | {"homecare.decide-entitlement", "homecare.check-orders"}
    | CALLS_BACK
    | HEARS_COMPLAINTS
    | FOLLOWS_RETURNS
    | SEES_KITCHENS
    | CLOSES_WALLETS
    | SETTLES_MEALS
    | ACCEPTS_MEALS
    | HEARS_EATERS
    | VERIFIES_CAREGIVERS
    | JUDGES_CAREGIVERS
    | SEES_CAREGIVERS
    | CERTIFIES
    | DECIDES_ALLOWANCES
    | CHECKS_SUBSIDIES
    | SEES_MESSAGES
    | OPENS_MESSAGES,
    Role.CITY_OFFICER: {
        "payments.see",
        "timetable.see",
        "homecare.accept",
        "homecare.keep-catalogue",
        "homecare.see-visits",
        "providers.see-register",
        "facilities.see-money",
        "meals.see-overview",
        "residents.search",
        "residents.open-file",
        "residents.reverse-departure",
        "residents.export",
    }
    | REVIEWS
    | PROPOSES_MERGES
    | CONFIRMS_MERGES
    | LOOKS_INTO_FINDINGS
    | SEES_BEDS
    | SEES_HOME_BEDS
    | SEES_HOME_MONTHS
    | SEES_HOME_ALARMS
    | SEES_BOUGHT_SERVICE
    | CALLS_BACK
    | HEARS_COMPLAINTS
    | FOLLOWS_RETURNS
    | SEES_KITCHENS
    | SEES_WALLETS
    | SETTLES_MEALS
    | HEARS_EATERS
    | VERIFIES_CAREGIVERS
    | SEES_CAREGIVERS
    | CERTIFIES
    | RECKONS_SUBSIDIES
    | SEES_MESSAGES
    | OPENS_MESSAGES,
    Role.APPROVER: {"meals.see-overview"} | ACCEPTS_MEALS | APPROVES_SUBSIDIES,
    Role.CASHIER: PAYS_SUBSIDIES,
    Role.AUDITOR: {
        "payments.see",
        "timetable.see",
        "homecare.see-visits",
        "audit.see-trail",
        "providers.see-register",
        "facilities.see-money",
        "meals.see-overview",
        "residents.search",
        "residents.open-file",
        "residents.see-assessments",
        "residents.see-duplicates",
        "facilities.see-returns",
    }
    | SEES_BEDS
    | SEES_HOME_BEDS
    | SEES_HOME_MONTHS
    | SEES_HOME_ALARMS
    | SEES_BOUGHT_SERVICE
    | SEES_CALLS
    | LOOKS_INTO_FINDINGS
    | SEES_KITCHENS
    | SEES_WALLETS
    | SEES_MEAL_MONEY
    | SEES_CAREGIVERS
    | SEES_TRAINING
    | AUDITS_SUBSIDIES
    | {"messages.see"}
    | OPENS_MESSAGES,
    Role.ADMINISTRATOR: {
        "identity.manage-staff",
        "identity.manage-keys",
        "messages.see-texts",
        "timetable.see",
        "timetable.run",
    },
}


# What reaches over the whole city is for an office over the whole city: a key reads every county.
OF_THE_WHOLE_CITY: Set[str] = {
    "identity.manage-keys",
    "payments.see",
    "timetable.see",
    "timetable.run",
}
DIGITS_OF_A_CITY = 4


@dataclass(frozen=True)
class Reach:
    """Where a permission holds: under these division prefixes, and at these sites."""

    prefixes: Sequence[str] = ()
    site_ids: Sequence[int] = ()


def may(actor: Actor, permission: str) -> bool:
    """True where one of the actor's offices, or the account, holds the permission."""
    if actor.account_id is not None:
        return permission in OF_AN_ACCOUNT
    if actor.staff_id is not None and permission in OF_EVERY_OFFICE:
        return True
    holding = [role for role in actor.roles if permission in OF_AN_OFFICE[Role(role["role"])]]
    if permission in OF_THE_WHOLE_CITY:
        return any(len(role["prefix"] or "") == DIGITS_OF_A_CITY for role in holding)
    return bool(holding)


def reach_of(actor: Actor, permission: str) -> Reach:
    """Return where the actor's offices hold the permission; an account's reach is its residents.

    Someone who is an operator at one site and serves meals at another serves at that one only.
    """
    holding = [role for role in actor.roles if permission in _of(role["role"])]
    return Reach(
        prefixes=[role["prefix"] for role in holding if role["prefix"] is not None],
        site_ids=[role["site_id"] for role in holding if role["site_id"] is not None],
    )


def _of(role: str) -> Set[str]:
    return OF_EVERY_OFFICE | OF_AN_OFFICE[Role(role)]
