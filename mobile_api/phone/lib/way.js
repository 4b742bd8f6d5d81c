// Homes in their order as a drawing of one's own: numbered, north above, no map asked for. Its words are
// the caller's, so that phone and counter each take them from their own catalogue.

import { h, svg } from "./dom.js";

const WIDE = 320;
const HIGH = 220;
const BELOW = 44;
const EDGE = 34;
const METRES_A_DEGREE = 111320;
const LEAST_METRES = 400;
const TOO_CLOSE = 42;
const CENTRED = { "dominant-baseline": "central", "text-anchor": "middle" };
const LENGTHS = [100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000];

/**
 * A drawing of the homes whose place is known; null where that is fewer than two. `words` are {title, note,
 * said(names), metres(count), kilometres(count)}.
 */
export function drawWay(homes, words) {
  const known = homes.map((one, place) => ({ one, number: place + 1 })).filter(({ one }) => one.x !== null);
  if (known.length < 2) return null;
  const { points, pixelsAMetre } = laidOut(known);
  const line = points.map(({ left, top }) => `${left},${top}`).join(" ");
  const label = words.said(namesOf(points));
  const ground = { viewBox: `0 0 ${WIDE} ${HIGH + BELOW}`, class: "way", role: "img", "aria-label": label };
  const drawing = svg("svg", ground,
    svg("polyline", { points: line, class: "way__line" }),
    ...together(points).map(mark), ...scale(pixelsAMetre, words));
  return h("section.stack", {}, h("h2", {}, words.title), drawing, h("p", {}, words.note));
}

/** Metres east and north of the middle, then pixels; a street of homes is not blown up to fill the screen. */
function laidOut(known) {
  const middle = { x: mean(known, "x"), y: mean(known, "y") };
  const narrower = Math.cos(middle.y * Math.PI / 180);
  const metres = known.map(({ one, number }) => ({
    one, number,
    east: (one.x - middle.x) * METRES_A_DEGREE * narrower,
    north: (one.y - middle.y) * METRES_A_DEGREE,
  }));
  const across = Math.max(LEAST_METRES, ...metres.map(({ east }) => 2 * Math.abs(east)));
  const upward = Math.max(LEAST_METRES, ...metres.map(({ north }) => 2 * Math.abs(north)));
  const pixelsAMetre = Math.min((WIDE - 2 * EDGE) / across, (HIGH - 2 * EDGE) / upward);
  const points = metres.map((one) => ({
    ...one,
    left: Math.round(WIDE / 2 + one.east * pixelsAMetre),
    top: Math.round(HIGH / 2 - one.north * pixelsAMetre),
  }));
  return { points, pixelsAMetre };
}

function mean(known, name) {
  return known.reduce((sum, { one }) => sum + one[name], 0) / known.length;
}

/** Homes that would lie on top of one another are one mark with all their numbers. */
function together(points) {
  const marks = [];
  for (const point of points) {
    const near = marks.find((one) => Math.hypot(one.left - point.left, one.top - point.top) < TOO_CLOSE);
    if (near) near.words = `${near.words}·${point.number}`;
    else marks.push({ left: point.left, top: point.top, words: String(point.number) });
  }
  return marks;
}

function mark({ left, top, words }) {
  const wide = 38 + 14 * (words.length - 1);
  const box = { x: left - wide / 2, y: top - 19, width: wide, height: 38, rx: 19, class: "way__mark" };
  return svg("g", {}, svg("rect", box),
    svg("text", { x: left, y: top, ...CENTRED, class: "way__number" }, words));
}

function scale(pixelsAMetre, words) {
  const length = [...LENGTHS].reverse().find((one) => one * pixelsAMetre < WIDE / 3) || LENGTHS[0];
  const long = length < 1000 ? words.metres(length) : words.kilometres(length / 1000);
  const end = 10 + length * pixelsAMetre;
  return [
    svg("line", { x1: 10, y1: HIGH + BELOW - 10, x2: end, y2: HIGH + BELOW - 10, class: "way__scale" }),
    svg("text", { x: 10, y: HIGH + BELOW - 18, class: "way__words" }, long),
  ];
}

function namesOf(points) {
  return points.map(({ one, number }) => `${number} ${one.resident_name || ""}`).join(", ");
}
