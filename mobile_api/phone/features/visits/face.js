// Who comes, as a face; and pictures that the reader alone may see, put into their frame once they are there.

import { readPicture } from "../../lib/api.js";
import { h } from "../../lib/dom.js";

/** The worker's portrait; until it is there, and where there is none, the family name stands for it. */
export function face(one) {
  const frame = h("span.visit-face", { "aria-hidden": "true" }, (one.worker_name || "?").slice(0, 1));
  if (one.worker_photo) showPicture(frame, one.worker_photo, "");
  return frame;
}

/** Puts the picture into its frame; `missing` is said where it cannot be had. */
export function showPicture(frame, path, alt, missing = null) {
  readPicture(path).then(
    (src) => frame.replaceChildren(h("img", { src, alt })),
    () => missing && frame.replaceChildren(missing),
  );
}
