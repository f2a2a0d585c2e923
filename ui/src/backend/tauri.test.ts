/** What a phone is asked that a desktop is not. */
import { invoke } from '@tauri-apps/api/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

vi.mock('@tauri-apps/api/core', async (original) => ({ ...(await original<object>()), invoke: vi.fn() }));

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
  vi.mocked(invoke).mockReset().mockRejectedValue('unsupported');
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

async function connected(userAgent: string) {
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(userAgent);
  const { connect } = await import('./tauri');
  return connect();
}
const asked = () => vi.mocked(invoke).mock.calls.filter(([command]) => command.startsWith('plugin:device|'));

it('a phone feels, stays awake and shares its edges with the page', async () => {
  const backend = await connected('Mozilla/5.0 (Linux; Android 15; Pixel 9)');
  backend.haptic('tick');
  backend.keepAwake(true);
  backend.appearance(true);
  expect(asked()).toEqual([
    ['plugin:device|insets', {}],
    ['plugin:device|haptic', { kind: 'tick' }],
    ['plugin:device|keep_awake', { on: true }],
    ['plugin:device|appearance', { dark: true }],
  ]);
  await expect(backend.camera.captureWithSystemCamera?.()).rejects.toBe('unsupported');
});

it('a desktop does not', async () => {
  const backend = await connected('Mozilla/5.0 (X11; Linux x86_64)');
  backend.haptic('tick');
  backend.keepAwake(true);
  backend.appearance(true);
  expect(asked()).toEqual([]);
  expect(backend.camera.captureWithSystemCamera).toBeNull();
  expect(backend.scansNatively).toBe(false);
});

it('a phone whose reader failed does without it from now on', async () => {
  const phone = 'Mozilla/5.0 (Linux; Android 15; Pixel 9)';
  const backend = await connected(phone);
  expect(backend.scansNatively).toBe(true);
  backend.nativeScanFailed();
  expect(backend.scansNatively).toBe(false);
  vi.resetModules();
  expect((await connected(phone)).scansNatively).toBe(false);
});
