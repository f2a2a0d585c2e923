/**
 * What the screens may ask of the app behind them. The only seam: nothing outside this folder knows Tauri, its plugins or
 * its addresses, and nothing in this interface says which of them answers.
 */
import type { Frame } from '../bindings/Frame';
import type { Hint } from '../bindings/Hint';
import type { Intent } from '../bindings/Intent';
import type { PhotoId } from '../bindings/PhotoId';
import type { Picture } from '../bindings/Picture';
import type { Quad } from '../bindings/Quad';

export interface Backend {
  /** A phone has its preview below the web view; the desktop shows a simulated preview as pictures. */
  readonly platform: 'phone' | 'desktop';
  readonly camera: Camera;
  /** Only in builds for testers. */
  readonly tester: Tester | null;

  /** Nothing comes back: what it led to arrives as a frame. */
  dispatch(intent: Intent): void;
  /** Every frame from now on, the current one first. */
  subscribe(onFrame: (frame: Frame) => void): void;
  /** Where an `<img>` finds a picture of the citizen's. */
  pictureUrl(picture: Picture): string;

  /** False where there is no reader but our own camera, or where it failed before. */
  readonly scansNatively: boolean;
  /**
   * The phone's own code reader. Resolves to the text of a code, to `null` once `signal` is aborted or where the camera may not be
   * used, and rejects where the reader fails. Settles only when its camera is closed, so that two cameras are never open at once.
   */
  scanCodeNatively(signal: AbortSignal): Promise<string | null>;
  /** Remembers on this phone that its reader failed, so that `scansNatively` is false from now on. */
  nativeScanFailed(): void;

  /** The phone's Back gesture while `onBack` is given; with `null` the system does what it does with Back. */
  onBackGesture(onBack: (() => void) | null): void;
  /** Felt on a phone; nothing happens where nothing can be felt. */
  haptic(kind: 'tick' | 'success' | 'warning'): void;
  /** Whether the page is dark now: the system's signs at its edges are then light. */
  appearance(dark: boolean): void;
  /** Whether the screen stays on although nobody touches it. */
  keepAwake(on: boolean): void;
}

export type CameraPurpose = 'page' | 'code';
export type Permission = 'granted' | 'denied' | 'prompt';

export type CameraEvent =
  /** `hint`: one instruction at a time, or nothing to say. `quad` in fractions of the preview's picture. `steady` from 0 to 1, where 1 takes the picture. */
  | { type: 'verdict'; hint: Hint | null; quad: Quad | null; steady: number; torch: boolean }
  | { type: 'captured'; photo: PhotoId }
  | { type: 'code'; text: string }
  | { type: 'interrupted' }
  | { type: 'failed'; code: string };

export interface Camera {
  /** Asks the system's question where it was never asked. */
  permission(): Promise<Permission>;
  openSettings(): Promise<void>;
  start(options: { purpose: CameraPurpose; automatic: boolean }, onEvent: (event: CameraEvent) => void): Promise<void>;
  stop(): Promise<void>;
  capture(): Promise<void>;
  /**
   * One photo by the phone's own camera app, for where ours does not work: whether there is one now, which a frame tells about.
   * Only while ours is closed. Rejects with `unsupported` where it turns out that there is no such app; `null` where there never is.
   */
  readonly captureWithSystemCamera: (() => Promise<boolean>) | null;
  setTorch(on: boolean): Promise<void>;
  setAutomatic(on: boolean): Promise<void>;
  /** Address of the preview's picture number `n`; `null` where the preview lies below the web view. */
  previewUrl(n: number): string | null;
}

export interface TesterState {
  /** Folder whose photos the simulated camera plays. */
  photos: string;
  /** What it sees while a code is looked for: a picture of the computer's screen. */
  code_picture: string;
  /** What the next file dialog answers, instead of being shown. */
  files: string[];
  denied: boolean;
  network: 'normal' | 'slow' | 'cut';
  /** How whoever stands at the sensor answers it. */
  sensor: 'yes' | 'no' | 'cancelled' | 'enrolment_changed' | 'absent';
}

export interface Tester {
  state(): Promise<TesterState>;
  set(change: Partial<TesterState>): Promise<TesterState>;
  /** Ends the app at once, as the system does when it needs the memory. */
  kill(): Promise<void>;
}
