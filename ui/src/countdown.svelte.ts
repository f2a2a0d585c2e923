/** How long it is until a moment, in whole seconds, by the phone's clock. Knows no screen and announces nothing. */

/** Shorter than a second, so that no second is left out. */
const LOOK = 400;

export function secondsUntil(moment: string | null): number {
  return moment === null ? 0 : Math.max(0, Math.ceil((Date.parse(moment) - Date.now()) / 1000));
}

/** "4:12". */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export class Countdown {
  #looks = $state(0);
  #until: () => string | null;
  /** 0 where the moment is over, or where there is none. */
  readonly left = $derived.by(() => {
    void this.#looks;
    return secondsUntil(this.#until());
  });

  /** To be made while a component is made. `onEnd` when the moment comes, not when it was over from the start. */
  constructor(until: () => string | null, onEnd?: () => void) {
    this.#until = until;
    const running = $derived(this.left > 0);
    let ran = false;
    $effect(() => {
      if (!running) {
        if (ran && until() !== null) onEnd?.();
        ran = false;
        return;
      }
      ran = true;
      const timer = setInterval(() => this.#looks++, LOOK);
      return () => clearInterval(timer);
    });
  }
}
