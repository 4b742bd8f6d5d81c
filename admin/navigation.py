"""The doors of the console: which page is whose, in the order of the menu."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from server.db.acts import Actor
from server.identity import roles


@dataclass(frozen=True)
class Door:
    """A page of the menu; the catalogues name it and say what it is for, by `code`."""

    code: str
    group: str
    endpoint: str
    permission: str
    icon: str
    covers: Sequence[str] = ()

    def is_around(self, blueprint: str | None) -> bool:
        """True for the pages of this door, and for those behind it."""
        return blueprint in {self.endpoint.partition(".")[0], *self.covers}


DOORS: Sequence[Door] = (
    Door("today", "meals", "meals_day.show_today", "meals.see-canteen", "meal",
         covers=("meals_diners",)),
    Door("serve", "meals", "meals_serve.show_serve", "meals.serve", "check"),
    Door("deliveries", "meals", "meals_deliveries.show_deliveries", "meals.serve", "place"),
    Door("overview", "meals", "meals_overview.show_overview", "meals.see-overview", "chart"),
    Door("meals_for", "meals", "meals_for.show_search", "meals.book-for", "booking"),
    Door("standing_meals", "meals", "meals_standing.show_standing", "meals.see-canteen", "clock"),
    Door("closures", "meals", "meals_closures.list_closed", "meals.close-day", "look"),
    Door("meal_cards", "meals", "meal_cards.list_cards", "meals.keep-cards", "people"),
    Door("kitchen_menu", "kitchen", "kitchen_menu.show_mine", "meals.see-kitchen", "meal",
         covers=("kitchen_dishes", "kitchen_setup", "kitchen_paper")),
    Door("kitchen_sheets", "kitchen", "kitchen_sheets.show_mine", "meals.see-kitchen", "booking"),
    Door("kitchen_samples", "kitchen", "kitchen_samples.show_mine", "meals.see-kitchen", "shield"),
    Door("wallets", "meal_money", "wallets.list_due", "meals.see-wallets", "money",
         covers=("wallet", "cash", "wallet_refusal")),
    Door("settlements", "meal_money", "meal_settlements.list_settlements",
         "meals.see-settlements", "money",
         covers=("meal_settlement", "meal_adjustments", "meal_statement")),
    Door("viability", "meal_money", "meals_viability.show_viability", "meals.see-overview",
         "chart", covers=("viability_map",)),
    Door("meal_voices", "meal_money", "meal_voices.list_voices", "meals.see-voices", "message",
         covers=("meal_notices",)),
    Door("payments", "meal_money", "payments.list_days", "payments.see", "money"),
    Door("beds", "facilities", "beds.show_mine", "facilities.keep-beds", "bed",
         covers=("beds_admission", "beds_rooms", "beds_history", "beds_occupants")),
    Door("beds_overview", "facilities", "beds_overview.show_overview", "facilities.see-overview",
         "chart", covers=("beds", "beds_rooms", "beds_history", "beds_occupants")),
    Door("returns", "facilities", "returns.show_return", "facilities.file-returns", "bed"),
    Door("returns_overview", "facilities", "returns_overview.show_overview",
         "facilities.see-returns", "clock"),
    Door("reports", "facilities", "reports.show_report", "facilities.file-returns", "care"),
    Door("reports_overview", "facilities", "reports_overview.show_overview",
         "facilities.see-returns", "care"),
    Door("staffing", "facilities", "staffing.show_staffing", "facilities.file-returns", "people"),
    Door("staffing_overview", "facilities", "staffing_overview.show_overview",
         "facilities.see-returns", "people"),
    Door("referrals", "facilities", "referrals.list_referrals", "facilities.answer", "next"),
    Door("queue", "facilities", "queue.show_queue", "facilities.answer", "clock"),
    Door("visits", "facilities", "visits.list_visits", "facilities.answer", "people"),
    Door("money", "facilities", "money_held.list_held", "facilities.see-money", "chart",
         covers=("stay_money", "site_money")),
    Door("home_beds", "homecare", "home_beds.list_beds", "homecare.see", "care",
         covers=("home_bed", "home_bed_steps", "home_bed_map")),
    Door("care_plans", "homecare", "care_plan.list_plans", "homecare.see-visits", "care"),
    Door("care_roster", "homecare", "care_roster.show_roster", "homecare.see-visits", "clock",
         covers=("care_visit",)),
    Door("care_doubts", "homecare", "care_doubts.list_doubts", "homecare.see-visits", "look"),
    Door("home_months", "homecare", "home_months.show_providers", "homecare.see-months", "chart"),
    Door("duty_desk", "home_safety", "duty_desk.show_desk", "homecare.see-alarms", "danger",
         covers=("alarm_history",)),
    Door("home_devices", "home_safety", "home_devices.list_devices", "homecare.see-devices",
         "settings", covers=("bed_devices",)),
    Door("renovations", "home_safety", "renovations.list_renovations", "homecare.see", "building",
         covers=("renovation", "renovation_steps", "renovation_survey", "renovation_items")),
    Door("care_orders", "bought_care", "care_orders.list_orders", "homecare.see-orders", "booking"),
    Door("care_entitlements", "bought_care", "care_entitlements.list_entitlements",
         "homecare.see-entitlements", "people"),
    Door("care_sums", "bought_care", "care_sums.show_month", "homecare.see-orders", "money"),
    Door("care_checks", "bought_care", "care_checks.show_sample", "homecare.see-order-checks",
         "shield"),
    Door("care_wishes", "care_heard", "care_wishes.list_wishes", "homecare.see-visits", "message",
         covers=("care_ratings",)),
    Door("calls", "care_heard", "calls.list_samples", "homecare.see-calls", "message",
         covers=("call_desk",)),
    Door("caregivers", "caregivers", "caregivers.list_caregivers", "caregivers.see", "people",
         covers=("caregiver", "caregiver_steps", "caregivers_entry", "caregivers_import",
                 "caregivers_asking", "caregiver_breaches", "caregiver_contracts")),
    Door("attendance", "caregivers", "attendance.show_sheet", "caregivers.keep", "clock"),
    Door("caregivers_overview", "caregivers", "caregivers_overview.show_overview",
         "caregivers.see", "chart"),
    Door("training", "caregivers", "course_sessions.list_sessions", "caregivers.see-training",
         "people", covers=("courses", "trainees", "course_door", "training_sums", "contests")),
    Door("allowances", "caregivers", "allowances.show_month", "caregivers.see", "money",
         covers=("allowance_person",)),
    Door("allowance_claims", "caregivers", "allowance_claims.list_all", "caregivers.see",
         "booking"),
    Door("reminders", "caregivers", "caregiver_reminders.list_sent", "caregivers.see", "clock"),
    Door("residents", "residents", "residents.show_search", "residents.search", "people",
         covers=("residents_entry", "residents_file", "residents_status", "residents_helpers",
                 "residents_departures", "residents_facts", "residents_contacts",
                 "residents_photo", "residents_needs")),
    Door("duplicates", "residents", "residents_duplicates.show_desk", "residents.see-duplicates",
         "people", covers=("residents_merges",)),
    Door("assessments", "residents", "assessment_review.show_desk", "residents.see-assessments",
         "care", covers=("assessments", "assessment_form")),
    Door("findings", "residents", "findings.list_findings", "findings.see", "shield"),
    Door("sites", "providers", "providers.list_sites", "providers.see-register", "building",
         covers=("site_basics", "site_opening", "site_details", "site_photos", "expiring")),
    Door("subsidy_desk", "cash_desk", "subsidy_desk.show_desk", "subsidies.pay", "money"),
    Door("policies", "subsidies", "policies.show_policies", "policies.see", "text",
         covers=("policy_packs", "policy_shipped", "policy_versions")),
    Door("subsidy_runs", "subsidies", "subsidy_runs.list_all", "subsidies.see", "chart",
         covers=("subsidy_lines", "subsidy_trials", "subsidy_evidence")),
    Door("subsidy_differences", "subsidies", "subsidy_differences.list_all", "subsidies.see",
         "back"),
    Door("subsidy_claims", "subsidies", "subsidy_claims.list_all", "subsidies.see-claims",
         "booking", covers=("subsidy_claim",)),
    Door("subsidy_claim_desk", "subsidies", "subsidy_claim_desk.show_desk", "subsidies.check",
         "check", covers=("subsidy_stand_ins",)),
    Door("subsidy_approvals", "subsidies", "subsidy_approvals.list_all",
         "subsidies.see-payments", "good", covers=("subsidy_held",)),
    Door("subsidy_notices", "subsidies", "subsidy_notices.list_all", "subsidies.see-payments",
         "people", covers=("subsidy_objections",)),
    Door("subsidy_batches", "subsidy_money", "subsidy_batches.list_batches",
         "subsidies.see-payments", "booking", covers=("subsidy_batch", "subsidy_payments")),
    Door("subsidy_budgets", "subsidy_money", "subsidy_budgets.list_budgets",
         "subsidies.see-payments", "chart"),
    Door("subsidy_recoveries", "subsidy_money", "subsidy_recoveries.list_recoveries",
         "subsidies.see-payments", "back"),
    Door("subsidy_accounts", "subsidy_money", "subsidy_accounts.list_accounts",
         "subsidies.check", "building"),
    Door("subsidies_received", "subsidy_money", "subsidies_received.list_received",
         "subsidies.claim", "money"),
    Door("sent_messages", "messages", "sent_messages.list_sent", "messages.see", "message"),
    Door("message_calls", "messages", "message_calls.list_calls", "messages.call", "phone"),
    Door("message_texts", "messages", "message_texts.list_texts", "messages.see-texts", "text"),
    Door("subsidy_audit", "audit", "subsidy_audit.show_desk", "subsidies.audit", "chart",
         covers=("subsidy_audit_line", "subsidy_samples")),
    Door("trail", "audit", "trail.list_trail", "audit.see-trail", "shield"),
    Door("staff", "administration", "staff.list_people", "identity.manage-staff", "people",
         covers=("offices",)),
    Door("keys", "administration", "keys.list_keys", "identity.manage-keys", "shield"),
    Door("timetable", "administration", "timetable.list_jobs", "timetable.see", "clock"),
)  # fmt: skip


def doors_of(actor: Actor) -> list[Door]:
    """Return the pages that this person's offices open."""
    return [door for door in DOORS if roles.may(actor, door.permission)]


def groups_of(actor: Actor) -> list[tuple[str, list[Door]]]:
    """Return the same pages by the group they stand under, in the order of the menu."""
    grouped = groupby(doors_of(actor), key=lambda door: door.group)
    return [(group, list(doors)) for group, doors in grouped]
