// Every screen of the app and its address.

import { laterTexts } from "./lib/i18n.js";
import { agree, disagree } from "./features/consents/agree.js";
import { consent, consents } from "./features/consents/consents.js";
import { home } from "./features/home/home.js";
import { missing } from "./features/home/missing.js";
import { about } from "./features/help/about.js";
import { contrastSetting } from "./features/help/contrast.js";
import { help } from "./features/help/help.js";
import { languageSetting } from "./features/help/language.js";
import { signOut } from "./features/help/sign_out.js";
import { textSizeSetting } from "./features/help/text_size.js";
import { application } from "./features/homes/application.js";
import { applications } from "./features/homes/applications.js";
import { applyForBed } from "./features/homes/apply.js";
import { askVisit } from "./features/homes/ask_visit.js";
import { oneHome } from "./features/homes/home.js";
import { homes } from "./features/homes/homes.js";
import { homesMap } from "./features/homes/homes_map.js";
import { leaveQueue } from "./features/homes/leave_queue.js";
import { visit } from "./features/homes/visit.js";
import { wishes } from "./features/homes/wishes.js";
import { device, devices } from "./features/identity/devices.js";
import { privacy } from "./features/identity/privacy.js";
import { signIn } from "./features/identity/sign_in.js";
import { signInCode } from "./features/identity/sign_in_code.js";
import { booking } from "./features/meals/booking.js";
import { booked } from "./features/meals/booked.js";
import { bookings } from "./features/meals/bookings.js";
import { chooseCanteen } from "./features/meals/choose_canteen.js";
import { chooseSitting } from "./features/meals/choose_sitting.js";
import { confirm } from "./features/meals/confirm.js";
import { dishes } from "./features/meals/dishes.js";
import { chooseResident } from "./features/residents/choose_resident.js";
import { doneForMe } from "./features/residents/done_for_me.js";
import { helpers } from "./features/residents/helpers.js";
import { visitOfMine } from "./features/visits/visit.js";
import { visits } from "./features/visits/visits.js";
import { wish } from "./features/visits/wish.js";
import { plan } from "./features/visits/plan.js";
import { workVisit } from "./features/work/visit.js";
import { workday } from "./features/work/workday.js";
import { workSignIn } from "./features/work/sign_in.js";

// A context's screens that are opened rarely are asked for together, when one of them is opened.
const later = (ask) => (name) => () => laterTexts().then(ask).then((screens) => screens[name]);
const bedsAtHome = later(() => import("./features/homecare/later/screens.js"));
const homesMadeSafe = later(() => import("./features/renovations/later/screens.js"));
const ownData = later(() => import("./features/own_data/later/screens.js"));
const trusted = later(() => import("./features/residents/later/screens.js"));
const atMeals = later(() => import("./features/meals/later/screens.js"));
const saidOfVisits = later(() => import("./features/visits/later/screens.js"));
const written = later(() => import("./features/messages/later/screens.js"));
const reminded = later(() => import("./features/reminders/later/screens.js"));
const bought = later(() => import("./features/orders/later/screens.js"));
const caregivers = later(() => import("./features/caregivers/later/screens.js"));
const learning = later(() => import("./features/training/later/screens.js"));
const ownAllowances = later(() => import("./features/allowances/later/screens.js"));
const subsidies = later(() => import("./features/subsidies/later/screens.js"));

export const routes = [
  ["/", home],
  ["/sign-in", signIn],
  ["/sign-in/code", signInCode],
  ["/privacy", privacy],
  ["/agree", agree],
  ["/agree/no", disagree],
  ["/meals", chooseResident],
  ["/meals/canteens", chooseCanteen],
  ["/meals/canteens/:canteen", chooseSitting],
  ["/meals/sittings/:sitting", dishes],
  ["/meals/sittings/:sitting/confirm", confirm],
  ["/meals/sittings/:sitting/how", atMeals("how")],
  ["/meals/standing", atMeals("standingList")],
  ["/meals/standing/new", atMeals("newStanding")],
  ["/meals/standing/days", atMeals("standingDays")],
  ["/meals/standing/sure", atMeals("standingSure")],
  ["/meals/standing/:order", atMeals("standing")],
  ["/meals/standing/:order/pause", atMeals("pauseStanding")],
  ["/meals/standing/:order/end", atMeals("endStanding")],
  ["/meals/waiting/:waiting", atMeals("waiting")],
  ["/bookings", bookings],
  ["/bookings/past", atMeals("pastBookings")],
  ["/bookings/:booking", booking],
  ["/bookings/:booking/booked", booked],
  ["/bookings/:booking/cancel", atMeals("cancelBooking")],
  ["/care", homes],
  ["/care/map", homesMap],
  ["/care/wishes", wishes],
  ["/care/homes/:home", oneHome],
  ["/care/homes/:home/visit", askVisit],
  ["/care/homes/:home/apply", applyForBed],
  ["/care/applications", applications],
  ["/care/applications/:application", application],
  ["/care/applications/:application/leave", leaveQueue],
  ["/care/visits/:visit", visit],
  ["/care/home-beds", bedsAtHome("homeBeds")],
  ["/care/home-beds/new", bedsAtHome("applyForHomeBed")],
  ["/care/home-beds/:bed", bedsAtHome("homeBed")],
  ["/care/home-beds/:bed/end", bedsAtHome("withdrawHomeBed")],
  ["/care/renovations", homesMadeSafe("renovations")],
  ["/care/renovations/new", homesMadeSafe("applyForRenovation")],
  ["/care/renovations/:renovation", homesMadeSafe("renovation")],
  ["/care/renovations/:renovation/no", homesMadeSafe("declineRenovation")],
  ["/care/renovations/:renovation/end", homesMadeSafe("withdrawRenovation")],
  ["/announcements", atMeals("announcements")],
  ["/help", help],
  ["/help/helpers", helpers],
  ["/help/helpers/code", trusted("showCode")],
  ["/help/helped", trusted("typeCode")],
  ["/help/helpers/new", trusted("nameHelper")],
  ["/help/helpers/:grant/end", trusted("dismissHelper")],
  ["/help/done-for-me", doneForMe],
  ["/help/ability", trusted("ability")],
  ["/help/consents", consents],
  ["/help/consents/:purpose", consent],
  ["/help/my-data", ownData("myData")],
  ["/help/close", ownData("closeAccount")],
  ["/help/close/sure", ownData("closeAccountSure")],
  ["/help/text-size", textSizeSetting],
  ["/help/contrast", contrastSetting],
  ["/help/language", languageSetting],
  ["/help/about", about],
  ["/help/devices", devices],
  ["/help/devices/:device", device],
  ["/help/sign-out", signOut],
  ["/visits", visits],
  ["/visits/plans/:plan", plan],
  ["/visits/said/:wish", saidOfVisits("saidWish")],
  ["/visits/said/:wish/again", saidOfVisits("notSolved")],
  ["/visits/:visit", visitOfMine],
  ["/visits/:visit/wish", wish],
  ["/vouchers", bought("vouchers")],
  ["/vouchers/apply", bought("applyForVoucher")],
  ["/orders", bought("orders")],
  ["/orders/new", bought("orderServices")],
  ["/orders/new/when", bought("orderWhen")],
  ["/orders/new/sure", bought("orderSure")],
  ["/orders/:order", bought("order")],
  ["/orders/:order/cancel", bought("cancelOrder")],
  ["/caregiver/allowances", ownAllowances("allowances")],
  ["/caregiver/allowances/year", ownAllowances("yearOfAllowances")],
  ["/caregiver/allowances/claim/:programme", ownAllowances("claimAllowance")],
  ["/caregiver/allowances/claims/:claim", ownAllowances("allowanceClaim")],
  ["/caregiver/allowances/:programme/:period", ownAllowances("allowance")],
  ["/caregiver/reminders", reminded("reminders")],
  ["/wallets", atMeals("wallets")],
  ["/wallets/top-up", atMeals("topUp")],
  ["/top-ups", atMeals("topUps")],
  ["/top-ups/:topUp", atMeals("topUpState")],
  ["/wallets/:wallet", atMeals("wallet")],
  ["/wallets/:wallet/refund", atMeals("askRefund")],
  ["/meals/subsidy", atMeals("subsidy")],
  ["/subsidies", subsidies("subsidies")],
  ["/subsidies/claims/new", subsidies("newSubsidyClaim")],
  ["/subsidies/claims/:claim", subsidies("subsidyClaim")],
  ["/subsidies/claims/:claim/paper", subsidies("claimPaper")],
  ["/subsidies/owed", subsidies("owedBack")],
  ["/subsidies/owed/:recovery", subsidies("oneOwed")],
  ["/subsidies/:run/:line", subsidies("subsidyLine")],
  ["/subsidies/:run/:line/wrong", subsidies("objectToLine")],
  ["/bookings/:booking/rating", atMeals("rateMeal")],
  ["/bookings/:booking/complaint", atMeals("mealComplaint")],
  ["/meal-voices", atMeals("mealVoices")],
  ["/meal-voices/:voice/again", atMeals("mealNotSolved")],
  ["/meals/needs", atMeals("needs")],
  ["/meals/missed", atMeals("missed")],
  ["/caregiver", caregivers("caregiverHome")],
  ["/caregiver/link", caregivers("linkCaregiver")],
  ["/caregiver/send", caregivers("sendProof")],
  ["/caregiver/certificates", caregivers("certificates")],
  ["/caregiver/certificates/:certificate", caregivers("certificate")],
  ["/caregiver/employment", caregivers("employment")],
  ["/caregiver/education", caregivers("education")],
  ["/caregiver/attendance", caregivers("attendance")],
  ["/caregiver/courses", learning("courses")],
  ["/caregiver/courses/:session", learning("oneCourse")],
  ["/caregiver/courses/:session/carer", learning("enrolCarer")],
  ["/caregiver/courses/:session/leave", learning("leaveCourse")],
  ["/caregiver/door", learning("courseDoor")],
  ["/caregiver/learned", learning("learned")],
  ["/messages", written("messages")],
  ["/messages/wishes", written("messageWishes")],
  ["/messages/:message", written("message")],
  ["/work", workday],
  ["/work/sign-in", workSignIn],
  ["/work/visits/:visit", workVisit],
  ["*", missing],
];
