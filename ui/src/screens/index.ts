/** Which component draws which variant of `View`; a variant without one does not compile. */
import type { Component } from 'svelte';
import Camera from './camera/Camera.svelte';
import ChangePassword from './change-password/ChangePassword.svelte';
import Check from './check/Check.svelte';
import Confirm from './confirm/Confirm.svelte';
import Done from './done/Done.svelte';
import Edit from './edit/Edit.svelte';
import EnterCode from './enter-code/EnterCode.svelte';
import Generate from './generate/Generate.svelte';
import Home from './home/Home.svelte';
import Intro from './intro/Intro.svelte';
import Link from './link/Link.svelte';
import Pages from './pages/Pages.svelte';
import Procedures from './procedures/Procedures.svelte';
import ScanQr from './scan-qr/ScanQr.svelte';
import Settings from './settings/Settings.svelte';
import Source from './source/Source.svelte';
import Unlock from './unlock/Unlock.svelte';
import Upload from './upload/Upload.svelte';
import type { Settings as Chosen } from '../bindings/Settings';
import type { ScreenName, ViewOf } from './view';

/** Drawn in place of every view while the lock is closed. */
export { Unlock };

type Screens = { [S in ScreenName]: Component<{ view: ViewOf<S>; settings: Chosen }> };

export const screens: Screens = {
  home: Home,
  intro: Intro,
  scan_qr: ScanQr,
  enter_code: EnterCode,
  check: Check,
  source: Source,
  pages: Pages,
  camera: Camera,
  edit: Edit,
  generate: Generate,
  confirm: Confirm,
  upload: Upload,
  done: Done,
  link: Link,
  procedures: Procedures,
  change_password: ChangePassword,
  settings: Settings,
};
