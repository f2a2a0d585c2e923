/** What screen readers are told: each change once, and a stream of hints no faster than one can listen. */

const BETWEEN_HINTS = 1500;

/** The same words again are a new event only if the region changes: a no-break space at the end is silent. */
const again = (text: string, last: string): string => (last === text ? `${text}\u00a0` : text);

export class Voice {
  /** Text of the polite live region. */
  said = $state('');
  /** Text of the assertive one. */
  called = $state('');
  /** The same, read without becoming dependent on it: whoever speaks does not speak again because it was said. */
  #last = '';
  #lastCall = '';
  #lastHint = '';
  #pending: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    this.#last = again(text, this.#last);
    this.said = this.#last;
  }

  /** Interrupts: for what would be too late at the end of a sentence. */
  call(text: string): void {
    this.#lastCall = again(text, this.#lastCall);
    this.called = this.#lastCall;
  }

  /** The latest hint wins; the one that was said last is not repeated. */
  hint(text: string): void {
    // Nothing to say takes nobody's turn; and a hint that flickers is not said again for it.
    if (!text || text === this.#lastHint) {
      this.#pending = null;
      return;
    }
    if (this.#timer !== undefined) {
      this.#pending = text;
      return;
    }
    this.#lastHint = text;
    this.say(text);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const next = this.#pending;
      this.#pending = null;
      if (next !== null) this.hint(next);
    }, BETWEEN_HINTS);
  }

  /** Whoever gave hints is gone: nothing of it is said any more. */
  silence(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = null;
    this.#lastHint = '';
  }

  /** The lock is closed: what was said is the citizen's, and does not stay in the page. */
  forget(): void {
    this.silence();
    this.said = this.called = this.#last = this.#lastCall = '';
  }
}
