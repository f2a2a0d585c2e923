/** Every screen from its recorded frames: what it asks the app for, and what it says. */
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/svelte';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tick } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { scenes } from '../backend/recorded';
import type { Intent } from '../bindings/Intent';
import { screens } from '../screens';
import { folderOf, type ScreenName } from '../screens/view';
import { show } from './show';

afterEach(cleanup);

const source = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
const variants = [...source('bindings/View.ts').matchAll(/"screen": "(\w+)"/g)].map((m) => m[1] as ScreenName);

describe('the screens and View', () => {
  it('have one folder a variant and no other', () => {
    const folders = readdirSync(join(import.meta.dirname, '..', 'screens'), { withFileTypes: true }).filter((f) => f.isDirectory());
    // What is shown while locked is no view.
    expect(folders.map((f) => f.name).sort()).toEqual([...variants.map(folderOf), 'unlock'].sort());
    expect(Object.keys(screens).sort()).toEqual([...variants].sort());
  });

  it('are all recorded', () => {
    const recorded = new Set(scenes.map((s) => (s.frame.shown.lock === 'open' ? s.frame.shown.view.screen : 'unlock')));
    for (const variant of [...variants, 'unlock']) expect(recorded).toContain(variant);
  });

  it.each(scenes)('$name has one title, which is the page’s too', async ({ name }) => {
    await show(name);
    const titles = document.querySelectorAll('h1');
    expect(titles).toHaveLength(1);
    const words = titles[0]?.textContent?.trim() ?? '';
    expect(words).not.toBe('');
    expect(document.title).toBe(`${words} · Folio`);
    // A key or a placeholder that nobody filled would be read aloud as it stands.
    expect(document.body.textContent).not.toMatch(/\{\w+\}|\b(app|problem|reason|label)\.[a-z_]+|undefined|NaN/);
  });
});

const P2 = '0000000000000002';
const P3 = '0000000000000003';

describe('a button asks for', () => {
  const cases: [scene: string, button: string, intent: Intent][] = [
    ['home.first', 'Settings', { type: 'open_settings' }],
    ['home.drafts', 'Go on: Birth certificate', { type: 'open_draft', draft: '0000000000000001' }],
    ['home.outbox', 'Show: Bank details', { type: 'open_upload', draft: '0000000000000004' }],
    ['home.declined', 'Close', { type: 'dismiss' }],
    ['intro.plain', 'Enter the code instead', { type: 'enter_code_instead' }],
    ['intro.plain', 'Back', { type: 'back' }],
    ['scan-qr.looking', 'Enter the code instead', { type: 'enter_code_instead' }],
    ['scan-qr.looking', 'Choose a picture of the code', { type: 'choose_code_picture' }],
    ['scan-qr.shared', 'Choose one of my procedures', { type: 'open_procedures' }],
    ['pages.shared', 'Scan the code', { type: 'end' }],
    ['pages.shared', 'Add a picture', { type: 'add_picture' }],
    ['confirm.shared', 'Scan the code', { type: 'new_code' }],
    ['scan-qr.other_portal', 'Scan again', { type: 'dismiss' }],
    ['check.attach', 'Continue', { type: 'continue' }],
    ['check.attach', 'No, this is not mine', { type: 'not_mine' }],
    ['check.question', 'Use them here', { type: 'use_waiting_pages', yes: true }],
    ['check.question', 'No, start with new pages', { type: 'use_waiting_pages', yes: false }],
    ['pages.three', 'Page 2: crop and rotate', { type: 'edit_page', page: P2 }],
    ['pages.three', 'Retake: page 3', { type: 'retake', page: P3 }],
    ['pages.three', 'Keep anyway: page 3', { type: 'keep_page', page: P3 }],
    ['pages.deleted', 'Undo', { type: 'undo_delete' }],
    ['edit.found', 'Rotate left', { type: 'rotate_left', page: P2 }],
    ['edit.found', 'Rotate right', { type: 'rotate_right', page: P2 }],
    ['edit.found', 'Whole picture', { type: 'set_quad', page: P2, photo: '0000000000000001', quad: null }],
    ['edit.found', 'Reset', { type: 'reset_page', page: P2 }],
    ['edit.found', 'Retake', { type: 'retake', page: P2 }],
    ['confirm.needs_code', 'Scan a new code', { type: 'new_code' }],
    ['upload.sending', 'Pause', { type: 'pause_upload' }],
    ['upload.paused', 'Resume', { type: 'resume_upload' }],
    ['upload.sending', 'Use other screens', { type: 'leave_upload' }],
    ['upload.refused', 'Back to the pages', { type: 'back_to_pages' }],
    ['upload.disconnected', 'Scan a new code', { type: 'new_code' }],
    ['upload.slot_changed', 'Replace the newer one', { type: 'answer_slot', choice: 'replace' }],
    ['upload.slot_changed', 'Discard', { type: 'answer_slot', choice: 'discard' }],
    ['done.plain', 'Add another document', { type: 'add_another' }],
    ['camera.steady', 'Done 2 pages', { type: 'camera_done' }],
  ];
  it.each(cases)('%s: %s', async (scene, button, intent) => {
    const backend = await show(scene);
    screen.getByRole('button', { name: button }).click();
    expect(backend.dispatched).toEqual([intent]);
  });

  it('nothing is deleted without a question', async () => {
    const backend = await show('home.drafts');
    screen.getByRole('button', { name: 'Delete: Birth certificate' }).click();
    await tick();
    expect(backend.dispatched).toEqual([]);
    screen.getByRole('button', { name: 'Delete the pages' }).click();
    expect(backend.dispatched).toEqual([{ type: 'discard_draft', draft: '0000000000000001' }]);
  });

  it('everything is deleted after a question, and kept on Keep', async () => {
    const backend = await show('settings.plain');
    screen.getByRole('button', { name: 'Delete everything' }).click();
    await tick();
    screen.getByRole('button', { name: 'Keep' }).click();
    await tick();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(backend.dispatched).toEqual([]);
    screen.getByRole('button', { name: 'Delete everything' }).click();
    await tick();
    const buttons = screen.getByRole('dialog').querySelectorAll('button');
    buttons[0]?.click();
    expect(backend.dispatched).toEqual([{ type: 'delete_everything' }]);
  });

  it('settings are set', async () => {
    const backend = await show('settings.plain');
    await fireEvent.click(screen.getByRole('radio', { name: 'Français' }));
    await fireEvent.click(screen.getByRole('radio', { name: 'Dark' }));
    await fireEvent.click(screen.getByRole('switch', { name: 'Automatic camera' }));
    expect(backend.dispatched).toEqual([
      { type: 'set_language', language: 'fr' },
      { type: 'set_appearance', appearance: 'dark' },
      { type: 'set_automatic', on: false },
    ]);
  });
});

describe('pages', () => {
  it('are moved with buttons, in the app’s counting', async () => {
    const backend = await show('pages.three');
    screen.getByRole('button', { name: 'Page 2: more actions' }).click();
    await tick();
    screen.getByRole('button', { name: 'Move earlier' }).click();
    screen.getByRole('button', { name: 'Move later' }).click();
    screen.getByRole('button', { name: 'Delete the page' }).click();
    expect(backend.dispatched).toEqual([
      { type: 'move_page', page: P2, to: 0 },
      { type: 'move_page', page: P2, to: 2 },
      { type: 'delete_page', page: P2 },
    ]);
    await tick();
    expect(document.querySelector('[aria-live]')?.textContent).toContain('Now page 3');
  });

  it('get one filter together', async () => {
    const backend = await show('pages.three');
    screen.getByRole('button', { name: 'Filter for all pages: Colour' }).click();
    await tick();
    await fireEvent.click(screen.getByRole('radio', { name: 'Black and white' }));
    expect(backend.dispatched).toEqual([{ type: 'set_filter_for_all', filter: 'black_and_white' }]);
  });
});

describe('a page dragged with the mouse', () => {
  /** Cards of 100 px beside one another: happy-dom lays nothing out. */
  function layOut() {
    document.querySelectorAll('[data-page]').forEach((card, i) => {
      card.getBoundingClientRect = () => new DOMRect(i * 100, 0, 100, 140);
    });
    const list = document.querySelector('ol') as HTMLElement;
    list.setPointerCapture = () => undefined;
    return list;
  }
  const at = (x: number) => ({ button: 0, pointerId: 1, pointerType: 'mouse', clientX: x, clientY: 50, bubbles: true });
  const first = () => document.querySelector('[data-page]') as HTMLElement;

  it('lands where it is let go', async () => {
    const backend = await show('pages.three');
    const list = layOut();
    await fireEvent(first(), new PointerEvent('pointerdown', at(50)));
    await fireEvent(list, new PointerEvent('pointermove', at(120)));
    await fireEvent(list, new PointerEvent('pointermove', at(280)));
    await fireEvent(list, new PointerEvent('pointerup', at(280)));
    expect(backend.dispatched).toEqual([{ type: 'move_page', page: '0000000000000001', to: 2 }]);
  });

  it('stays where it is when it is put back or the drag is broken off', async () => {
    const backend = await show('pages.three');
    const list = layOut();
    await fireEvent(first(), new PointerEvent('pointerdown', at(50)));
    await fireEvent(list, new PointerEvent('pointermove', at(70)));
    await fireEvent(list, new PointerEvent('pointerup', at(70)));
    await fireEvent(first(), new PointerEvent('pointerdown', at(50)));
    await fireEvent(list, new PointerEvent('pointermove', at(280)));
    await fireEvent(list, new PointerEvent('pointercancel', at(280)));
    expect(backend.dispatched).toEqual([]);
  });
});

describe('edit', () => {
  it('moves a corner with the arrow keys and hands it on when the key is lifted', async () => {
    const backend = await show('edit.found');
    const corner = screen.getByRole('button', { name: 'Bottom right corner' });
    await fireEvent.keyDown(corner, { key: 'ArrowLeft' });
    await fireEvent.keyDown(corner, { key: 'ArrowLeft' });
    expect(backend.dispatched).toEqual([]);
    await fireEvent.keyUp(corner, { key: 'ArrowLeft' });
    const [intent] = backend.dispatched;
    if (intent?.type !== 'set_quad' || !intent.quad) throw new Error('no quad');
    expect(intent.quad[2].x).toBeCloseTo(0.742 - 0.008);
    expect(intent.quad[2].y).toBeCloseTo(0.812);
    expect(intent.quad[0]).toEqual({ x: 0.2, y: 0.2 });
  });

  it('moves the chosen corner with buttons', async () => {
    const backend = await show('edit.found');
    await fireEvent.click(screen.getByRole('button', { name: 'Top right corner' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Down' }));
    const [intent] = backend.dispatched;
    if (intent?.type !== 'set_quad' || !intent.quad) throw new Error('no quad');
    expect(intent.quad[1].y).toBeCloseTo(0.241);
  });

  it('begins with the whole picture where no page was found', async () => {
    const backend = await show('edit.whole');
    await fireEvent.click(screen.getByRole('button', { name: 'To the right' }));
    expect(backend.dispatched).toEqual([
      {
        type: 'set_quad',
        page: P2,
        photo: '0000000000000001',
        quad: [{ x: 0.004, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }],
      },
    ]);
  });
});

describe('enter code', () => {
  it('groups what is typed and sends it with its portal', async () => {
    const backend = await show('enter-code.portals');
    const field = screen.getByRole<HTMLInputElement>('textbox');
    await fireEvent.input(field, { target: { value: 'k7m2 94qd' } });
    expect(field.value).toBe('K7M2-94QD');
    await fireEvent.click(screen.getByRole('radio', { name: 'Portal of the City of Esch' }));
    await fireEvent.submit(document.querySelector('form') as HTMLFormElement);
    expect(backend.dispatched).toEqual([{ type: 'code_typed', code: 'K7M2-94QD', portal: 1 }]);
  });

  it('is sent once while the portal is being asked', async () => {
    const backend = await show('enter-code.busy');
    await fireEvent.submit(document.querySelector('form') as HTMLFormElement);
    expect(backend.dispatched).toEqual([]);
  });
});

describe('the name', () => {
  it('is handed on when the field is left', async () => {
    const backend = await show('generate.plain');
    await fireEvent.change(screen.getByRole('textbox', { name: 'Name of the document' }), { target: { value: 'My diploma' } });
    expect(backend.dispatched).toEqual([{ type: 'name_document', name: 'My diploma' }]);
  });
});

describe('frames', () => {
  it('older than the one shown are dropped', async () => {
    const backend = await show('home.first', { change: (frame) => ({ ...frame, revision: 7 }) });
    const stale = scenes.find((s) => s.name === 'intro.plain');
    backend.show({ ...(stale as (typeof scenes)[0]).frame, revision: 6 });
    await tick();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Bring a paper into your procedure');
  });

  it('of another screen move the focus to its title', async () => {
    const backend = await show('home.first');
    const next = scenes.find((s) => s.name === 'intro.plain') as (typeof scenes)[0];
    backend.show({ ...next.frame, revision: 2 });
    await waitFor(() => expect(document.activeElement?.textContent).toBe(document.querySelector('h1')?.textContent));
    expect(document.querySelector('h1')?.hasAttribute('data-title')).toBe(true);
  });

  it('decide the appearance', async () => {
    await show('home.first', { change: (f) => ({ ...f, settings: { ...f.settings, appearance: 'dark' } }) });
    expect(document.documentElement.dataset['theme']).toBe('dark');
  });
});

describe('back', () => {
  it('is Escape and the phone’s gesture where it leads anywhere', async () => {
    const backend = await show('intro.plain');
    await fireEvent.keyDown(window, { key: 'Escape' });
    backend.pressBack();
    expect(backend.dispatched).toEqual([{ type: 'back' }, { type: 'back' }]);
  });

  it('is the system’s where it does not', async () => {
    const backend = await show('home.first');
    await fireEvent.keyDown(window, { key: 'Escape' });
    backend.pressBack();
    expect(backend.dispatched).toEqual([]);
  });
});

describe('the tester’s panel', () => {
  it('is there for testers only', async () => {
    await show('home.first');
    expect(screen.queryByRole('button', { name: 'Test' })).toBeNull();
    cleanup();
    await show('home.first', { tester: true });
    screen.getByRole('button', { name: 'Test' }).click();
    await waitFor(() => screen.getByRole('dialog'));
    await fireEvent.click(screen.getByRole('radio', { name: 'Cut' }));
    await waitFor(() => expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Cut' }).checked).toBe(true));
  });
});

describe('done', () => {
  it('shows the receipt that both sides have', async () => {
    await show('done.plain');
    for (const words of ['3', '620 kB', 'K7M2-94QD', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08']) {
      expect(document.body.textContent).toContain(words);
    }
  });
});

describe('upload', () => {
  it('shows how far it is in words and bytes', async () => {
    await show('upload.sending');
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('63');
    expect(document.body.textContent).toContain('390 kB of 620 kB');
  });
});
