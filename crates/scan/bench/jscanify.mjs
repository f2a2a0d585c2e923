// npm `jscanify` on OpenCV's wasm: its largest contour and its corners, as its own extractPaper takes them.

import { createRequire } from "node:module";
import { serve } from "./protocol.mjs";

const require = createRequire(import.meta.url);
const loaded = require("@techstark/opencv-js");
globalThis.cv = loaded instanceof Promise ? await loaded : loaded;
if (!cv.Mat) {
  await new Promise((ready) => (cv.onRuntimeInitialized = ready));
}
const scanner = new (require("jscanify/client"))();

await serve((pixels) => {
  const photo = cv.matFromImageData(pixels);
  const contour = scanner.findPaperContour(photo);
  const found = contour ? scanner.getCornerPoints(contour) : {};
  photo.delete();
  const corners = [found.topLeftCorner, found.topRightCorner, found.bottomRightCorner, found.bottomLeftCorner];
  return corners.every(Boolean) ? corners.map(({ x, y }) => [x, y]) : null;
});
