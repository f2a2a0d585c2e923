/** The closed lock: what opens it, what it says, and that nothing of the citizen's is behind it. */
import { cleanup, fireEvent, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scenes, type Recording } from '../backend/recorded';
import { hide, next, settle, show, spoken, submit, viewed } from './show';

afterEach(cleanup);
afterEach(() => vi.restoreAllMocks());

const field = () => screen.getByLabelText<HTMLInputElement>('App password');
const type = (value: string) => fireEvent.input(field(), { target: { value } });
const BIOMETRICS = { type: 'unlock_with_biometrics' };

describe('the password', () => {
  it('opens the lock on Enter, once', async () => {
    const backend = await show('unlock.plain');
    await type('four words by chance');
    submit();
    expect(backend.dispatched).toEqual([{ type: 'unlock', password: 'four words by chance' }]);
    await next(backend, 'unlock.plain', viewed({ busy: true }));
    submit();
    expect(backend.dispatched).toHaveLength(1);
    expect(field().readOnly).toBe(true);
    expect(screen.getByRole('button', { name: 'Unlock' }).getAttribute('aria-busy')).toBe('true');
  });

  it('is asked for where there is none', async () => {
    const backend = await show('unlock.plain');
    submit();
    await settle();
    expect(backend.dispatched).toEqual([]);
    expect(document.activeElement).toBe(field());
    expect(document.getElementById(field().getAttribute('aria-describedby') ?? '')?.textContent).toContain('Enter your app password first.');
    await type('x');
    expect(field().getAttribute('aria-invalid')).toBeNull();
  });

  it('is for password managers and not for keyboards that learn', async () => {
    await show('unlock.plain');
    expect(field().type).toBe('password');
    expect(field().autocomplete).toBe('current-password');
    for (const [name, value] of [['autocapitalize', 'none'], ['autocorrect', 'off'], ['spellcheck', 'false']] as const) {
      expect(field().getAttribute(name)).toBe(value);
    }
  });

  it('is shown until it is sent or the app is left', async () => {
    await show('unlock.plain');
    const eye = screen.getByRole('button', { name: 'Show the password' });
    await type('hush');
    await fireEvent.click(eye);
    expect([field().type, eye.getAttribute('aria-pressed'), field().value]).toEqual(['text', 'true', 'hush']);
    hide(true);
    await settle();
    expect(field().type).toBe('password');
    await fireEvent.click(eye);
    submit();
    await settle();
    expect(field().type).toBe('password');
  });

  it('that was wrong is typed anew, with the tries that are left', async () => {
    const backend = await show('unlock.plain');
    await type('wrong');
    submit();
    await next(backend, 'unlock.plain', viewed({ busy: true }));
    expect(field().value).toBe('wrong');
    await next(backend, 'unlock.wrong');
    expect(field().value).toBe('');
    expect(document.activeElement).toBe(field());
    expect(field().getAttribute('aria-invalid')).toBe('true');
    expect(spoken()).toBe('This password is not right. Try again. Capital and small letters count. 3 more tries, then there is a wait.');
    // A frame about something else takes the focus from nobody.
    screen.getByRole('button', { name: 'Forgotten password' }).focus();
    await next(backend, 'unlock.wrong', viewed({ sending: 1 }));
    expect(document.activeElement?.textContent).toContain('Forgotten password');
  });
});

describe('after too many tries', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: new Date('2026-12-01T10:00:00') }));
  afterEach(() => vi.useRealTimers());
  const waiting = (more: object = {}) => viewed({ biometrics: false, retry_at: new Date('2026-12-01T10:04:12').toISOString(), ...more });

  it('there is a wait that is shown each second and said once', async () => {
    const backend = await show('unlock.wait', { change: waiting() });
    await settle();
    expect(screen.getByRole('timer').textContent).toBe('4:12');
    expect(field().disabled).toBe(true);
    expect(spoken()).toBe('Too many wrong tries. You can try again at 10:04.');
    document.querySelector('[aria-live]')?.replaceChildren('heard');
    for (const shown of ['4:11', '4:10', '4:09']) {
      vi.advanceTimersByTime(1000);
      await settle();
      expect(screen.getByRole('timer').textContent).toBe(shown);
    }
    expect(spoken()).toBe('heard');
    submit();
    expect(backend.dispatched).toEqual([]);
  });

  it('it ends by itself, and says so', async () => {
    await show('unlock.wait', { change: waiting() });
    await settle();
    vi.advanceTimersByTime(251_500);
    await settle();
    expect(field().disabled).toBe(true);
    vi.advanceTimersByTime(1000);
    await settle();
    expect(field().disabled).toBe(false);
    expect(screen.queryByRole('timer')).toBeNull();
    expect(document.body.textContent).not.toContain('Too many wrong tries');
    expect(spoken()).toBe('You can try again now.');
  });

  it('the field gets back the focus it had', async () => {
    const backend = await show('unlock.plain');
    await type('wrong');
    field().focus();
    submit();
    await next(backend, 'unlock.plain', viewed({ busy: true }));
    await next(backend, 'unlock.wait', waiting());
    field().blur();
    vi.advanceTimersByTime(253_000);
    await settle();
    expect(document.activeElement).toBe(field());
  });

  it('biometrics still open', async () => {
    const backend = await show('unlock.wait', { change: waiting({ biometrics: true }) });
    screen.getByRole('button', { name: 'Use biometrics' }).click();
    expect(backend.dispatched).toEqual([BIOMETRICS]);
  });

  it('a wait that is over from the start is not spoken of', async () => {
    await show('unlock.wait', { change: waiting({ retry_at: new Date('2026-12-01T09:59:00').toISOString() }) });
    await settle();
    expect(field().disabled).toBe(false);
    expect(spoken()).toBe('');
  });
});

describe('biometrics', () => {
  it('are asked for once by themselves', async () => {
    const backend = await show('unlock.biometrics');
    await settle();
    expect(backend.dispatched).toEqual([BIOMETRICS]);
    await next(backend, 'unlock.biometrics', viewed({ busy: true }));
    expect(screen.getByRole('button', { name: 'Use biometrics' }).getAttribute('aria-busy')).toBe('true');
    // Cancelled: no trouble, and not again by itself.
    await next(backend, 'unlock.biometrics');
    expect(backend.dispatched).toEqual([BIOMETRICS]);
    screen.getByRole('button', { name: 'Use biometrics' }).click();
    expect(backend.dispatched).toEqual([BIOMETRICS, BIOMETRICS]);
  });

  it('are not, after trouble or where there are none', async () => {
    for (const name of ['unlock.sending', 'unlock.plain', 'unlock.wait']) {
      const backend = await show(name);
      await settle();
      expect(backend.dispatched).toEqual([]);
      cleanup();
    }
    await show('unlock.plain');
    expect(screen.queryByRole('button', { name: 'Use biometrics' })).toBeNull();
  });

  it('are asked for when somebody looks, not before', async () => {
    hide(true);
    const backend = await show('unlock.biometrics');
    await settle();
    expect(backend.dispatched).toEqual([]);
    hide(false);
    await settle();
    expect(backend.dispatched).toEqual([{ type: 'foreground' }, BIOMETRICS]);
  });

  it('do not open again what was just locked by hand, until the app was left', async () => {
    const backend = await show('settings.linked');
    screen.getByRole('button', { name: 'Lock now' }).click();
    await next(backend, 'unlock.biometrics');
    expect(backend.dispatched).toEqual([{ type: 'lock_now' }]);
    hide(true);
    hide(false);
    await settle();
    expect(backend.dispatched.at(-1)).toEqual(BIOMETRICS);
  });

  it('do not open again what locked because nobody was there', async () => {
    const backend = await show('home.idle');
    await next(backend, 'unlock.biometrics');
    expect(backend.dispatched).toEqual([]);
  });

  it('do open what locked while the app was away', async () => {
    const backend = await show('home.linked');
    hide(true);
    hide(false);
    await next(backend, 'unlock.biometrics');
    expect(backend.dispatched).toEqual([{ type: 'background' }, { type: 'foreground' }, BIOMETRICS]);
  });
});

describe('a forgotten password', () => {
  it('is told, and answered in a question that says what it costs', async () => {
    const backend = await show('unlock.plain');
    screen.getByRole('button', { name: 'Forgotten password' }).click();
    await next(backend, 'unlock.forgetting');
    const question = within(screen.getByRole('dialog', { name: 'Unlink and start again?' }));
    const items = (name: string) => within(question.getByRole('list', { name })).getAllByRole('listitem').map((item) => item.textContent?.trim());
    expect(items('This goes from the phone')).toEqual(['the link to your account', 'the list of your procedures', 'the receipts kept here']);
    expect(items('This stays')).toEqual(['the pages you have taken', 'documents on their way']);
    expect(screen.getByRole('dialog').textContent).toContain('under ‘Linked devices’');
    question.getByRole('button', { name: 'Unlink and start again' }).click();
    question.getByRole('button', { name: 'Cancel' }).click();
    await fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }));
    expect(backend.dispatched).toEqual([
      { type: 'forgot_password' },
      { type: 'answer_forgot', yes: true },
      { type: 'answer_forgot', yes: false },
      { type: 'answer_forgot', yes: false },
    ]);
  });

  it('is offered after many tries, and where nothing opens any more', async () => {
    for (const name of ['unlock.offer', 'unlock.stale']) {
      const backend = await show(name);
      screen.getByRole('button', { name: 'Unlink and start again' }).click();
      expect(backend.dispatched).toEqual([{ type: 'forgot_password' }]);
      expect(screen.queryByRole('button', { name: 'Forgotten password' })).toBeNull();
      cleanup();
    }
  });
});

describe('while locked', () => {
  it('documents on their way are counted', async () => {
    await show('unlock.sending');
    expect(document.body.textContent).toContain('2 documents are still being sent');
    cleanup();
    await show('unlock.plain', { change: viewed({ sending: 1 }) });
    expect(document.body.textContent).toContain('1 document is still being sent');
    cleanup();
    await show('unlock.plain');
    expect(document.body.textContent).not.toContain('being sent');
  });

  /** Names that components give themselves count up. */
  const page = () => document.body.innerHTML.replaceAll(/\bs\d+(-\w+)?\b|\bc\d+\b/g, 'id');

  it.each(scenes.filter((s) => s.frame.shown.lock === 'open').map((s) => s.name))('nothing of %s stays in the page', async (name) => {
    await show('unlock.plain');
    await settle();
    const never = page();
    cleanup();
    const backend: Recording = await show(name);
    await settle();
    await next(backend, 'unlock.plain');
    expect(page()).toBe(never);
    expect(document.title).toBe('Welcome back · Folio');
    expect(document.documentElement.dataset['preview']).toBeUndefined();
  });
});

describe('once open', () => {
  it('the title has the focus, and what was typed is gone', async () => {
    const backend = await show('unlock.plain');
    await type('four words by chance');
    submit();
    await next(backend, 'home.linked');
    await settle();
    expect(document.activeElement).toBe(document.querySelector('h1'));
    expect(document.body.innerHTML).not.toContain('four words');
    await next(backend, 'unlock.plain');
    expect(field().value).toBe('');
  });
});
