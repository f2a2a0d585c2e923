/** The screen stays on while a camera runs, our own or the phone's reader's, and is let go however that ends. */
import { cleanup } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hide, next, settle, show } from './show';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('with our camera the screen', () => {
  it('stays on until its screen is left', async () => {
    const backend = await show('camera.steady');
    await settle();
    expect(backend.awake).toEqual([true]);
    await next(backend, 'pages');
    expect(backend.awake).toEqual([true, false]);
  });

  it('is let go while the app is hidden', async () => {
    const backend = await show('scan-qr.looking');
    await settle();
    hide(true);
    await settle();
    expect(backend.awake).toEqual([true, false]);
    hide(false);
    await settle();
    expect(backend.awake).toEqual([true, false, true]);
  });

  it.each([{ type: 'interrupted' }, { type: 'failed', code: 'panicked' }] as const)('is let go when it is $type', async (event) => {
    const backend = await show('camera.steady');
    await settle();
    backend.emit(event);
    await settle();
    expect(backend.awake).toEqual([true, false]);
  });

  it('is let go where it does not start', async () => {
    const backend = await show('camera.steady', { start: () => Promise.reject(new Error('no camera')) });
    await settle();
    expect(backend.awake).toEqual([true, false]);
  });

  it('is let go when its screen is left while it still opens', async () => {
    let started: () => void = () => undefined;
    const backend = await show('camera.steady', { start: () => new Promise<void>((resolve) => (started = resolve)) });
    await settle();
    await next(backend, 'pages');
    expect(backend.awake).toEqual([true, false]);
    started();
    await settle();
    expect(backend.awake).toEqual([true, false]);
  });

  it('is never held where it may not be used', async () => {
    const backend = await show('camera.steady', { permission: 'denied' });
    await settle();
    expect(backend.awake).toEqual([]);
  });
});

describe('with the phone’s reader the screen', () => {
  const TEXT = 'https://folio.test/t#AAAA';
  const endless = (signal: AbortSignal) => new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)));

  it('is let go once a code is found', async () => {
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively: () => Promise.resolve(TEXT) });
    await settle();
    expect(backend.awake).toEqual([true, false]);
    await next(backend, 'home');
    expect(backend.awake).toEqual([true, false]);
  });

  it('is handed on to our camera', async () => {
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively: endless });
    await settle();
    vi.advanceTimersByTime(8000);
    await settle();
    expect(backend.awake).toEqual([true, false, true]);
    await next(backend, 'home');
    expect(backend.awake).toEqual([true, false, true, false]);
  });

  it('is let go when the reader fails and our camera as well', async () => {
    const backend = await show('scan-qr.looking', {
      platform: 'phone',
      scanCodeNatively: () => Promise.reject(new Error('no model')),
      start: () => Promise.reject(new Error('no camera')),
    });
    await settle();
    expect(backend.awake).toEqual([true, false, true, false]);
  });

  it('is let go at once when its screen is left, however long the reader takes to close', async () => {
    let closed: (nothing: null) => void = () => undefined;
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively: () => new Promise<null>((resolve) => (closed = resolve)) });
    await settle();
    await next(backend, 'enter-code');
    expect(backend.awake).toEqual([true, false]);
    closed(null);
    await settle();
    expect(backend.awake).toEqual([true, false]);
  });
});
