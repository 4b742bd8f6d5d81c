// Reads a signed meal code and checks it without a network. The form stands in server/meals/counter/codes.py.

import { BASE } from "./base.js";

const PREFIX = "Y2:";
const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const MEALS = ["breakfast", "lunch", "dinner"];
const CLAIM = 15;
const SIGNATURE = 64;
const FIRST_DAY = Date.UTC(2000, 0, 1);
const A_DAY = 86400000;

export function isSigned(text) {
  return text.startsWith(PREFIX);
}

/** {verdict: "good" | "forged" | "elsewhere" | "other-day", claim}; `day` is the list with the city's keys. */
export async function check(text, day, today) {
  const raw = bytesOf(text.slice(PREFIX.length));
  if (!raw || raw.length !== CLAIM + SIGNATURE) return { verdict: "forged" };
  const plain = raw.slice(0, CLAIM);
  const claim = claimOf(plain);
  const key = day.keys.find((one) => one.number === claim.keyNumber);
  if (!claim.meal || !key || !(await isOf(hex(key.public_key), plain, raw.slice(CLAIM)))) return { verdict: "forged" };
  if (claim.canteenId !== day.canteen_id) return { verdict: "elsewhere", claim };
  return { verdict: claim.day === today ? "good" : "other-day", claim };
}

/** By what six digits are known in the list, which holds none. */
export async function digestOf(canteenId, day, code) {
  const text = new TextEncoder().encode(`${canteenId}/${day}/${code}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function claimOf(plain) {
  const last = number(plain, 12, 15);
  return {
    keyNumber: plain[0],
    bookingId: number(plain, 1, 6),
    canteenId: number(plain, 6, 10),
    day: new Date(FIRST_DAY + number(plain, 10, 12) * A_DAY).toISOString().slice(0, 10),
    meal: MEALS[last >> 20],
  };
}

async function isOf(publicKey, plain, signature) {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, plain);
  } catch (unknown) {
    const { verifyAsync } = await import(`${BASE}/vendor/noble-ed25519/index.js`);
    return verifyAsync(signature, plain, publicKey).catch(() => false);
  }
}

function number(bytes, from, to) {
  return bytes.slice(from, to).reduce((sum, byte) => sum * 256 + byte, 0);
}

function hex(text) {
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
}

function bytesOf(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const digits = text.slice(at, at + 3).split("").map((sign) => SIGNS.indexOf(sign));
    const size = digits.length - 1;
    const value = digits.reduce((sum, digit, place) => sum + digit * Math.pow(45, place), 0);
    if (size === 0 || digits.includes(-1) || value >= Math.pow(256, size)) return null;
    for (let byte = size - 1; byte >= 0; byte -= 1) bytes.push(Math.floor(value / Math.pow(256, byte)) % 256);
  }
  return Uint8Array.from(bytes);
}
