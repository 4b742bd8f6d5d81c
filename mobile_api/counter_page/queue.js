// What was done without the server: kept on the tablet in its order until the server has it. Each carries
// its own key, so that it may be sent as often as one likes.

import { account, act, Refused, Unreachable } from "./api.js";
import * as vault from "./vault.js";

const MOST_AT_ONCE = 200;
let waiting = [];
let faults = [];
let sending = null;

/** Finds again what was kept when the tablet was closed. */
export async function open() {
  waiting = (await vault.get("queue")) || [];
  faults = (await vault.get("faults")) || [];
}

export function all() {
  return waiting;
}

/** What the server did not accept afterwards, with its sentence; stays until it was read. */
export function refused() {
  return faults;
}

export async function forgetRefused() {
  faults = [];
  await vault.set("faults", faults);
}

/** {kind, canteenId, at, …}: a meal (`body`), or something else that is one call (`path`, `body`). */
export async function add(one) {
  waiting = [...waiting, one];
  await vault.set("queue", waiting);
}

/** Sends all that waits, in its order; true where nothing is left. */
export function flush() {
  if (!sending) sending = sendAll().finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  let most = MOST_AT_ONCE;
  while (waiting.length > 0 && account.token()) {
    const some = nextOf(waiting, most);
    let answers;
    try {
      answers = await sent(some);
    } catch (error) {
      if (error instanceof Unreachable || (error instanceof Refused && error.status === 401)) return false;
      if (!(error instanceof Refused) || error.status >= 500) throw error;
      most = 1; // One that cannot be read must not stop the others: they go one by one.
      if (some.length > 1) continue;
      answers = [error.message];
    }
    await settle(some, answers);
  }
  return waiting.length === 0;
}

/** Meals of one canteen go together; anything else goes by itself. */
function nextOf(queue, most) {
  const [first] = queue;
  if (first.kind !== "meal") return [first];
  const end = queue.findIndex((one) => one.kind !== "meal" || one.canteenId !== first.canteenId);
  return queue.slice(0, Math.min(most, end < 0 ? queue.length : end));
}

async function sent(some) {
  const [first] = some;
  const sent_at = new Date().toISOString();
  if (first.kind !== "meal") {
    const answer = await act("POST", first.path, { ...first.body, sent_at }, { key: first.key });
    return [answer && answer.state && answer.state !== "accepted" ? answer.detail : null];
  }
  const body = { sent_at, collections: some.map((one) => one.body) };
  const { items } = await act("POST", `/canteens/${first.canteenId}/collections`, body);
  return items.map((one) => (one.state === "accepted" ? null : one.detail));
}

/** Written at once: what the server has is neither sent nor told again. */
async function settle(some, answers) {
  waiting = waiting.slice(some.length);
  const wrong = some.map((one, place) => ({ name: one.name, at: one.at, detail: answers[place] }));
  faults = [...faults, ...wrong.filter((one) => one.detail)];
  await vault.set("queue", waiting);
  await vault.set("faults", faults);
}
