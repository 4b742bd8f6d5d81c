// Starts the app: language, screens, offline copy.

import { BASE } from "./lib/base.js";
import { chosenLanguage, useLanguage } from "./lib/i18n.js";
import { start } from "./lib/router.js";
import { show } from "./lib/screen.js";
import { routes } from "./routes.js";

async function open() {
  await useLanguage(chosenLanguage());
  start(routes, show);
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register(`${BASE}/sw.js`, { scope: `${BASE}/` });
}

open().catch((error) => console.error(error));
