/** The phone's own code reader, by the barcode plugin: opened, cancelled, and its camera surely closed. Knows no screen. */
import { Format, cancel, checkPermissions, requestPermissions, scan } from '@tauri-apps/plugin-barcode-scanner';

/**
 * The plugin's `cancel` does nothing to a camera that is still being opened, which then runs on behind whatever comes next. It is
 * asked a second time, this long after the opening began.
 */
export const OPENING = 1500;

/** What `scanCodeNatively` of the backend says. `scan` may never settle where its model cannot be loaded, so nothing waits for it. */
export async function scanCodeNatively(signal: AbortSignal): Promise<string | null> {
  if (signal.aborted) return null;
  let permission = await checkPermissions();
  if (permission !== 'granted' && !signal.aborted) permission = await requestPermissions();
  if (permission !== 'granted' || signal.aborted) return null;
  const open = new Promise<void>((resolve) => setTimeout(resolve, OPENING));
  const aborted = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => void close(open).then(() => resolve(null)), { once: true });
  });
  const scanned = scan({ windowed: true, formats: [Format.QRCode] }).then(
    (found) => (signal.aborted ? aborted : found.content),
    async (error: unknown) => {
      if (signal.aborted) return aborted;
      // The plugin leaves its camera as it was when it failed.
      await close(open);
      throw error;
    },
  );
  return Promise.race([scanned, aborted]);
}

async function close(open: Promise<void>): Promise<void> {
  await cancel().catch(() => undefined);
  await open;
  await cancel().catch(() => undefined);
}
