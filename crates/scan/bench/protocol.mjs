// The detector's side of the benchmark's line protocol, for detectors written in JavaScript.

import { createInterface } from "node:readline";
import { createCanvas, loadImage } from "@napi-rs/canvas";

/** Answers every request on standard input with the corners that `detect` finds in an ImageData, or null. */
export async function serve(detect) {
  for await (const line of createInterface({ input: process.stdin })) {
    const photo = await loadImage(JSON.parse(line).image);
    const context = createCanvas(photo.width, photo.height).getContext("2d");
    context.drawImage(photo, 0, 0);
    const pixels = context.getImageData(0, 0, photo.width, photo.height);
    const [clock, cpu] = [performance.now(), process.cpuUsage()];
    let corners = null;
    try {
      corners = await detect(pixels);
    } catch (error) {
      // What throws has found nothing.
      console.error(error);
    }
    const ms = performance.now() - clock;
    const used = process.cpuUsage(cpu);
    const answer = { corners, score: null, ms, cpu_ms: (used.user + used.system) / 1000 };
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
}
