/**
 * Recorded frames in place of the app: what component tests, axe and the pictures of the screens look at, in a plain browser.
 * `?scene=home.drafts&theme=dark&lang=fr`; `&trouble=refused:encrypted` puts a trouble on a screen that can have one.
 */
import type { Appearance } from '../bindings/Appearance';
import type { Frame } from '../bindings/Frame';
import type { Intent } from '../bindings/Intent';
import type { Language } from '../bindings/Language';
import type { Trouble } from '../bindings/Trouble';
import type { Backend, Camera, CameraEvent, Permission, TesterState } from './backend';
import photo from './scenes/photo.svg?url';
import screen from './scenes/screen.svg?url';
import sheet from './scenes/sheet.svg?url';

/** One file a screen: frames by the name of what is special about them, and what the camera says meanwhile. */
interface SceneFile {
  frames: Record<string, Frame>;
  camera?: CameraEvent[];
}

/** `now+252s` in a recorded frame is the moment in 252 seconds: a wait that is over would not be looked at. */
const MOMENT = /^now([+-]\d+)s$/;

function atMoments<T>(recorded: T): T {
  if (Array.isArray(recorded)) return recorded.map(atMoments) as T;
  if (typeof recorded === 'string') {
    const seconds = MOMENT.exec(recorded)?.[1];
    return (seconds === undefined ? recorded : new Date(Date.now() + Number(seconds) * 1000).toISOString()) as T;
  }
  if (typeof recorded !== 'object' || recorded === null) return recorded;
  return Object.fromEntries(Object.entries(recorded).map(([key, value]) => [key, atMoments(value)])) as T;
}

const files = import.meta.glob<SceneFile>('./scenes/*.json', { eager: true, import: 'default' });

export interface Scene {
  name: string;
  /** With the moments as they are now. */
  readonly frame: Frame;
  camera: CameraEvent[];
}

export const scenes: Scene[] = Object.entries(files).flatMap(([path, file]) => {
  const screen = path.replace(/^.*\/|\.json$/g, '');
  return Object.entries(file.frames).map(([variant, recorded]) => ({
    name: `${screen}.${variant}`,
    get frame() {
      return atMoments(recorded);
    },
    camera: file.camera ?? [],
  }));
});

export function scene(name: string): Scene {
  const found = scenes.find((s) => s.name === name) ?? scenes.find((s) => s.name.startsWith(`${name}.`));
  if (!found) throw new Error(`no scene ${name}; there are ${scenes.map((s) => s.name).join(', ')}`);
  return found;
}

export function withTrouble(frame: Frame, trouble: Trouble): Frame {
  // The lock's troubles are of another kind and have scenes of their own.
  if (frame.shown.lock !== 'open' || !('trouble' in frame.shown.view) || frame.shown.view.screen === 'change_password') {
    throw new Error('this screen has no trouble');
  }
  return { ...frame, shown: { ...frame.shown, view: { ...frame.shown.view, trouble } } };
}

function troubleFrom(text: string): Trouble {
  const [kind, reason] = text.split(':');
  return (reason ? { kind, reason } : { kind }) as Trouble;
}

export interface Recording extends Backend {
  /** What the screens asked for, in order. */
  readonly dispatched: Intent[];
  /** What the camera was told, in order. */
  readonly cameraCalls: string[];
  /** Whether the screen was to stay on, each time that was said. */
  readonly awake: boolean[];
  /** Whether the page was dark, each time that was said. */
  readonly dark: boolean[];
  /** Shows another frame. */
  show(frame: Frame): void;
  /** Lets the camera say something to whoever started it. */
  emit(event: CameraEvent): void;
  /** The system's Back gesture; nothing where nobody listens. */
  pressBack(): void;
}

export interface RecordingOptions {
  camera?: CameraEvent[];
  permission?: Permission | (() => Promise<Permission>);
  platform?: 'phone' | 'desktop';
  tester?: boolean;
  scanCodeNatively?: Backend['scanCodeNatively'];
  /** What the camera's start comes to. */
  start?: () => Promise<void>;
  captureWithSystemCamera?: Camera['captureWithSystemCamera'];
}

export function recording(first: Frame, options: RecordingOptions = {}): Recording {
  let onFrame: ((frame: Frame) => void) | null = null;
  let onEvent: ((event: CameraEvent) => void) | null = null;
  let back: (() => void) | null = null;
  let looksAt = photo;
  let current = first;
  let tester: TesterState = { photos: '/home/tester/photos', code_picture: '/home/tester/code.png', files: [], denied: false, network: 'normal', sensor: 'yes' };
  const dispatched: Intent[] = [];
  const cameraCalls: string[] = [];
  const awake: boolean[] = [];
  const dark: boolean[] = [];
  const called = (name: string) => {
    cameraCalls.push(name);
    return Promise.resolve();
  };
  return {
    platform: options.platform ?? 'desktop',
    dispatched,
    cameraCalls,
    awake,
    dark,
    show(frame) {
      current = frame;
      onFrame?.(frame);
    },
    emit: (event) => onEvent?.(event),
    pressBack: () => back?.(),
    dispatch: (intent) => void dispatched.push(intent),
    subscribe(listener) {
      onFrame = listener;
      listener(current);
    },
    pictureUrl: (picture) => (picture.startsWith('photo/') ? photo : sheet),
    get scansNatively() {
      return options.scanCodeNatively !== undefined && !cameraCalls.includes('native failed');
    },
    scanCodeNatively: options.scanCodeNatively ?? (() => Promise.reject(new Error('no reader'))),
    nativeScanFailed: () => void cameraCalls.push('native failed'),
    onBackGesture: (onBack) => (back = onBack),
    haptic: () => undefined,
    appearance: (isDark) => void dark.push(isDark),
    keepAwake: (on) => void awake.push(on),
    camera: {
      async permission() {
        const { permission = 'granted' } = options;
        return typeof permission === 'function' ? permission() : permission;
      },
      openSettings: () => called('settings'),
      start(start, listener) {
        onEvent = listener;
        looksAt = start.purpose === 'code' ? screen : photo;
        cameraCalls.push(`start ${start.purpose}${start.automatic ? ' automatic' : ''}`);
        queueMicrotask(() => options.camera?.forEach(listener));
        return options.start?.() ?? Promise.resolve();
      },
      stop() {
        onEvent = null;
        return called('stop');
      },
      capture: () => called('capture'),
      captureWithSystemCamera:
        options.captureWithSystemCamera === null
          ? null
          : () => {
              cameraCalls.push('system camera');
              return options.captureWithSystemCamera?.() ?? Promise.resolve(false);
            },
      setTorch: (on) => called(`torch ${on ? 'on' : 'off'}`),
      setAutomatic: (on) => called(`automatic ${on ? 'on' : 'off'}`),
      previewUrl: () => (options.platform === 'phone' ? null : looksAt),
    },
    tester: options.tester
      ? {
          state: () => Promise.resolve(tester),
          set: (change) => Promise.resolve((tester = { ...tester, ...change })),
          kill: () => called('kill'),
        }
      : null,
  };
}

/** The backend that the page's address asks for. */
export function connect(): Promise<Backend> {
  const query = new URLSearchParams(location.search);
  const chosen = scene(query.get('scene') ?? 'home');
  const trouble = query.get('trouble');
  const frame = trouble ? withTrouble(chosen.frame, troubleFrom(trouble)) : chosen.frame;
  const settings = {
    ...frame.settings,
    language: (query.get('lang') ?? 'en') as Language,
    appearance: (query.get('theme') ?? 'system') as Appearance,
  };
  // The pages of a recorded run can be stepped through by the tests, which find the recording here.
  const backend = recording({ ...frame, settings }, { camera: chosen.camera, tester: query.has('tester') });
  Object.assign(globalThis, { recording: backend, sceneNames: scenes.map((s) => s.name) });
  return Promise.resolve(backend);
}
