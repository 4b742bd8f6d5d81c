// Draws a QR code from the server's rows of "0110…" as one SVG path.

import { svg } from "./dom.js";

const QUIET = 4; // modules of white around the code, as the standard asks

export function qrCode(rows, label) {
  const size = rows.length + 2 * QUIET;
  const box = `${-QUIET} ${-QUIET} ${size} ${size}`;
  const bars = rows.map((row, y) => runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`));
  return svg(
    "svg",
    { viewBox: box, role: "img", "aria-label": label, "shape-rendering": "crispEdges" },
    svg("path", { d: bars.flat().join("") }),
  );
}

function runsOf(row) {
  const runs = [];
  const pattern = /1+/g;
  let match;
  while ((match = pattern.exec(row))) runs.push([match.index, match[0].length]);
  return runs;
}
