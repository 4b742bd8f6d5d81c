"""Every table of the platform, in one place to import."""

import server.audit.models
import server.caregivers.allowances.models
import server.caregivers.asking.models
import server.caregivers.models
import server.caregivers.reminders.models
import server.caregivers.training.models
import server.facilities.contracts.models
import server.facilities.models
import server.facilities.referrals.models
import server.facilities.returns.models
import server.facilities.staffing.models
import server.facilities.viewings.models
import server.facilities.waiting.models
import server.files.models
import server.findings.models
import server.homecare.alarms.models
import server.homecare.beds.models
import server.homecare.callbacks.models
import server.homecare.devices.models
import server.homecare.models
import server.homecare.months.models
import server.homecare.orders.models
import server.homecare.plans.models
import server.homecare.renovations.models
import server.homecare.visits.models
import server.homecare.vouchers.models
import server.idempotency.models
import server.identity.models
import server.ledger.models
import server.meals.counter.models
import server.meals.days.models
import server.meals.deliveries.models
import server.meals.kitchen.models
import server.meals.models
import server.meals.settlement.models
import server.meals.standing.models
import server.meals.voices.models
import server.meals.waiting.models
import server.meals.wallets.models
import server.notifications.models
import server.payments.models
import server.places.models
import server.policies.models
import server.policies.programmes.models
import server.providers.models
import server.residents.assessments.models
import server.residents.consents.models
import server.residents.departures.models
import server.residents.facts.models
import server.residents.merging.models
import server.residents.models
import server.subsidies.approvals.models
import server.subsidies.budgets.models
import server.subsidies.checks.models
import server.subsidies.claims.models
import server.subsidies.desk.models
import server.subsidies.differences.models
import server.subsidies.models
import server.subsidies.notices.models
import server.subsidies.payments.models
import server.subsidies.recoveries.models
import server.subsidies.samples.models
import server.timetable.models  # noqa: F401
from server.db.tables import Table

metadata = Table.metadata
