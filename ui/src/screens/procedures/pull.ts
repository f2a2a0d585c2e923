/**
 * Pulling the page down at its top fetches anew: the finger's way beside a button, never the only one. Draws nothing; says how far
 * it is pulled, from 0 to 1, where 1 fetches when it is let go.
 */
import type { ActionReturn } from 'svelte/action';

interface Pulling {
  onPull: (far: number) => void;
  onRefresh: () => void;
}

/** Pixels of the finger that make a pull; fewer at the start are a tap or a scroll. */
const FAR = 110;
const SLACK = 14;

export function pull(page: HTMLElement, pulling: Pulling): ActionReturn<Pulling> {
  let start: { x: number; y: number } | null = null;
  let far = 0;

  function show(next: number) {
    if (next !== far) pulling.onPull((far = next));
  }
  function onStart(event: TouchEvent) {
    const touch = event.touches[0];
    start = event.touches.length === 1 && touch && scrollY <= 0 ? { x: touch.clientX, y: touch.clientY } : null;
  }
  function onMove(event: TouchEvent) {
    const touch = event.touches[0];
    if (!start || !touch || event.touches.length > 1) return cancel();
    const down = touch.clientY - start.y - SLACK;
    const across = Math.abs(touch.clientX - start.x);
    // Sideways, or up and then down again: a scroll, not a pull.
    if (far === 0 && (across > Math.abs(down) + SLACK || down < -SLACK)) return cancel();
    show(scrollY <= 0 ? Math.min(1, Math.max(0, down / FAR)) : 0);
  }
  function onEnd() {
    const enough = far >= 1;
    cancel();
    if (enough) pulling.onRefresh();
  }
  function cancel() {
    start = null;
    show(0);
  }

  page.addEventListener('touchstart', onStart, { passive: true });
  page.addEventListener('touchmove', onMove, { passive: true });
  page.addEventListener('touchend', onEnd);
  page.addEventListener('touchcancel', cancel);
  return { update: (next) => (pulling = next) };
}
