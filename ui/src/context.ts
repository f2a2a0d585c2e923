/** What every screen finds in its surroundings: the app behind it, and a voice. */
import { createContext } from 'svelte';
import type { Backend } from './backend/backend';
import type { Voice } from './voice.svelte';

export interface Surroundings {
  readonly backend: Backend;
  readonly voice: Voice;
  /** Whether Back leads anywhere from what is shown now. */
  readonly back: boolean;
  /** The frame is dark in both appearances, until the returned function is called. */
  darkFrame(): () => void;
  /** Closes the lock by hand: it is not opened again by itself. */
  lockNow(): void;
}

export const [useSurroundings, provideSurroundings] = createContext<Surroundings>();
