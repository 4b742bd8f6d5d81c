// Texts by their English sentence; {names} in braces are filled in.

import { BASE } from "./base.js";
import { phone } from "./keep.js";

export const LANGUAGES = ["zh-CN", "en"];
let texts = {};
let hasLater = false;
const LATER = Symbol("later");
let current = "zh-CN";

export function language() {
  return current;
}

/** Loads the catalogue and makes it the language of everything shown from now on; `folder` is another app's. */
export async function useLanguage(name, folder = `${BASE}/catalogues`) {
  const wanted = LANGUAGES.includes(name) ? name : LANGUAGES[0];
  texts = await read(`${folder}/${wanted}.json`);
  current = wanted;
  if (hasLater) await laterTexts();
  document.documentElement.lang = wanted;
  phone.set("yinling.language", wanted);
}

/** Adds the texts that only rarely opened screens need; asked for once a language. */
export async function laterTexts() {
  if (!texts[LATER]) texts = { ...texts, ...(await read(`${BASE}/catalogues/${current}.later.json`)), [LATER]: true };
  hasLater = true;
}

async function read(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`no texts at ${address}`);
  return response.json();
}

export function chosenLanguage() {
  return phone.get("yinling.language");
}

/** t("Call the canteen"), t("For {name}", {name}) */
export function t(sentence, facts = {}) {
  const template = texts[sentence] || sentence;
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}
