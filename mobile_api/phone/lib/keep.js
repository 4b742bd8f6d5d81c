// localStorage and sessionStorage that never throw: a full or closed store only means less is remembered.

function openStore(store) {
  return {
    get(key) {
      try {
        return store().getItem(key);
      } catch (closed) {
        return null;
      }
    },
    set(key, value) {
      try {
        store().setItem(key, value);
        return true;
      } catch (fullOrClosed) {
        return false;
      }
    },
    remove(key) {
      try {
        store().removeItem(key);
      } catch (closed) {
        // Nothing was kept, so nothing has to go.
      }
    },
    keys() {
      try {
        return Object.keys(store());
      } catch (closed) {
        return [];
      }
    },
  };
}

/** Stays on the phone. */
export const phone = openStore(() => window.localStorage);

/** Lasts as long as the app is open. */
export const visit = openStore(() => window.sessionStorage);
