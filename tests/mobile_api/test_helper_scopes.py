"""A helper with one scope is let through where it is asked for, and nowhere else.

Every operation of the API that is about a resident stands in the table; one that comes later and is
missing there fails.
"""

from base64 import b64encode
from datetime import timedelta

import pytest

from server import clock
from server.files.models import FileKind, FilePurpose
from server.files.service import keep_image
from server.meals.models import Canteen
from server.meals.standing.models import MealPause
from server.providers.models import Site
from server.residents.assessments.models import AbilityLevel
from server.residents.models import HelperScope, Relation, ResidentGrant
from server.subsidies.claims.asking import add_paper, begin_claim
from server.subsidies.claims.models import Claimant
from server.subsidies.claims.rules import months_after
from tests.factories.assessments import give_level
from tests.factories.claims import make_claimed
from tests.factories.consents import make_consent
from tests.factories.eaten import Kitchen, make_answered
from tests.factories.facilities import make_bed
from tests.factories.homecare import (
    make_home_bed,
    make_plan,
    make_proof,
    make_provider,
    make_visit,
    make_wish,
    make_worker,
)
from tests.factories.meals import make_sitting
from tests.factories.orders import make_order
from tests.factories.payments import make_payment
from tests.factories.people import LONG_AGO, make_account, make_resident, make_sign_in
from tests.factories.pictures import picture
from tests.factories.standing import make_standing, make_waiting
from tests.factories.subsidies import make_run
from tests.factories.wallets import make_wallet
from tests.mobile_api.conftest import Phone

pytestmark = pytest.mark.long

# Her own alone: no helper sees who else helps, or names another.
OWN_ALONE = None
MEALS, HEALTH, APPLY = HelperScope.BOOK_MEALS, HelperScope.SEE_HEALTH, HelperScope.APPLY
VISITS = HelperScope.SEE_VISITS
PICTURE = b64encode(picture(mark=7)).decode()
LAST_MONTH = months_after(clock.today().replace(day=1), -1).isoformat()
IN_TWO_DAYS = (clock.today() + timedelta(days=2)).isoformat()
IN_FOUR_DAYS = (clock.today() + timedelta(days=4)).isoformat()
# Where one eats is public; how far it is from the resident's home is told whoever acts for her.
WHOEVER_ACTS = "whoever acts for her"
OPERATIONS = {
    "listCanteens": (WHOEVER_ACTS, "GET", "/v1/canteens?resident_id={resident}", None),
    "getCanteen": (WHOEVER_ACTS, "GET", "/v1/canteens/{canteen}?resident_id={resident}", None),
    "getQuote": (MEALS, "GET", "/v1/sittings/{sitting}/quote?resident_id={resident}", None),
    "bookMeal": (
        MEALS, "POST", "/v1/bookings", {"sitting_id": "{free}", "resident_id": "{resident}"},
    ),
    "listSites": (WHOEVER_ACTS, "GET", "/v1/sites?resident_id={resident}&kind=care_home", None),
    "listBookings": (MEALS, "GET", "/v1/bookings?resident_id={resident}", None),
    "getBooking": (MEALS, "GET", "/v1/bookings/{booking}", None),
    "cancelBooking": (MEALS, "POST", "/v1/bookings/{booking}/cancellation", None),
    "chooseUsualCanteen": (
        MEALS, "PUT", "/v1/residents/{resident}/usual-canteen", {"canteen_id": "{canteen}"},
    ),
    "getAssessment": (HEALTH, "GET", "/v1/residents/{resident}/assessment", None),
    "listHomes": (WHOEVER_ACTS, "GET", "/v1/homes?resident_id={resident}", None),
    "getHome": (WHOEVER_ACTS, "GET", "/v1/homes/{home}?resident_id={resident}", None),
    "applyForBed": (
        APPLY, "POST", "/v1/applications", {"resident_id": "{resident}", "site_id": "{home}"},
    ),
    "applyForHomeBed": (APPLY, "POST", "/v1/home-beds", {"resident_id": "{resident}"}),
    "applyForRenovation": (
        APPLY, "POST", "/v1/renovations", {"resident_id": "{resident}", "address": "建设路12号"},
    ),
    "beginSubsidyClaim": (
        APPLY, "POST", "/v1/subsidy-claims",
        {"resident_id": "{resident}", "programme": "own_grant", "first_month": LAST_MONTH},
    ),
    "forecastSubsidyClaim": (
        APPLY, "GET", "/v1/subsidy-claims/forecast?resident_id={resident}&programme=own_grant"
        "&first_month=" + LAST_MONTH, None,
    ),
    "getSubsidyClaim": (APPLY, "GET", "/v1/subsidy-claims/{claim}", None),
    "sendSubsidyPaper": (
        APPLY, "POST", "/v1/subsidy-claims/{claim}/papers",
        {"evidence": "bed_book", "picture": PICTURE},
    ),
    "getSubsidyPaper": (APPLY, "GET", "/v1/subsidy-claims/{claim}/papers/{paper}", None),
    "removeSubsidyPaper": (
        APPLY, "POST", "/v1/subsidy-claims/{claim}/papers/{paper}/removal", None,
    ),
    "handInSubsidyClaim": (APPLY, "POST", "/v1/subsidy-claims/{claim}/handing-in", None),
    "withdrawSubsidyClaim": (APPLY, "POST", "/v1/subsidy-claims/{claim}/withdrawal", None),
    "askForViewing": (
        APPLY, "POST", "/v1/viewings",
        {"resident_id": "{resident}", "site_id": "{home}", "day": IN_TWO_DAYS, "part": "morning"},
    ),
    "listCareVisits": (VISITS, "GET", "/v1/care-visits?resident_id={resident}", None),
    "getCareVisit": (VISITS, "GET", "/v1/care-visits/{visit}", None),
    "getVisitPhoto": (VISITS, "GET", "/v1/care-visits/{visit}/photo", None),
    "confirmCareVisit": (VISITS, "POST", "/v1/care-visits/{visit}/confirmation", None),
    "rateCareVisit": (VISITS, "PUT", "/v1/care-visits/{visit}/rating", {"score": 3}),
    "sayCareWish": (
        VISITS, "POST", "/v1/care-visits/{visit}/wishes", {"kind": "change", "words": "早一点"},
    ),
    "sayNotSolved": (
        VISITS, "POST", "/v1/care-wishes/{wish}/follow-up", {"words": "还是没来"},
    ),
    "agreeToCarePlan": (VISITS, "POST", "/v1/care-plans/{plan}/agreement", None),
    "declineCarePlan": (VISITS, "POST", "/v1/care-plans/{plan}/refusal", None),
    "askForEntitlement": (
        APPLY, "POST", "/v1/care-entitlements",
        {"resident_id": "{resident}", "programme": "voucher"},
    ),
    "quoteCareOrder": (
        APPLY, "GET",
        "/v1/care-order-quotes?resident_id={resident}&services=bathing&day=" + IN_TWO_DAYS, None,
    ),
    "orderCare": (
        APPLY, "POST", "/v1/care-orders",
        {"resident_id": "{resident}", "site_id": "{provider}", "services": ["bathing"],
         "starts_at": IN_TWO_DAYS + "T09:00:00+08:00"},
    ),
    "getCareOrder": (APPLY, "GET", "/v1/care-orders/{order}", None),
    "cancelCareOrder": (APPLY, "POST", "/v1/care-orders/{order}/cancellation", None),
    "listStandingOrders": (MEALS, "GET", "/v1/standing-orders?resident_id={resident}", None),
    "makeStandingOrder": (
        MEALS, "POST", "/v1/standing-orders",
        {"resident_id": "{resident}", "canteen_id": "{canteen}", "meal": "breakfast",
         "weekdays": [1]},
    ),
    "getStandingOrder": (MEALS, "GET", "/v1/standing-orders/{standing}", None),
    "endStandingOrder": (MEALS, "POST", "/v1/standing-orders/{standing}/end", None),
    "pauseStandingOrder": (
        MEALS, "POST", "/v1/standing-orders/{standing}/pauses",
        {"starts_on": IN_TWO_DAYS, "ends_on": IN_FOUR_DAYS},
    ),
    "resumeMeals": (MEALS, "POST", "/v1/meal-pauses/{pause}/end", None),
    "listWaiting": (MEALS, "GET", "/v1/meal-waiting?resident_id={resident}", None),
    "joinWaiting": (
        MEALS, "POST", "/v1/meal-waiting",
        {"sitting_id": "{full}", "resident_id": "{resident}"},
    ),
    "getWaiting": (MEALS, "GET", "/v1/meal-waiting/{waiting}", None),
    "acceptPlace": (MEALS, "POST", "/v1/meal-waiting/{waiting}/acceptance", None),
    "leaveWaiting": (MEALS, "POST", "/v1/meal-waiting/{waiting}/leaving", None),
    "getWallet": (MEALS, "GET", "/v1/wallets/{wallet}", None),
    "askForWalletRefund": (MEALS, "POST", "/v1/wallets/{wallet}/refund-request", None),
    "withdrawWalletRefund": (
        MEALS, "POST", "/v1/wallets/{wallet}/refund-request/withdrawal", None,
    ),
    "getMealEntitlement": (MEALS, "GET", "/v1/residents/{resident}/meal-entitlement", None),
    "listHelpers": (OWN_ALONE, "GET", "/v1/residents/{resident}/helpers", None),
    "nameHelper": (
        OWN_ALONE, "POST", "/v1/residents/{resident}/helpers",
        {"phone": "13912345678", "name": "某某", "relation": "child", "scopes": ["book_meals"]},
    ),
    "offerHelperCode": (
        OWN_ALONE, "POST", "/v1/residents/{resident}/helper-codes", {"scopes": ["book_meals"]},
    ),
    "dismissHelper": (OWN_ALONE, "DELETE", "/v1/residents/{resident}/helpers/{grant}", None),
    "listActs": (OWN_ALONE, "GET", "/v1/residents/{resident}/acts", None),
    "listOpenings": (OWN_ALONE, "GET", "/v1/residents/{resident}/openings", None),
    "getMealRating": (MEALS, "GET", "/v1/bookings/{eaten}/rating", None),
    "rateMeal": (MEALS, "PUT", "/v1/bookings/{eaten}/rating", {"score": 3}),
    "sayMealVoice": (MEALS, "POST", "/v1/bookings/{eaten}/voices", {"kind": "cold"}),
    "getTopUpChoices": (
        MEALS, "GET", "/v1/residents/{resident}/top-up-choices?canteen_id={canteen}", None,
    ),
    "askTopUp": (
        MEALS, "POST", "/v1/top-ups",
        {"resident_id": "{resident}", "canteen_id": "{canteen}", "amount_fen": 5000},
    ),
    "getTopUp": (MEALS, "GET", "/v1/top-ups/{top_up}", None),
    "getEatingNeeds": (MEALS, "GET", "/v1/residents/{resident}/eating-needs", None),
    "noteEatingNeeds": (
        MEALS, "PUT", "/v1/residents/{resident}/eating-needs",
        {"usual_diet": "soft", "allergens": ["egg"], "dislikes": []},
    ),
    "listMissedMeals": (MEALS, "GET", "/v1/residents/{resident}/missed-meals", None),
    "sayMealNotSolved": (MEALS, "POST", "/v1/meal-voices/{voice}/follow-up", {"words": "还凉"}),
}  # fmt: skip
# Claims of a caregiver's own, whom nobody helps.
OF_A_CAREGIVER = {"withdrawAllowanceClaim"}
ABOUT_A_RESIDENT = {
    "resident_id",
    "claim_id",
    "booking_id",
    "visit_id",
    "plan_id",
    "wish_id",
    "order_id",
    "standing_id",
    "pause_id",
    "waiting_id",
    "wallet_id",
    "voice_id",
    "top_up_id",
}


def names_in(spec, operation, shared):
    """Return what an operation is told: parameters, and members of its body."""
    names = {one["name"] for one in [*shared, *operation.get("parameters", [])] if "name" in one}
    content = operation.get("requestBody", {}).get("content", {})
    for body in content.values():
        schema = spec["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
        names |= schema.get("properties", {}).keys()
    return names


def test_every_operation_about_a_resident_is_in_the_table(app):
    spec = app.extensions["problem-api"].spec.to_dict()
    about = {
        operation["operationId"]
        for methods in spec["paths"].values()
        for method, operation in methods.items()
        if method != "parameters"
        and names_in(spec, operation, methods.get("parameters", [])) & ABOUT_A_RESIDENT
    }

    assert about - OF_A_CAREGIVER == OPERATIONS.keys()


@pytest.fixture
def mother(session):
    mother = make_resident(session, name="李秀英")
    make_consent(session, "health", resident=mother)
    give_level(session, mother, AbilityLevel.SEVERE)
    return mother


@pytest.fixture
def operation():
    """What is asked for, where a test does not say."""
    return "listBookings"


@pytest.fixture
def keys(session, mother, phone_of, operation):
    """What the addresses are filled in with: a booking of hers, and a sitting still free.

    Whoever asks for a bed at home has had one before, and none now.
    """
    ended = {"state": "ended", "ended_on": clock.today(), "end_reason": "other"}
    own = phone_of(make_account(session, mother))
    first, second = make_sitting(session, in_days=1), make_sitting(session, in_days=2)
    booking = own.book(first, mother).json["id"]
    grant = own.get(f"/v1/residents/{mother.id}/helpers").json["items"][0]["id"]
    over = ended if operation == "applyForHomeBed" else {}
    bed = make_home_bed(session, mother, make_provider(session), **over)
    worker = make_worker(session, bed)
    made = make_visit(session, bed, worker, on=clock.today() - timedelta(days=1), state="done")
    shown = visit_photo(session, made).id if operation == "getVisitPhoto" else None
    make_proof(session, made, photo_file_id=shown)
    wish = make_wish(session, made)
    standing = make_standing(session, mother, session.get(Canteen, first.canteen_id), meal="dinner")
    absence = MealPause(
        resident_id=mother.id, cause="in_hospital", starts_on=clock.today(), noted_at=clock.now()
    )
    session.add(absence)
    evening = {"in_days": 3, "meal": "dinner", "dishes": ()}
    offered = make_waiting(session, mother, make_sitting(session, **evening), state="offered")
    full = make_sitting(session, **evening, capacity=0)
    session.flush()
    claim, paper = claimed(session, mother)
    meal = Kitchen(session).eaten(mother)
    voice = make_answered(session, meal)
    return {
        "eaten": meal.id, "voice": voice.id,
        "provider": bed.site_id,
        "order": make_order(session, mother, session.get(Site, bed.site_id)).id,
        "visit": made.id, "plan": make_plan(session, bed, worker, state="drafted").id,
        "resident": mother.id, "canteen": first.canteen_id, "sitting": second.id,
        "free": second.id, "booking": booking, "grant": grant,
        "home": make_bed(session).site_id, "wish": wish.id,
        "standing": standing.id, "pause": absence.id, "waiting": offered.id, "full": full.id,
        "top_up": make_payment(session, mother, session.get(Canteen, first.canteen_id)).id,
        "claim": claim, "paper": paper,
        "wallet": make_wallet(session, mother, session.get(Canteen, first.canteen_id)),
    }  # fmt: skip


def claimed(session, mother):
    """A claim of hers for the month before the last, with its paper, not handed in."""
    version = make_claimed(session, by="resident", programme="own_grant", family="own_grant")
    month = months_after(clock.today().replace(day=1), -2)
    make_run(session, [{"resident_id": mother.id}], version=version, first_month=month)
    claim = begin_claim(
        session, claimant=Claimant.RESIDENT, claimant_id=mother.id, programme="own_grant",
        first_month=month,
    )  # fmt: skip
    return claim.id, add_paper(session, claim.id, evidence="bed_book", content=picture()).id


def visit_photo(session, visit):
    whose = {"resident_id": visit.resident_id, "site_id": visit.site_id}
    kind, purpose = FileKind.PHOTO, FilePurpose.VISIT_PHOTO
    return keep_image(session, picture(), kind=kind, purpose=purpose, **whose)


@pytest.fixture
def phone_of(app, session):
    return lambda account: Phone(app.test_client(), session, make_sign_in(session, account=account))


@pytest.fixture
def helper(session, mother, phone_of):
    """The phone of a helper with these scopes: `helper({HelperScope.BOOK_MEALS})`."""

    def bind(scopes, **given):
        session.connection()
        account = make_account(session)
        values = {"starts_on": LONG_AGO, "ends_on": None} | given
        session.add(
            ResidentGrant(
                account_id=account.id,
                resident_id=mother.id,
                kind="helper",
                holder_name="女儿",
                relation=Relation.CHILD,
                scopes=[scope.value for scope in scopes],
                **values,
            )
        )
        session.flush()
        return phone_of(account)

    return bind


def call(phone, operation, keys):
    _, method, path, body = OPERATIONS[operation]
    filled = body and {
        name: int(value.format(**keys)) if isinstance(value, str) and value[0] == "{" else value
        for name, value in body.items()
    }
    return (
        phone.send(method, path.format(**keys), filled)
        if method != "GET"
        else phone.get(path.format(**keys))
    )


@pytest.mark.parametrize("scope", list(HelperScope))
@pytest.mark.parametrize("operation", OPERATIONS)
def test_one_scope_opens_what_asks_for_it_alone(helper, keys, scope, operation):
    asked = OPERATIONS[operation][0]

    status = call(helper({scope}), operation, keys).status_code

    if asked is OWN_ALONE:
        assert status == 404
    elif asked in (scope, WHOEVER_ACTS):
        assert status < 300
    else:
        assert status == 403


@pytest.mark.parametrize("operation", OPERATIONS)
def test_all_scopes_of_a_grant_that_has_ended_open_nothing(helper, keys, operation):
    phone = helper(set(HelperScope), ends_on=clock.today())

    assert call(phone, operation, keys).status_code == 404


@pytest.mark.parametrize("operation", OPERATIONS)
def test_all_scopes_of_a_grant_yet_to_come_open_nothing(helper, keys, operation):
    phone = helper(set(HelperScope), starts_on=clock.today() + timedelta(days=1))

    assert call(phone, operation, keys).status_code == 404


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_scope_opens_nothing_about_her(helper, keys, operation):
    asked = OPERATIONS[operation][0]

    status = call(helper(set()), operation, keys).status_code

    assert (status < 300) == (asked == WHOEVER_ACTS)


def test_a_list_without_a_name_holds_those_whom_the_scope_is_for(helper, keys):
    held = helper({HelperScope.SEE_HEALTH}).get("/v1/bookings")

    assert held.json["items"] == []
