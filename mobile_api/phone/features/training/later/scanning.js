// Reading a code by the camera, where the browser itself knows how to.

const LOOK_EVERY_MS = 200;

/** True where there is a camera to ask for and a reader of QR codes in the browser. */
export async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code");
}

/** Shows the camera in `video` and calls back with the first text read; returns how to stop it. */
export async function watch(video, onText) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  video.srcObject = stream;
  await video.play();
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  let isOver = false;
  const stop = () => {
    isOver = true;
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  const look = async () => {
    if (isOver || !video.isConnected) return stop();
    const [found] = await detector.detect(video).catch(() => []);
    if (found) return onText(found.rawValue);
    return setTimeout(look, LOOK_EVERY_MS);
  };
  look();
  return stop;
}
