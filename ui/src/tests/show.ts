/** Puts the app on the page with a recorded frame, as the tests look at it. */
import { render } from '@testing-library/svelte';
import { tick } from 'svelte';
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
