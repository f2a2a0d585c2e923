import { describe, expect, it } from 'vitest';
import type { Quad } from '../bindings/Quad';
import { behind, covering, FULL, isConvex, outline, withCorner } from '../geometry';

describe('geometry', () => {
  it('finds a picture that covers its place', () => {
    expect(covering({ width: 300, height: 400 }, 600, 400)).toEqual({ x: 0, y: -200, width: 600, height: 800 });
    expect(covering({ width: 300, height: 400 }, 150, 400)).toEqual({ x: -75, y: 0, width: 300, height: 400 });
  });

  it('finds the picture behind a place in the web view', () => {
    const middle = [{ x: 0.5, y: 0.5 }, ...FULL.slice(1)] as Quad;
    const upright = { offsetLeft: 0, offsetTop: 0, width: 400, height: 800 };
    // Below a bar of 64, above controls of 200; the middle of the web view as seen from there.
    const box = behind({ left: 20, top: 64 }, upright);
    expect(box).toEqual({ x: -20, y: -64, width: 400, height: 800 });
    expect(outline(middle, box)).toMatch(/^180\.0,336\.0 /);
    // On its side, with a cut-out on the left; and scrolled by 100.
    const side = { offsetLeft: 0, offsetTop: 0, width: 800, height: 400 };
    expect(outline(middle, behind({ left: 44, top: 0 }, side))).toMatch(/^356\.0,200\.0 /);
    expect(outline(middle, behind({ left: 44, top: -100 }, side))).toMatch(/^356\.0,300\.0 /);
  });

  it('knows that fingers enlarge the page and not the picture behind it', () => {
    // Twice as large, and the web view shows the page from 100, 300 on.
    const seen = { offsetLeft: 100, offsetTop: 300, width: 200, height: 400 };
    expect(outline(FULL, behind({ left: 0, top: 64 }, seen))).toBe('100.0,236.0 300.0,236.0 300.0,636.0 100.0,636.0');
  });

  it('draws fractions in that picture', () => {
    expect(outline(FULL, { x: -75, y: 0, width: 300, height: 400 })).toBe('-75.0,0.0 225.0,0.0 225.0,400.0 -75.0,400.0');
  });

  it('keeps a corner inside the picture', () => {
    expect(withCorner(FULL, 2, { x: 1.4, y: 0.9 })[2]).toEqual({ x: 1, y: 0.9 });
  });

  it('refuses a corner that folds the page', () => {
    const quad: Quad = [{ x: 0.1, y: 0.1 }, { x: 0.9, y: 0.1 }, { x: 0.9, y: 0.9 }, { x: 0.1, y: 0.9 }];
    expect(isConvex(quad)).toBe(true);
    expect(withCorner(quad, 0, { x: 0.8, y: 0.8 })).toBe(quad);
    expect(isConvex([quad[1], quad[0], quad[2], quad[3]])).toBe(false);
  });
});
