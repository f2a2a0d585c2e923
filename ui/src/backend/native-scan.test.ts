/** The barcode plugin behind the code reader: whatever it does, the reader settles, and only once no camera of its own can run. */
import { cancel, checkPermissions, requestPermissions, scan, type Scanned } from '@tauri-apps/plugin-barcode-scanner';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OPENING, scanCodeNatively } from './native-scan';
import { settle } from '../tests/show';

vi.mock('@tauri-apps/plugin-barcode-scanner', () => ({
  Format: { QRCode: 'QR_CODE' },
  cancel: vi.fn(),
  checkPermissions: vi.fn(),
  requestPermissions: vi.fn(),
  scan: vi.fn(),
}));

const never = new Promise<never>(() => undefined);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.mocked(checkPermissions).mockResolvedValue('granted');
  vi.mocked(requestPermissions).mockResolvedValue('denied');
  vi.mocked(cancel).mockResolvedValue(undefined);
  vi.mocked(scan).mockReturnValue(never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

/** What it came to so far. */
function run(signal: AbortSignal): { result: string | null | undefined; error: unknown } {
  const state: { result: string | null | undefined; error: unknown } = { result: undefined, error: undefined };
  scanCodeNatively(signal).then(
    (text) => (state.result = text),
    (error: unknown) => (state.error = error),
  );
  return state;
}

describe('the phone’s reader', () => {
  it('says the code', async () => {
    vi.mocked(scan).mockResolvedValue({ content: 'code' } as Scanned);
    const state = run(new AbortController().signal);
    await settle();
    expect(state.result).toBe('code');
    expect(cancel).not.toHaveBeenCalled();
  });

  it('is nobody’s failure where the camera may not be used', async () => {
    vi.mocked(checkPermissions).mockResolvedValue('prompt');
    const state = run(new AbortController().signal);
    await settle();
    expect(state.result).toBeNull();
    expect(requestPermissions).toHaveBeenCalledOnce();
    expect(scan).not.toHaveBeenCalled();
  });

  it('opens nothing once it was given up', async () => {
    const abort = new AbortController();
    const state = run(abort.signal);
    abort.abort();
    await settle();
    expect(state.result).toBeNull();
    expect(scan).not.toHaveBeenCalled();
  });

  it('given up while its camera opens, is cancelled again when that must be open', async () => {
    const abort = new AbortController();
    const state = run(abort.signal);
    await settle();
    abort.abort();
    await settle();
    expect(cancel).toHaveBeenCalledOnce();
    expect(state.result).toBeUndefined();
    vi.advanceTimersByTime(OPENING);
    await settle();
    expect(cancel).toHaveBeenCalledTimes(2);
    expect(state.result).toBeNull();
  });

  it('that is cancelled rejects its scan, which is no failure', async () => {
    let reject: (error: unknown) => void = () => undefined;
    vi.mocked(scan).mockReturnValue(new Promise((_, no) => (reject = no)));
    vi.mocked(cancel).mockImplementation(() => {
      reject('cancelled');
      return Promise.reject(new Error('nothing to cancel'));
    });
    const abort = new AbortController();
    const state = run(abort.signal);
    await settle();
    vi.advanceTimersByTime(OPENING);
    abort.abort();
    await settle();
    expect(state).toEqual({ result: null, error: undefined });
  });

  it('that fails closes its camera before it says so', async () => {
    vi.mocked(scan).mockRejectedValue('no model');
    const state = run(new AbortController().signal);
    await settle();
    expect(state.error).toBeUndefined();
    vi.advanceTimersByTime(OPENING);
    await settle();
    expect(state.error).toBe('no model');
    expect(cancel).toHaveBeenCalledTimes(2);
  });
});
