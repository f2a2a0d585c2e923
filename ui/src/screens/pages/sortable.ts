/**
 * Dragging a page to another place: a mouse after a few pixels, a finger after holding still, so that a list still scrolls under it.
 * A convenience beside the buttons, never the only way.
 */
import type { ActionReturn } from 'svelte/action';

interface Sorting {
  /** The page in hand and the place between cards, 0 before the first; nulls once it is let go. */
  onHover: (page: string | null, to: number | null) => void;
  onDrop: (page: string | null, to: number | null) => void;
}

const HOLD = 350;
const SLACK = 8;

export function sortable(list: HTMLElement, sorting: Sorting): ActionReturn<Sorting> {
  let page: string | null = null;
  let start = { x: 0, y: 0 };
  let pointer = -1;
  let lifted = false;
  let to: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const cards = () => [...list.querySelectorAll<HTMLElement>('[data-page]')];

  function placeAt(x: number, y: number): number | null {
    const all = cards();
    const i = all.findIndex((card) => {
      const box = card.getBoundingClientRect();
      return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    });
    const over = all[i];
    if (!over) return null;
    const box = over.getBoundingClientRect();
    return x > box.left + box.width / 2 ? i + 1 : i;
  }
  function lift() {
    lifted = true;
    list.setPointerCapture(pointer);
    sorting.onHover(page, null);
  }
  function end(drop: boolean) {
    clearTimeout(timer);
    if (lifted) sorting.onDrop(drop ? page : null, drop ? to : null);
    if (lifted) {
      // The click that follows a drag opens nothing.
      const swallow = (event: Event) => event.stopPropagation();
      list.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => list.removeEventListener('click', swallow, { capture: true }), 0);
    }
    page = to = null;
    lifted = false;
    pointer = -1;
  }

  function onDown(event: PointerEvent) {
    const card = (event.target as Element).closest<HTMLElement>('[data-page]');
    if (event.button !== 0 || !card || pointer !== -1) return;
    page = card.dataset['page'] ?? null;
    pointer = event.pointerId;
    start = { x: event.clientX, y: event.clientY };
    if (event.pointerType !== 'mouse') timer = setTimeout(lift, HOLD);
  }
  function onMove(event: PointerEvent) {
    if (event.pointerId !== pointer) return;
    const far = Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLACK;
    if (!lifted && far) {
      if (event.pointerType === 'mouse') lift();
      else end(false);
    }
    if (lifted) {
      to = placeAt(event.clientX, event.clientY) ?? to;
      sorting.onHover(page, to);
    }
  }
  const onUp = (event: PointerEvent) => event.pointerId === pointer && end(true);
  const onCancel = (event: PointerEvent) => event.pointerId === pointer && end(false);
  /** With a page in hand the finger moves the page, not the list. */
  const onTouch = (event: TouchEvent) => lifted && event.cancelable && event.preventDefault();
  const onMenu = (event: Event) => pointer !== -1 && event.preventDefault();

  list.addEventListener('pointerdown', onDown);
  list.addEventListener('pointermove', onMove);
  list.addEventListener('pointerup', onUp);
  list.addEventListener('pointercancel', onCancel);
  list.addEventListener('touchmove', onTouch, { passive: false });
  list.addEventListener('contextmenu', onMenu);
  return {
    update: (next) => (sorting = next),
    destroy: () => clearTimeout(timer),
  };
}
