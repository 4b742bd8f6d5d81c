"""The console as a Flask app of its own, to be mounted at `/admin`."""

from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from flask.sessions import SecureCookieSessionInterface
from flask_limiter import Limit, Limiter
from flask_wtf import CSRFProtect

from admin import cookies, errors, formats, forms, navigation, pictures, preferences, words
from admin.allowances import claim_views, month_views, person_views
from admin.audit import views as trail
from admin.caregivers import (
    asking_views as caregiver_asking,
)
from admin.caregivers import attendance_views as attendance
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
from admin.training import (
    contest_views,
    course_views,
    door_views,
    session_views,
    sum_views,
    trainee_views,
)
from admin.wallets import cash_views, due_views, refusal_views, wallet_views
from server.db.acts import Face, present_actor
from server.i18n.catalogues import current_language, gettext, pgettext, problem_sentence
from server.identity import roles
from server.settings import settings
from server.web import deeds, limits
from server.web.access import client_address, open_to_all
from server.web.headers import add_security_headers, compress
from server.web.requests import follow_requests
from server.web.vendored import send_vendored

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
)
PROJECT = Path(__file__).parent.parent
STATIC = PROJECT / "admin" / "static"
LARGEST_BODY = 1024 * 1024
REQUESTS_PER_PERSON = "1200 per minute"
# A made-up cookie makes no new person: beneath it lies the address, which a town hall may share.
REQUESTS_PER_ADDRESS = "12000 per minute"


def create_app() -> Flask:
    """Return the console; where it is mounted it learns from each request."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=settings().secret_key.get_secret_value(),
        SESSION_COOKIE_NAME="yinling_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A counter stays open all day: the form guard lives as long as the browser's session.
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    app.session_interface = FormSession()
    follow_requests(app, Face.CONSOLE, cookies.token)
    app.before_request(preferences.speak_as_chosen)
    app.before_request(pictures.let_pictures_in)
    app.before_request(occupant_views.let_lists_in)
    app.before_request(caregiver_import.let_lists_in)
    CSRFProtect(app)
    app.after_request(keep_pages_out_of_caches)
    add_security_headers(app)
    compress(app)
    Limiter(
        _caller,
        app=app,
        default_limits=[REQUESTS_PER_PERSON, Limit(REQUESTS_PER_ADDRESS, client_address)],
        storage_uri=limits.STORE,
        enabled=settings().rate_limits,
    )
    _add_words(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.add_url_rule("/static/<path:filename>", "static", send_static)
    libraries = "/static/<any(htmx, leaflet, echarts):library>/<name>"
    app.add_url_rule(libraries, "vendored", send_library)
    errors.register(app)
    return app


class FormSession(SecureCookieSessionInterface):
    """The signed cookie of the form guard, kept to the mount, and to https where that is spoken."""

    def get_cookie_path(self, app: Flask) -> str:
        return cookies.path()

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


@open_to_all
def send_static(filename: str) -> Response:
    """A style or script of the console, asked for again each time and answered 304."""
    return _kept_if_unchanged(send_from_directory(STATIC, filename, conditional=True))


@open_to_all
def send_library(library: str, name: str) -> Response:
    """A file of a library behind live parts, maps and charts, as it was carried here."""
    return send_vendored(library, name)


def keep_pages_out_of_caches(response: Response) -> Response:
    """Whoever sits down at this computer next cannot go back to what was shown."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _kept_if_unchanged(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    return response


def may_here(permission: str) -> bool:
    """True where whoever is signed in holds the permission; a page shows no door it keeps shut."""
    actor = present_actor()
    return actor is not None and roles.may(actor, permission)


def _caller() -> str:
    return cookies.token() or client_address()


def _add_words(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=gettext,
        pgettext=pgettext,
        word=words.word,
        deed=deeds.deed,
        a_day=timedelta(days=1),
        may=may_here,
        told=lambda refusal: problem_sentence(refusal.code, refusal.facts),
        language=current_language,
        chosen=preferences.chosen,
        door_groups=navigation.groups_of,
        is_demo=lambda: settings().demo,
    )
    app.jinja_env.filters.update(
        formats.FILTERS, named_errors=forms.named_errors, unlinked_errors=forms.unlinked_errors
    )
