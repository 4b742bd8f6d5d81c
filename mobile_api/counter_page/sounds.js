// A high pair of tones for yes, a low one for no; may be switched off.

import { phone } from "../lib/keep.js";

const SILENT = "yinling.counter.silent";
let context = null;

export function isOn() {
  return phone.get(SILENT) !== "yes";
}

export function turn() {
  phone.set(SILENT, isOn() ? "yes" : "no");
}

export function play(isGood) {
  if (!isOn() || !window.AudioContext) return;
  context = context || new AudioContext();
  const tones = isGood ? [[880, 0, 0.12], [1320, 0.13, 0.16]] : [[220, 0, 0.35], [165, 0.36, 0.4]];
  for (const [pitch, after, lasts] of tones) tone(pitch, context.currentTime + after, lasts);
}

function tone(pitch, starts, lasts) {
  const [source, volume] = [context.createOscillator(), context.createGain()];
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0.25, starts);
  volume.gain.exponentialRampToValueAtTime(0.001, starts + lasts);
  source.connect(volume).connect(context.destination);
  source.start(starts);
  source.stop(starts + lasts);
}
