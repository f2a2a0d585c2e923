/** Puts the app on the page with a recorded frame, as the tests look at it. */
import { render } from '@testing-library/svelte';
import { tick } from 'svelte';
import { vi } from 'vitest';
import App from '../App.svelte';
import { recording, scene, type Recording, type RecordingOptions } from '../backend/recorded';
import type { Frame } from '../bindings/Frame';
import type { Language } from '../bindings/Language';

export function inLanguage(frame: Frame, language: Language): Frame {
  return { ...frame, settings: { ...frame.settings, language } };
}

export async function show(name: string, options: RecordingOptions & { language?: Language; change?: (frame: Frame) => Frame } = {}): Promise<Recording> {
  const recorded = scene(name);
  const frame = inLanguage(options.change?.(recorded.frame) ?? recorded.frame, options.language ?? 'en');
  const backend = recording(frame, options);
  render(App, { backend });
  await tick();
  return backend;
}

/** Until nothing happens any more without time going on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await tick();
}

let revision = 100;
/** The app shows another recorded frame. */
export async function next(backend: Recording, name: string, change: (frame: Frame) => Frame = (frame) => frame): Promise<void> {
  backend.show({ ...change(inLanguage(scene(name).frame, 'en')), revision: ++revision });
  await settle();
}

/** The same frame with other values in its view. */
export const viewed =
  (values: object) =>
  (frame: Frame): Frame =>
    frame.shown.lock === 'open'
      ? { ...frame, shown: { ...frame.shown, view: { ...frame.shown.view, ...values } } }
      : { ...frame, shown: { ...frame.shown, ...values } };

export const spoken = (): string => document.querySelector('[aria-live=polite]')?.textContent?.trim() ?? '';
export const called = (): string => document.querySelector('[aria-live=assertive]')?.textContent?.trim() ?? '';

/** The app goes out of sight, or comes back. To be undone with `vi.restoreAllMocks`. */
export function hide(hidden: boolean): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(hidden ? 'hidden' : 'visible');
  document.dispatchEvent(new Event('visibilitychange'));
}

export const submit = (): boolean => document.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { cancelable: true })) ?? false;
