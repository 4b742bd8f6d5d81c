// A picture made small enough to be sent, and without what the camera wrote into it.

const LONGEST_SIDE = 1280;
const QUALITIES = [0.8, 0.6, 0.4];
const LONGEST_SENT = 900000;

/** The picture of a file, as a data address of at most 1280 points a side; throws what cannot be read. */
export async function shrunk(file) {
  const image = await opened(await readAs(file));
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const tries = QUALITIES.map((quality) => canvas.toDataURL("image/jpeg", quality));
  return tries.find((one) => one.length < LONGEST_SENT) || tries[tries.length - 1];
}

function readAs(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

function opened(address) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("not a picture"));
    image.src = address;
  });
}
