/** The app behind the screens, reached through Tauri: commands, one channel of frames, the camera plugin and custom protocols. */
import { onBackButtonPress } from '@tauri-apps/api/app';
import { Channel, convertFileSrc, invoke, type PluginListener } from '@tauri-apps/api/core';
import type { Frame } from '../bindings/Frame';
import type { Backend, Camera, CameraEvent, Permission, Tester, TesterState } from './backend';
import { scanCodeNatively } from './native-scan';

const NATIVE_SCAN_FAILED = 'native-scan-failed';

/** `convertFileSrc` knows how each system spells a custom protocol, but would escape the slashes of a path: only its origin is used. */
function origin(protocol: 'page' | 'preview'): string {
  return convertFileSrc('', protocol);
}

const isPhone = /Android|iPhone|iPad/.test(navigator.userAgent) || (navigator.maxTouchPoints > 1 && /Mac/.test(navigator.userAgent));

/** A command that failed is traced by the shell; the screen learns from frames and camera events, never from a rejection. */
function send(command: string, payload: Record<string, unknown> = {}): void {
  invoke(command, payload).catch((error: unknown) => console.error(command, error));
}

const camera: Camera = {
  permission: () => invoke<Permission>('plugin:camera|permission'),
  openSettings: () => invoke('plugin:camera|open_settings'),
  start(options, onEvent) {
    const channel = new Channel<CameraEvent>();
    channel.onmessage = onEvent;
    return invoke('plugin:camera|start', { options, channel });
  },
  stop: () => invoke('plugin:camera|stop'),
  capture: () => invoke('plugin:camera|capture'),
  captureWithSystemCamera: isPhone ? () => invoke<boolean>('plugin:camera|capture_with_system_camera') : null,
  setTorch: (on) => invoke('plugin:camera|set_torch', { on }),
  setAutomatic: (on) => invoke('plugin:camera|set_automatic', { on }),
  previewUrl: (n) => (isPhone ? null : `${origin('preview')}frame?n=${n}`),
};

const tester: Tester = {
  state: () => invoke<TesterState>('tester_state'),
  set: (change) => invoke<TesterState>('tester_set', { change }),
  kill: () => invoke('tester_kill'),
};

/** Whether this build answers a tester; asked once, at the start. */
async function testerOrNull(): Promise<Tester | null> {
  try {
    await tester.state();
    return tester;
  } catch {
    return null;
  }
}

export async function connect(): Promise<Backend> {
  let listener: Promise<PluginListener> | null = null;
  let back: (() => void) | null = null;
  // A document that was just loaded has not been told what is covered at its edges, nor how large text shall be.
  if (isPhone) send('plugin:device|insets');
  return {
    platform: isPhone ? 'phone' : 'desktop',
    camera,
    tester: await testerOrNull(),
    dispatch: (intent) => send('dispatch', { intent }),
    subscribe(onFrame) {
      const channel = new Channel<Frame>();
      channel.onmessage = onFrame;
      send('subscribe', { channel });
    },
    pictureUrl: (picture) => origin('page') + picture,
    get scansNatively() {
      return isPhone && localStorage.getItem(NATIVE_SCAN_FAILED) === null;
    },
    scanCodeNatively,
    nativeScanFailed: () => localStorage.setItem(NATIVE_SCAN_FAILED, '1'),
    onBackGesture(onBack) {
      back = onBack;
      if (!isPhone) return;
      if (onBack && !listener) {
        listener = onBackButtonPress(() => back?.());
      } else if (!onBack && listener) {
        void listener.then((registered) => registered.unregister());
        listener = null;
      }
    },
    haptic(kind) {
      if (isPhone) send('plugin:device|haptic', { kind });
    },
    appearance(dark) {
      if (isPhone) send('plugin:device|appearance', { dark });
    },
    keepAwake(on) {
      if (isPhone) send('plugin:device|keep_awake', { on });
    },
  };
}
