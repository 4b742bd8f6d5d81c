"""Every page of the console, by the room it lies in: the blueprints that the app is made of."""

from admin import preferences
from admin.allowances import claim_views, month_views, person_views
from admin.audit import views as trail
from admin.caregivers import (
    asking_views as caregiver_asking,
)
from admin.caregivers import attendance_views as attendance
from admin.caregivers import breach_views as caregiver_breaches
from admin.caregivers import contract_views as caregiver_contracts
from admin.caregivers import entry_views as caregiver_entry
from admin.caregivers import file_views as caregiver_file
from admin.caregivers import import_views as caregiver_import
from admin.caregivers import list_views as caregivers
from admin.caregivers import overview_views as caregivers_overview
from admin.caregivers import step_views as caregiver_steps
from admin.clockwork import reminder_views, timetable_views
from admin.contracts import held_views, money_views
from admin.contracts import site_views as site_money
from admin.facilities import (
    admission_views,
    board_views,
    deed_views,
    history_views,
    occupant_views,
    queue_views,
    referral_views,
    report_overview_views,
    report_views,
    return_overview_views,
    return_views,
    room_views,
    staffing_overview_views,
    staffing_views,
    visit_views,
    wall_views,
)
from admin.facilities import overview_views as beds_overview
from admin.findings import views as findings
from admin.home import views as home
from admin.homecare import (
    doubt_views,
    drag_views,
    order_views,
    plan_views,
    rating_views,
    roster_views,
    wish_views,
)
from admin.homecare import visit_views as care_visit
from admin.homecare import worker_views as care_workers
from admin.homecare.alarms import desk_views
from admin.homecare.alarms import history_views as alarm_history
from admin.homecare.beds import list_views as home_beds
from admin.homecare.beds import map_views as home_bed_map
from admin.homecare.beds import one_views as home_bed
from admin.homecare.beds import step_views as home_bed_steps
from admin.homecare.calls import call_views
from admin.homecare.calls import sample_views as call_samples
from admin.homecare.devices import bed_views as bed_devices
from admin.homecare.devices import list_views as home_devices
from admin.homecare.months import views as home_months
from admin.homecare.orders import check_views as care_checks
from admin.homecare.orders import entitlement_views as care_entitlements
from admin.homecare.orders import order_views as care_orders
from admin.homecare.orders import sum_views as care_sums
from admin.homecare.renovations import catalogue_views as renovation_items
from admin.homecare.renovations import list_views as renovations
from admin.homecare.renovations import one_views as renovation
from admin.homecare.renovations import step_views as renovation_steps
from admin.homecare.renovations import survey_views as renovation_survey
from admin.identity import key_views, office_views, own_views, passkey_views, staff_views
from admin.identity import views as identity
from admin.meals import behalf_views as meals_for
from admin.meals import (
    card_views,
    closure_views,
    day_views,
    delivery_views,
    diner_views,
    overview_views,
    serve_views,
    viability_map_views,
    viability_views,
)
from admin.meals import standing_views as meals_standing
from admin.meals.kitchen import (
    dish_views,
    menu_views,
    needs_views,
    paper_views,
    sample_views,
    setup_views,
    sheet_views,
)
from admin.meals.settlement import adjustment_views as meal_adjustments
from admin.meals.settlement import list_views as meal_settlements
from admin.meals.settlement import one_views as meal_settlement
from admin.meals.settlement import paper_views as meal_statement
from admin.meals.voices import notice_views as meal_notices
from admin.meals.voices import voice_views as meal_voices
from admin.messages import call_views as message_calls
from admin.messages import inbox_views, sent_views, text_views
from admin.payments import views as payments
from admin.policies import list_views as policies
from admin.policies import pack_views as policy_packs
from admin.policies import shipped_views as policy_shipped
from admin.policies import version_views as policy_versions
from admin.providers import (
    basics_views,
    detail_views,
    expiring_views,
    opening_views,
    site_photo_views,
)
from admin.providers import views as providers
from admin.residents import (
    assessment_form_views,
    assessment_review_views,
    assessment_views,
    consent_views,
    contact_views,
    departure_views,
    duplicate_views,
    entry_views,
    fact_views,
    file_views,
    helper_views,
    merge_views,
    particular_views,
    phone_views,
    photo_views,
    search_views,
    status_views,
)
from admin.subsidies import evidence_views as subsidy_evidence
from admin.subsidies import line_views as subsidy_lines
from admin.subsidies import run_views as subsidy_runs
from admin.subsidies import trial_views as subsidy_trials
from admin.subsidy_audit import desk_views as subsidy_audit
from admin.subsidy_audit import line_views as subsidy_audit_line
from admin.subsidy_audit import sample_views as subsidy_samples
from admin.subsidy_claims import approval_views as subsidy_approvals
from admin.subsidy_claims import desk_views as subsidy_claim_desk
from admin.subsidy_claims import held_views as subsidy_held
from admin.subsidy_claims import notice_views as subsidy_notices
from admin.subsidy_claims import objection_views as subsidy_objections
from admin.subsidy_claims import one_views as subsidy_claim
from admin.subsidy_claims import own_views as subsidy_claims
from admin.subsidy_claims import stand_in_views as subsidy_stand_ins
from admin.subsidy_differences import views as subsidy_differences
from admin.subsidy_money import (
    batch_views,
    budget_views,
    one_batch_views,
    payment_views,
    received_views,
    recovery_views,
)
from admin.training import (
    contest_views,
    course_views,
    door_views,
    session_views,
    sum_views,
    trainee_views,
)
from admin.wallets import cash_views, due_views, refusal_views, wallet_views

BLUEPRINTS = (
    home.blueprint,
    identity.blueprint,
    preferences.blueprint,
    day_views.blueprint,
    diner_views.blueprint,
    serve_views.blueprint,
    delivery_views.blueprint,
    overview_views.blueprint,
    board_views.blueprint,
    deed_views.blueprint,
    admission_views.blueprint,
    room_views.blueprint,
    occupant_views.blueprint,
    beds_overview.blueprint,
    history_views.blueprint,
    wall_views.blueprint,
    return_views.blueprint,
    return_overview_views.blueprint,
    report_views.blueprint,
    report_overview_views.blueprint,
    staffing_views.blueprint,
    staffing_overview_views.blueprint,
    home_months.blueprint,
    referral_views.blueprint,
    queue_views.blueprint,
    visit_views.blueprint,
    home_beds.blueprint,
    home_bed.blueprint,
    home_bed_steps.blueprint,
    roster_views.blueprint,
    care_visit.blueprint,
    doubt_views.blueprint,
    plan_views.blueprint,
    wish_views.blueprint,
    care_entitlements.blueprint,
    care_orders.blueprint,
    care_sums.blueprint,
    care_checks.blueprint,
    providers.blueprint,
    basics_views.blueprint,
    opening_views.blueprint,
    detail_views.blueprint,
    site_photo_views.blueprint,
    expiring_views.blueprint,
    money_views.blueprint,
    held_views.blueprint,
    site_money.blueprint,
    caregivers.blueprint,
    caregivers_overview.blueprint,
    caregiver_entry.blueprint,
    caregiver_import.blueprint,
    caregiver_asking.blueprint,
    attendance.blueprint,
    caregiver_file.blueprint,
    caregiver_steps.blueprint,
    caregiver_breaches.blueprint,
    caregiver_contracts.blueprint,
    search_views.blueprint,
    entry_views.blueprint,
    file_views.blueprint,
    status_views.blueprint,
    helper_views.blueprint,
    phone_views.blueprint,
    consent_views.blueprint,
    departure_views.blueprint,
    fact_views.blueprint,
    contact_views.blueprint,
    photo_views.blueprint,
    duplicate_views.blueprint,
    merge_views.blueprint,
    particular_views.blueprint,
    findings.blueprint,
    trail.blueprint,
    own_views.blueprint,
    passkey_views.blueprint,
    staff_views.blueprint,
    office_views.blueprint,
    key_views.blueprint,
    assessment_views.blueprint,
    assessment_form_views.blueprint,
    assessment_review_views.blueprint,
    desk_views.blueprint,
    alarm_history.blueprint,
    home_devices.blueprint,
    bed_devices.blueprint,
    renovations.blueprint,
    renovation_items.blueprint,
    renovation.blueprint,
    renovation_steps.blueprint,
    renovation_survey.blueprint,
    care_workers.blueprint,
    drag_views.blueprint,
    order_views.blueprint,
    call_samples.blueprint,
    call_views.blueprint,
    rating_views.blueprint,
    home_bed_map.blueprint,
    menu_views.blueprint,
    sheet_views.blueprint,
    dish_views.blueprint,
    setup_views.blueprint,
    paper_views.blueprint,
    needs_views.blueprint,
    sample_views.blueprint,
    meals_for.blueprint,
    closure_views.blueprint,
    meals_standing.blueprint,
    due_views.blueprint,
    wallet_views.blueprint,
    cash_views.blueprint,
    viability_views.blueprint,
    viability_map_views.blueprint,
    meal_settlements.blueprint,
    meal_settlement.blueprint,
    meal_statement.blueprint,
    meal_adjustments.blueprint,
    meal_voices.blueprint,
    meal_notices.blueprint,
    payments.blueprint,
    refusal_views.blueprint,
    card_views.blueprint,
    course_views.blueprint,
    session_views.blueprint,
    trainee_views.blueprint,
    door_views.blueprint,
    sum_views.blueprint,
    contest_views.blueprint,
    month_views.blueprint,
    person_views.blueprint,
    claim_views.blueprint,
    sent_views.blueprint,
    message_calls.blueprint,
    text_views.blueprint,
    inbox_views.blueprint,
    reminder_views.blueprint,
    timetable_views.blueprint,
    policies.blueprint,
    policy_packs.blueprint,
    policy_shipped.blueprint,
    policy_versions.blueprint,
    subsidy_approvals.blueprint,
    subsidy_held.blueprint,
    subsidy_notices.blueprint,
    subsidy_objections.blueprint,
    subsidy_claims.blueprint,
    subsidy_claim.blueprint,
    subsidy_claim_desk.blueprint,
    subsidy_stand_ins.blueprint,
    subsidy_runs.blueprint,
    subsidy_lines.blueprint,
    subsidy_trials.blueprint,
    subsidy_evidence.blueprint,
    subsidy_differences.blueprint,
    budget_views.blueprint,
    batch_views.desk_blueprint,
    batch_views.blueprint,
    one_batch_views.blueprint,
    payment_views.blueprint,
    recovery_views.blueprint,
    received_views.blueprint,
    received_views.account_blueprint,
    subsidy_audit.blueprint,
    subsidy_audit_line.blueprint,
    subsidy_samples.blueprint,
)
