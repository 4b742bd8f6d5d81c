// What the big button does: keep it on the phone first, then try to send it.

import { t } from "../../lib/i18n.js";
import { Problem } from "../../lib/problems.js";
import { go } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";
import * as photos from "./photos.js";
import * as queue from "./queue.js";

export async function arrived(visit) {
  await keep("arrive", visit, await queue.place());
  go(`/work/visits/${visit.id}`, {}, { replace: location.pathname.includes("/work/visits/") });
}

export async function left(visit, tasks, photo) {
  await keep("leave", visit, { ...(await queue.place()), tasks_done: tasks }, photo);
  go(`/work/visits/${visit.id}`, {}, { replace: true });
}

export async function confirmed(visit, code) {
  await keep("confirm", visit, code ? { code } : {});
  go("/work", {}, { replace: true });
}

/** Never lost: without a network it waits on the phone, and that is said. */
async function keep(kind, visit, given, photo = null) {
  const key = queue.note(kind, visit, given);
  if (!key) {
    throw new Problem(400, { detail: t("This phone can keep nothing more. Please go where there is a network.") });
  }
  if (photo) await photos.release(visit, photo, key);
  const all = await queue.flush();
  sayNext(all ? t("Noted.") : t("Kept on this phone. It is sent when there is a network."));
}
