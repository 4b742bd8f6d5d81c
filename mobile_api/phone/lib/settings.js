// How this phone shows things: text size and contrast. The language lives in i18n.js.

import { phone } from "./keep.js";

const root = document.documentElement;

export function textSize() {
  return root.dataset.textSize || "normal";
}

export function setTextSize(size) {
  root.dataset.textSize = size;
  phone.set("yinling.text-size", size);
}

export function contrast() {
  return root.dataset.contrast || "normal";
}

export function setContrast(level) {
  root.dataset.contrast = level;
  phone.set("yinling.contrast", level);
}
