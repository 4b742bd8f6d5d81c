// Reads a screen aloud with the device's own voice, and stops when asked again.

const LONGEST_SENTENCE = 160; // Android voices fall silent in the middle of longer ones.

export function canReadAloud() {
  return "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
}

/** Reads `text` in `language`; `onEnd` is called once, when it ends, fails or is stopped. */
export function readAloud(text, { language, onEnd }) {
  stopReading();
  const parts = sentences(text);
  if (parts.length === 0) return onEnd();

  parts.forEach((part, index) => {
    const utterance = new SpeechSynthesisUtterance(part);
    utterance.lang = language;
    utterance.rate = 0.85;
    if (index === parts.length - 1) utterance.onend = onEnd;
    utterance.onerror = onEnd;
    window.speechSynthesis.speak(utterance);
  });
}

export function stopReading() {
  if (canReadAloud()) window.speechSynthesis.cancel();
}

/** The words of an element as they should be heard: what is hidden from the ear is left out. */
export function wordsOf(element) {
  const words = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) words.push(node.textContent.trim());
    if (node.nodeType !== Node.ELEMENT_NODE || isSilent(node)) return;
    const label = node.getAttribute("aria-label");
    if (label) words.push(label);
    else node.childNodes.forEach(walk);
    if (breaksTheLine(node)) words.push("。");
  };
  walk(element);
  return words.filter(Boolean).join(" ").replace(/(\s*。\s*)+/g, "。").replace(/([，：；！？.!?])\s*。/g, "$1");
}

function isSilent(element) {
  return element.hidden || element.getAttribute("aria-hidden") === "true";
}

function breaksTheLine(element) {
  return getComputedStyle(element).display !== "inline";
}

function sentences(text) {
  const pieces = text.match(/[^。！？\n]+[。！？]?/g) || [];
  return pieces.filter((piece) => /[\p{L}\p{N}]/u.test(piece)).map((piece) => piece.slice(0, LONGEST_SENTENCE));
}
