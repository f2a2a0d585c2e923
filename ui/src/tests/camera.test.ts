/** The two screens with a camera: one camera at a time, whatever happens, and nothing handed on twice. */
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scene, type Recording } from '../backend/recorded';
import type { Permission } from '../backend/backend';
import type { Hint } from '../bindings/Hint';
import { show } from './show';

afterEach(cleanup);

const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await tick();
};
const verdict = (hint: Hint | null, steady = 0) => ({ type: 'verdict' as const, hint, quad: null, steady, torch: false });
const spoken = () => document.querySelector('[aria-live]')?.textContent?.trim();
async function leave(backend: Recording) {
  backend.show({ ...scene('home.first').frame, revision: 99 });
  await settle();
}
function hide(hidden: boolean) {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(hidden ? 'hidden' : 'visible');
  document.dispatchEvent(new Event('visibilitychange'));
}
afterEach(() => vi.restoreAllMocks());

describe('camera', () => {
  it('runs while its screen is shown', async () => {
    const backend = await show('camera.steady');
    await settle();
    expect(backend.cameraCalls).toEqual(['start page automatic']);
    await leave(backend);
    expect(backend.cameraCalls).toEqual(['start page automatic', 'stop']);
  });

  it('is closed while the app is hidden and opened on return', async () => {
    const backend = await show('camera.manual');
    await settle();
    hide(true);
    await settle();
    hide(false);
    await settle();
    expect(backend.cameraCalls).toEqual(['start page', 'stop', 'start page']);
    await leave(backend);
    hide(true);
    hide(false);
    await settle();
    expect(backend.cameraCalls.at(-1)).toBe('stop');
  });

  it('ignores what an earlier session still says', async () => {
    const backend = await show('camera.steady');
    await settle();
    backend.emit(verdict('hold_still'));
    await settle();
    expect(document.querySelector('.pill')?.textContent).toBe('Hold still');
    hide(true);
    backend.emit(verdict('move_closer'));
    await settle();
    expect(document.querySelector('.pill')?.textContent).not.toBe('Move closer');
  });

  it('outlines a page where the phone shows it, behind the whole web view, also when its screen was scrolled', async () => {
    const place = vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 100, innerWidth, 400));
    const backend = await show('camera.steady', { platform: 'phone' });
    await settle();
    const middle = [0.4, 0.6].map((x) => ({ x, y: 0.5 }));
    const firstCorner = async () => {
      backend.emit({ ...verdict(null), quad: [...middle, ...middle] as never });
      await settle();
      return document.querySelector('.preview polygon')?.getAttribute('points')?.split(' ')[0];
    };
    const left = (innerWidth * 0.4).toFixed(1);
    expect(await firstCorner()).toBe(`${left},${(innerHeight / 2 - 100).toFixed(1)}`);
    place.mockReturnValue(new DOMRect(0, -50, innerWidth, 400));
    expect(await firstCorner()).toBe(`${left},${(innerHeight / 2 + 50).toFixed(1)}`);
  });

  it('says a refused permission and asks again on return', async () => {
    const backend = await show('camera.steady', { permission: 'denied' });
    await settle();
    expect(backend.dispatched).toEqual([{ type: 'camera_trouble', denied: true }]);
    expect(backend.cameraCalls).toEqual([]);
  });

  it('leads to the settings', async () => {
    const backend = await show('camera.denied', { permission: 'denied' });
    screen.getByRole('button', { name: 'Open the settings' }).click();
    expect(backend.cameraCalls).toContain('settings');
  });

  it('takes the word back once it runs after all', async () => {
    const backend = await show('camera.denied');
    await settle();
    expect(backend.dispatched).toEqual([{ type: 'dismiss' }]);
  });

  it('that fails is trouble; a photo that was not wanted is none', async () => {
    const backend = await show('camera.steady');
    await settle();
    backend.emit({ type: 'failed', code: 'refused' });
    await settle();
    expect(backend.dispatched).toEqual([]);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    backend.emit({ type: 'failed', code: 'panicked' });
    await settle();
    expect(backend.dispatched).toEqual([{ type: 'camera_trouble', denied: false }]);
  });

  it('has a shutter, a light and a switch', async () => {
    const backend = await show('camera.steady');
    await settle();
    screen.getByRole('button', { name: 'Take the picture' }).click();
    screen.getByRole('button', { name: 'Light' }).click();
    await settle();
    await fireEvent.click(screen.getByRole('switch', { name: 'Automatic' }));
    await settle();
    expect(backend.cameraCalls).toEqual(['start page automatic', 'capture', 'torch on', 'automatic off']);
    expect(backend.dispatched).toEqual([{ type: 'set_automatic', on: false }]);
  });

  it('says each instruction once, the latest first when they come fast', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const backend = await show('camera.steady');
      await settle();
      vi.advanceTimersByTime(2000);
      backend.emit(verdict('move_closer'));
      await settle();
      expect(spoken()).toBe('Move closer');
      backend.emit(verdict('glare'));
      await settle();
      backend.emit(verdict('hold_still'));
      await settle();
      expect(spoken()).toBe('Move closer');
      vi.advanceTimersByTime(2000);
      await settle();
      expect(spoken()).toBe('Hold still');
    } finally {
      vi.useRealTimers();
    }
  });

  it('names the page that was added', async () => {
    const backend = await show('camera.steady');
    await settle();
    backend.emit(verdict('taking_picture'));
    await settle();
    const next = scene('camera.steady').frame;
    if (next.shown.lock !== 'open' || next.shown.view.screen !== 'camera') throw new Error('scene');
    backend.show({ ...next, revision: 2, shown: { ...next.shown, view: { ...next.shown.view, number: 4 } } });
    backend.emit(verdict('page_added'));
    await settle();
    expect(document.querySelector('.pill')?.textContent).toBe('Page 3 added');
    expect(document.querySelector('h1')?.textContent).toBe('Page 4');
  });
});

describe('scan', () => {
  const TEXT = 'https://folio.test/t#AAAA';

  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  it('hands a code on once while it stays before our camera', async () => {
    const backend = await show('scan-qr.looking');
    await settle();
    backend.emit({ type: 'code', text: TEXT });
    backend.emit({ type: 'code', text: TEXT });
    expect(backend.dispatched).toEqual([{ type: 'code_found', text: TEXT }]);
    expect(backend.cameraCalls).toEqual(['start code']);
  });

  it('hands it on again after Scan again', async () => {
    const backend = await show('scan-qr.other_portal');
    await settle();
    backend.emit({ type: 'code', text: TEXT });
    screen.getByRole('button', { name: 'Scan again' }).click();
    await settle();
    backend.emit({ type: 'code', text: TEXT });
    expect(backend.dispatched).toEqual([{ type: 'code_found', text: TEXT }, { type: 'dismiss' }, { type: 'code_found', text: TEXT }]);
  });

  it('begins with the phone’s reader', async () => {
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively: () => Promise.resolve(TEXT) });
    await settle();
    expect(backend.dispatched).toEqual([{ type: 'code_found', text: TEXT }]);
    expect(backend.cameraCalls).toEqual([]);
  });

  /** A reader that never finds anything and says when its camera is closed. */
  const endless = (log: string[]) => (signal: AbortSignal) =>
    new Promise<string | null>((resolve) => {
      log.push('open');
      signal.addEventListener('abort', () => {
        log.push('closed');
        resolve(null);
      });
    });

  it('goes on with our camera after 8 s, and only once the reader’s is closed', async () => {
    const log: string[] = [];
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively: endless(log) });
    await settle();
    vi.advanceTimersByTime(7900);
    await settle();
    expect([...log, ...backend.cameraCalls]).toEqual(['open']);
    vi.advanceTimersByTime(200);
    await settle();
    expect([...log, ...backend.cameraCalls]).toEqual(['open', 'closed', 'start code']);
  });

  it('goes on with our camera when light is asked for', async () => {
    const log: string[] = [];
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively: endless(log) });
    await settle();
    screen.getByRole('button', { name: 'Light' }).click();
    await settle();
    expect(log).toEqual(['open', 'closed']);
    expect(backend.cameraCalls).toEqual(['start code', 'torch on']);
  });

  it('remembers a reader that failed and goes on with our camera', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively: () => Promise.reject(new Error('no model')) });
    await settle();
    expect(backend.cameraCalls).toEqual(['native failed', 'start code']);
  });

  it('begins with our camera where the phone’s reader once failed', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const scanCodeNatively = vi.fn(() => Promise.reject(new Error('no model')));
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively });
    await settle();
    await leave(backend);
    backend.show({ ...scene('scan-qr.looking').frame, revision: 100 });
    await settle();
    expect(scanCodeNatively).toHaveBeenCalledOnce();
    expect(backend.cameraCalls).toEqual(['native failed', 'start code', 'stop', 'start code']);
  });

  it('does not begin to count before the citizen has answered the system', async () => {
    let answer: (permission: Permission) => void = () => undefined;
    const permission = vi.fn(() => new Promise<Permission>((resolve) => (answer = resolve)));
    const log: string[] = [];
    const backend = await show('scan-qr.looking', { platform: 'phone', permission, scanCodeNatively: endless(log) });
    await settle();
    // Android hides the app below its question.
    hide(true);
    vi.advanceTimersByTime(60_000);
    answer('granted');
    hide(false);
    await settle();
    vi.advanceTimersByTime(7900);
    await settle();
    expect(permission).toHaveBeenCalledOnce();
    expect([...log, ...backend.cameraCalls]).toEqual(['open']);
  });

  it('says a refused permission, which is no failure of the phone’s reader', async () => {
    const log: string[] = [];
    const backend = await show('scan-qr.looking', { platform: 'phone', permission: 'denied', scanCodeNatively: endless(log) });
    await settle();
    expect(log).toEqual([]);
    expect(backend.cameraCalls).toEqual([]);
    expect(backend.dispatched).toEqual([{ type: 'camera_trouble', denied: true }]);
  });

  it('closes the phone’s reader while the app is hidden and opens it on return', async () => {
    const log: string[] = [];
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively: endless(log) });
    await settle();
    hide(true);
    await settle();
    vi.advanceTimersByTime(60_000);
    await settle();
    expect(log).toEqual(['open', 'closed']);
    hide(false);
    await settle();
    expect([...log, ...backend.cameraCalls]).toEqual(['open', 'closed', 'open']);
    await leave(backend);
    expect([...log, ...backend.cameraCalls]).toEqual(['open', 'closed', 'open', 'closed']);
  });

  it('goes on with our camera alone where the reader fails out of sight', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const scanCodeNatively = vi.fn((signal: AbortSignal) => new Promise<null>((_, reject) => signal.addEventListener('abort', () => reject(new Error('lost')))));
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively });
    await settle();
    hide(true);
    await settle();
    expect(backend.cameraCalls).toEqual(['native failed']);
    hide(false);
    await settle();
    expect(scanCodeNatively).toHaveBeenCalledOnce();
    expect(backend.cameraCalls).toEqual(['native failed', 'start code']);
  });

  it('opens no second camera while the reader’s is still closing', async () => {
    let closed: (nothing: null) => void = () => undefined;
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively: () => new Promise<null>((resolve) => (closed = resolve)) });
    await settle();
    await leave(backend);
    backend.show({ ...scene('camera.steady').frame, revision: 100 });
    await settle();
    expect(backend.cameraCalls).toEqual([]);
    closed(null);
    await settle();
    expect(backend.cameraCalls).toEqual(['start page automatic']);
  });

  it('closes the reader when its screen is left', async () => {
    const log: string[] = [];
    const backend = await show('scan-qr.looking', { platform: 'phone', scanCodeNatively: endless(log) });
    await settle();
    await leave(backend);
    expect(log).toEqual(['open', 'closed']);
    expect(backend.cameraCalls).toEqual([]);
  });

  it('lets the phone’s preview through and covers it again', async () => {
    const backend = await show('scan-qr.looking', { platform: 'phone' });
    await waitFor(() => expect(document.documentElement.dataset['preview']).toBe('below'));
    await leave(backend);
    expect(document.documentElement.dataset['preview']).toBeUndefined();
  });
});
