// npm `scanic` as its package is: the detector it uses by itself, Rust in wasm. With `--ml FOLDER` its net instead, whose
// model and runtime it loads from elsewhere: FOLDER has `dist` of `scanic-ml`.

import { readFileSync } from "node:fs";
import { createCanvas } from "@napi-rs/canvas";
import { serve } from "./protocol.mjs";

// What scanic needs of a browser.
globalThis.OffscreenCanvas = class {
  constructor(width, height) {
    return createCanvas(width, height);
  }
};

const { Scanner } = await import("scanic");
const folder = process.argv[process.argv.indexOf("--ml") + 1];
const net = process.argv.includes("--ml") && {
  detector: "ml",
  ml: { modelBytes: readFileSync(`${folder}/doccornernet_lean.ort`), wasmPaths: `${folder}/`, numThreads: 1 },
};
const scanner = new Scanner({ mode: "detect", ...(net || {}) });
await scanner.initialize();

await serve(async (pixels) => {
  const found = await scanner.scan(pixels);
  if (!found.success || !found.corners) {
    return null;
  }
  const { topLeft, topRight, bottomRight, bottomLeft } = found.corners;
  return [topLeft, topRight, bottomRight, bottomLeft].map(({ x, y }) => [x, y]);
});
