// Reads QR codes from the tablet's camera: by the browser itself where it can, else by jsQR.

import { BASE } from "./base.js";

const LOOK_EVERY_MS = 180;
const WIDEST = 640;
const SAME_AGAIN_AFTER_MS = 4000;

/** Shows the camera in `video` and calls back with each text read; returns how to stop it. */
export async function watch(video, onText) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false,
  });
  video.srcObject = stream;
  await video.play();
  const find = await finder();
  let [last, lastAt, isOver] = ["", 0, false];
  const look = async () => {
    if (isOver) return;
    const text = await find(video).catch(() => null);
    if (text && (text !== last || Date.now() - lastAt > SAME_AGAIN_AFTER_MS)) {
      [last, lastAt] = [text, Date.now()];
      onText(text);
    }
    setTimeout(look, LOOK_EVERY_MS);
  };
  look();
  return () => {
    isOver = true;
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
}

async function finder() {
  if ("BarcodeDetector" in window) {
    const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
    if (formats.includes("qr_code")) {
      const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => { const [found] = await detector.detect(video); return found ? found.rawValue : null; };
    }
  }
  await load(`${BASE}/vendor/jsqr/jsQR.js`);
  const canvas = document.createElement("canvas");
  return async (video) => inPicture(video, canvas);
}

function inPicture(video, canvas) {
  if (!video.videoWidth) return null;
  const scale = Math.min(1, WIDEST / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const found = window.jsQR(data, canvas.width, canvas.height, { inversionAttempts: "dontInvert" });
  return found ? found.data : null;
}

function load(address) {
  if (window.jsQR) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = resolve;
    script.onerror = reject;
    script.src = address;
    document.head.append(script);
  });
}
