/**
 * One use of the camera by one screen: permission, start, pause while hidden, stop. Knows no screen and draws nothing.
 *
 * Everything that opens a camera waits for its turn in one queue, so that two are never open at once, whatever screens come and go.
 */
import type { Backend, Camera, CameraEvent, CameraPurpose } from './backend/backend';

let turn: Promise<unknown> = Promise.resolve();

/** Runs `use` after every earlier use of a camera has settled. */
export function inTurn<T>(use: () => Promise<T>): Promise<T> {
  const mine = turn.then(use);
  turn = mine.catch(() => undefined);
  return mine;
}

export type Verdict = Extract<CameraEvent, { type: 'verdict' }>;

/** Codes that say nothing against the camera: too early, too late, or told by the app itself in a frame. */
const NOT_THE_CAMERA = new Set(['busy', 'not_running', 'stopped', 'refused', 'storage_full', 'storage_failed']);

export interface CameraUse {
  purpose: CameraPurpose;
  automatic: () => boolean;
  onCode?: (text: string) => void;
  onCaptured?: () => void;
  /** `denied`: the citizen or the system refused; otherwise the camera itself failed. */
  onTrouble: (denied: boolean) => void;
}

export class CameraSession {
  running = $state(false);
  verdict = $state.raw<Verdict | null>(null);
  torch = $state(false);
  #backend: Pick<Backend, 'camera' | 'keepAwake'>;
  #camera: Camera;
  #awake = false;
  #use: CameraUse;
  #wanted = false;
  #generation = 0;

  constructor(backend: Pick<Backend, 'camera' | 'keepAwake'>, use: CameraUse) {
    this.#backend = backend;
    this.#camera = backend.camera;
    this.#use = use;
  }

  /** Opens now and after every return to the app, until `close`. */
  open(torch = false): void {
    this.#wanted = true;
    this.torch = torch;
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#start();
  }

  close(): void {
    this.#wanted = false;
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#stop();
  }

  async capture(): Promise<void> {
    // Interrupted by another app or a call: the shutter brings the camera back.
    if (!this.running) return this.retry();
    const generation = this.#generation;
    try {
      await this.#camera.capture();
    } catch (error) {
      if (!NOT_THE_CAMERA.has(String(error))) this.#fail(generation, error);
    }
  }

  /** Closes ours while `take` takes the photo, and tries ours again afterwards. Rejects as `take` does. */
  async captureElsewhere(take: () => Promise<boolean>): Promise<boolean> {
    const generation = this.#stop();
    try {
      return await inTurn(take);
    } finally {
      // The screen may be another one by now, or the return to the app has opened ours already.
      if (this.#wanted && generation === this.#generation) this.#start();
    }
  }

  async toggleTorch(): Promise<void> {
    this.torch = !this.torch;
    if (!this.running) return;
    try {
      await this.#camera.setTorch(this.torch);
    } catch {
      // No lamp on this side of the phone: the switch goes back.
      this.torch = false;
    }
  }

  async setAutomatic(on: boolean): Promise<void> {
    if (this.running) await this.#camera.setAutomatic(on);
  }

  /** After a trouble the citizen has dealt with. */
  retry(): void {
    this.#stop();
    if (this.#wanted) this.#start();
  }

  #onVisibility = (): void => {
    if (document.visibilityState === 'hidden') this.#stop();
    else if (this.#wanted && !this.running) this.#start();
  };

  #start(): void {
    // Out of sight nobody opens a camera; the return to the app does.
    if (document.visibilityState === 'hidden') return;
    const generation = ++this.#generation;
    void inTurn(async () => {
      if (generation !== this.#generation) return;
      try {
        if ((await this.#camera.permission()) === 'denied') {
          if (generation === this.#generation) this.#use.onTrouble(true);
          return;
        }
        if (generation !== this.#generation) return;
        this.#keepAwake(true);
        await this.#camera.start({ purpose: this.#use.purpose, automatic: this.#use.automatic() }, (event) => {
          if (generation === this.#generation) this.#onEvent(event, generation);
        });
        if (generation !== this.#generation) return; // `#stop` has queued its own stop behind this start.
        this.running = true;
        if (this.torch) await this.#camera.setTorch(true).catch(() => (this.torch = false));
      } catch (error) {
        this.#fail(generation, error);
      }
    });
  }

  #stop(): number {
    const generation = ++this.#generation;
    this.running = false;
    this.verdict = null;
    this.#keepAwake(false);
    void inTurn(() => this.#camera.stop()).catch((error: unknown) => console.error('camera stop', error));
    return generation;
  }

  #onEvent(event: CameraEvent, generation: number): void {
    switch (event.type) {
      case 'verdict':
        this.verdict = event;
        this.torch = event.torch;
        break;
      case 'code':
        this.#use.onCode?.(event.text);
        break;
      case 'captured':
        this.#use.onCaptured?.();
        break;
      case 'interrupted':
        // Another app or a call took it; the return to the app opens it again.
        this.running = false;
        this.verdict = null;
        this.#keepAwake(false);
        break;
      case 'failed':
        if (NOT_THE_CAMERA.has(event.code)) this.retry();
        else this.#fail(generation, event.code);
        break;
    }
  }

  /** Nobody touches the screen while the phone is held above a page. Over when the camera is given up, not when it has closed. */
  #keepAwake(on: boolean): void {
    if (on !== this.#awake) this.#backend.keepAwake(on);
    this.#awake = on;
  }

  #fail(generation: number, error: unknown): void {
    if (generation !== this.#generation) return;
    console.error('camera', error);
    this.#stop();
    this.#use.onTrouble(error === 'denied');
  }
}
