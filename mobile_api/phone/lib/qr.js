// Draws a QR code from the server's rows of "0110…" as one SVG path.

import { svg } from "./dom.js";

const QUIET = 2; // modules; the white box around it adds the rest of the quiet zone

export function qrCode(rows, label) {
  const size = rows.length + 2 * QUIET;
  const box = `${-QUIET} ${-QUIET} ${size} ${size}`;
  const path = rows.map((row, y) => runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`).join("")).join("");
  return svg(
    "svg",
    { viewBox: box, role: "img", "aria-label": label, "shape-rendering": "crispEdges" },
    svg("path", { d: path }),
  );
}

function runsOf(row) {
  const runs = [];
  const pattern = /1+/g;
  let match;
  while ((match = pattern.exec(row))) runs.push([match.index, match[0].length]);
  return runs;
}
