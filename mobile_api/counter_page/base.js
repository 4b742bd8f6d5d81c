// Where the counter is mounted: "/app/counter" in the city.
export const BASE = new URL("./", import.meta.url).pathname.replace(/\/$/, "");
