/** The system's bars know whether the page below them is dark. */
import { cleanup } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { Appearance } from '../bindings/Appearance';
import type { Frame } from '../bindings/Frame';
import { next, settle, show } from './show';

afterEach(cleanup);

const set =
  (appearance: Appearance) =>
  (frame: Frame): Frame => ({ ...frame, settings: { ...frame.settings, appearance } });

describe('the system’s bars', () => {
  it('follow the setting', async () => {
    const backend = await show('home.first', { change: set('light') });
    await settle();
    expect(backend.dark).toEqual([false]);
    await next(backend, 'home.first', set('dark'));
    expect(backend.dark).toEqual([false, true]);
  });

  it('follow the system where the setting says so', async () => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const backend = await show('home.first', { change: set('system') });
    await settle();
    expect(backend.dark).toEqual([system.matches]);
  });

  it('are dark above a camera, whatever the setting', async () => {
    const backend = await show('camera.steady', { change: set('light') });
    await settle();
    expect(backend.dark.at(-1)).toBe(true);
    await next(backend, 'scan-qr.looking', set('light'));
    expect(backend.dark.at(-1)).toBe(true);
    await next(backend, 'home.first', set('light'));
    expect(backend.dark.at(-1)).toBe(false);
  });
});
