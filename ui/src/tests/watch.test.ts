/** What the app learns of whoever holds the phone, and what it says to them on top of any screen. */
import { cleanup, fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { called, hide, next, settle, show, spoken, viewed } from './show';

afterEach(cleanup);
afterEach(() => vi.restoreAllMocks());

const ACTIVE = { type: 'active' };

describe('the app', () => {
  it('is told when it goes out of sight and comes back, locked or not', async () => {
    for (const name of ['home.first', 'unlock.plain']) {
      const backend = await show(name);
      hide(true);
      hide(false);
      await settle();
      expect(backend.dispatched).toEqual([{ type: 'background' }, { type: 'foreground' }]);
      cleanup();
    }
  });

  describe('is told of touches', () => {
    beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
    afterEach(() => vi.useRealTimers());
    const touch = () => fireEvent.pointerDown(document.body);
    const key = (name: string) => fireEvent.keyDown(document.body, { key: name });

    it('at most every 20 seconds', async () => {
      const backend = await show('home.first');
      await touch();
      vi.advanceTimersByTime(19_000);
      await key('a');
      expect(backend.dispatched).toEqual([]);
      vi.advanceTimersByTime(1_500);
      await key('a');
      await touch();
      expect(backend.dispatched).toEqual([ACTIVE]);
      vi.advanceTimersByTime(20_500);
      await touch();
      expect(backend.dispatched).toEqual([ACTIVE, ACTIVE]);
    });

    it('only while it is open', async () => {
      const backend = await show('unlock.plain');
      vi.advanceTimersByTime(60_000);
      await touch();
      await key('a');
      expect(backend.dispatched).toEqual([]);
      await next(backend, 'home.linked');
      await touch();
      expect(backend.dispatched).toEqual([]);
    });

    it('at once while it is about to lock, and a key that keeps it open does nothing else', async () => {
      const backend = await show('settings.linked', {
        change: (frame) => (frame.shown.lock === 'open' ? { ...frame, shown: { ...frame.shown, notice: { kind: 'idle', until: new Date().toISOString() } } } : frame),
      });
      await key('Escape');
      expect(backend.dispatched).toEqual([ACTIVE]);
    });
  });
});

describe('about to lock', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: new Date('2026-12-01T10:00:00') }));
  afterEach(() => vi.useRealTimers());
  const idle = (frame: Parameters<ReturnType<typeof viewed>>[0]) =>
    frame.shown.lock === 'open' ? { ...frame, shown: { ...frame.shown, notice: { kind: 'idle' as const, until: new Date('2026-12-01T10:01:00').toISOString() } } } : frame;

  it('is said at once and once, and counted where it is seen', async () => {
    const backend = await show('home.linked', { change: idle });
    await settle();
    expect(called()).toBe('Nobody has touched Folio for a while. It locks at 10:01. Press any key to stay.');
    expect(spoken()).toBe('');
    expect(screen.getByRole('timer').textContent).toBe('1:00');
    const focus = document.activeElement;
    document.querySelector('[aria-live=assertive]')?.replaceChildren('heard');
    vi.advanceTimersByTime(7000);
    await settle();
    expect(screen.getByRole('timer').textContent).toBe('0:53');
    expect(called()).toBe('heard');
    expect(document.activeElement).toBe(focus);
    screen.getByRole('button', { name: 'Stay' }).click();
    expect(backend.dispatched).toEqual([ACTIVE]);
    expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
  });
});

describe('a notice', () => {
  it.each([
    ['home.just_linked', 'This phone is linked to your account.'],
    ['home.revoked', 'This phone is no longer linked. Your pages are kept.'],
    ['home.unlinked', 'This phone is unlinked. Your pages are kept. If the portal still shows it under ‘Linked devices’, remove it there.'],
    ['settings.password_changed', 'Your password is changed.'],
  ])('%s is said and closed', async (name, words) => {
    const backend = await show(name);
    await settle();
    expect(spoken()).toBe(words);
    expect(screen.getByRole('complementary', { name: 'Notice' }).textContent).toContain(words);
    screen.getByRole('button', { name: 'Close' }).click();
    expect(backend.dispatched).toEqual([{ type: 'dismiss' }]);
  });

  it('of a new phone names it and its time', async () => {
    await show('home.new_device');
    await settle();
    expect(spoken()).toMatch(/^‘Pixel 9 of the living room’ was linked to your account on \d.*\d\. If that was not you, unlink it in the portal\.$/);
  });

  it('of lost biometrics leads to them', async () => {
    const backend = await show('home.biometrics_lost');
    screen.getByRole('button', { name: 'Activate biometrics' }).click();
    screen.getByRole('button', { name: 'Close' }).click();
    expect(backend.dispatched).toEqual([{ type: 'activate_biometrics' }, { type: 'dismiss' }]);
  });
});
