/** Corners of a page on the screen. Fractions of the upright picture in, pixels out; knows no component. */
import type { Point } from './bindings/Point';
import type { Quad } from './bindings/Quad';

export const FULL: Quad = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where a picture lies that fills `width` × `height` and is cut off where it is too long (`object-fit: cover`). */
export function covering(picture: { width: number; height: number }, width: number, height: number): Box {
  const scale = Math.max(width / picture.width, height / picture.height);
  const [w, h] = [picture.width * scale, picture.height * scale];
  return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
}

/**
 * Where a picture lies that fills the web view behind `place`, as seen from that place. `seen`: the part of the page that is in the web
 * view, a `VisualViewport`; fingers that enlarge the page leave the picture behind it as it is.
 */
export function behind(place: { left: number; top: number }, seen: { offsetLeft: number; offsetTop: number; width: number; height: number }): Box {
  return { x: seen.offsetLeft - place.left, y: seen.offsetTop - place.top, width: seen.width, height: seen.height };
}

/** An SVG polygon's `points`. */
export function outline(quad: Quad, box: Box): string {
  return quad.map((p) => `${(box.x + p.x * box.width).toFixed(1)},${(box.y + p.y * box.height).toFixed(1)}`).join(' ');
}

/** Every corner turns right: a page, not a bow tie and not folded in. */
export function isConvex(quad: Quad): boolean {
  return quad.every((a, i) => {
    const b = quad[(i + 1) % 4] as Point;
    const c = quad[(i + 2) % 4] as Point;
    return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 1e-4;
  });
}

const within = (value: number): number => Math.min(1, Math.max(0, value));

/** The quad with one corner elsewhere, inside the picture; the same quad where that would be no page any more. */
export function withCorner(quad: Quad, corner: number, to: Point): Quad {
  const moved = quad.map((p, i) => (i === corner ? { x: within(to.x), y: within(to.y) } : p)) as Quad;
  return isConvex(moved) ? moved : quad;
}
