// What is typed stays typed: over Back, over a reload, over a lost network.

import { visit } from "./keep.js";

const PREFIX = "yinling.draft ";

export function draft(name) {
  return visit.get(PREFIX + name) || "";
}

export function setDraft(name, value) {
  visit.set(PREFIX + name, value);
}

/** Fills the input with what was typed before and remembers every change. */
export function remember(input, name) {
  input.value = draft(name);
  input.addEventListener("input", () => setDraft(name, input.value));
  return input;
}

export function dropDraft(name) {
  visit.remove(PREFIX + name);
}
