// Whether the city's server can be reached. navigator.onLine alone is not to be believed.

let reachable = navigator.onLine !== false;

export function isReachable() {
  return reachable && navigator.onLine !== false;
}

export function setReachable(value) {
  if (reachable === value) return;
  reachable = value;
  tell();
}

/** Calls back when the network goes or returns. */
export function onConnectionChange(callback) {
  window.addEventListener("yinling:connection", callback);
}

function tell() {
  window.dispatchEvent(new Event("yinling:connection"));
}

window.addEventListener("online", () => {
  reachable = true;
  tell();
});
window.addEventListener("offline", tell);
