// Where the app is mounted: "/app" in the city, something else in a test.
export const BASE = new URL("../", import.meta.url).pathname.replace(/\/$/, "");
