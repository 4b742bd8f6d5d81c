// Texts by their English sentence; {names} in braces are filled in.

import { BASE } from "./base.js";
import { phone } from "./keep.js";

export const LANGUAGES = ["zh-CN", "en"];
let texts = {};
let current = "zh-CN";

export function language() {
  return current;
}

/** Loads the catalogue and makes it the language of everything shown from now on; `folder` is another app's. */
export async function useLanguage(name, folder = `${BASE}/catalogues`) {
  const wanted = LANGUAGES.includes(name) ? name : LANGUAGES[0];
  const response = await fetch(`${folder}/${wanted}.json`);
  if (!response.ok) throw new Error(`no catalogue for ${wanted}`);
  texts = await response.json();
  current = wanted;
  document.documentElement.lang = wanted;
  phone.set("yinling.language", wanted);
}

export function chosenLanguage() {
  return phone.get("yinling.language");
}

/** t("Call the canteen"), t("For {name}", {name}) */
export function t(sentence, facts = {}) {
  const template = texts[sentence] || sentence;
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}
