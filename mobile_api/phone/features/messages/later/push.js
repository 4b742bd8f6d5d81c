// Notices by Firebase, where the city has it. Many phones reach no such service: nothing depends on it.

import { act } from "../../../lib/api.js";
import { BASE } from "../../../lib/base.js";

/** Lets this phone show messages; false where the phone, or its holder, will not. */
export async function showHere(settings) {
  if (!("Notification" in window) || !("serviceWorker" in navigator)) return false;
  if (await Notification.requestPermission() !== "granted") return false;
  const value = await nameOf(settings);
  if (!value) return false;
  await act("PUT", "/push-devices", { kind: "token", value, platform: "web" });
  return true;
}

export async function stopHere(settings) {
  const value = await nameOf(settings);
  if (value) await act("POST", "/push-devices/removal", { value });
}

/** This installation's name at Firebase, or null where the service cannot be reached. */
async function nameOf({ vapidKey, ...settings }) {
  try {
    const firebase = await library();
    const app = firebase.apps.length ? firebase.app() : firebase.initializeApp(settings);
    const serviceWorkerRegistration = await navigator.serviceWorker.ready;
    return await firebase.messaging(app).getToken({ vapidKey, serviceWorkerRegistration });
  } catch (unreachable) {
    return null;
  }
}

/** Firebase's own files, from our house, when somebody wants notices and not before. */
async function library() {
  await script(`${BASE}/firebase/firebase-app-compat.js`);
  await script(`${BASE}/firebase/firebase-messaging-compat.js`);
  return window.firebase;
}

function script(src) {
  return new Promise((resolve, reject) => {
    if (document.querySelector(`script[src="${src}"]`)) return resolve();
    const element = document.createElement("script");
    Object.assign(element, { src, onload: resolve, onerror: reject });
    document.head.append(element);
  });
}
