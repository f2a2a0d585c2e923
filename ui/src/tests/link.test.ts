/** Linking, step by step: what is asked, what is dispatched, what is said. */
import { cleanup, fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hide, next, settle, show, spoken, submit, viewed } from './show';

afterEach(cleanup);
afterEach(() => vi.restoreAllMocks());

const title = () => document.querySelector('h1')?.textContent?.trim();

describe('the link code', () => {
  const code = (n: number) => `https://folio.test/l#${n}`;

  it('is looked for by the camera, and says where it is found', async () => {
    const backend = await show('link.scan');
    await settle();
    expect(backend.cameraCalls).toEqual(['start code']);
    expect(document.body.textContent).toContain('open ‘Linked devices’ and choose ‘Link your device’');
    expect(screen.queryByRole('button', { name: /code instead|picture/ })).toBeNull();
    backend.emit({ type: 'code', text: code(1) });
    backend.emit({ type: 'code', text: code(1) });
    expect(backend.dispatched).toEqual([{ type: 'code_found', text: code(1) }]);
  });

  it('that was answered with No is not asked about again while it is still there', async () => {
    const backend = await show('link.scan');
    await settle();
    backend.emit({ type: 'code', text: code(2) });
    await next(backend, 'link.scan_busy');
    expect(document.querySelector('[role=status]')?.textContent).toContain('Code found');
    await next(backend, 'link.ask');
    expect(backend.cameraCalls.at(-1)).toBe('stop');
    await next(backend, 'link.scan');
    backend.emit({ type: 'code', text: code(2) });
    await settle();
    expect(backend.dispatched).toHaveLength(1);
    expect(document.body.textContent).toContain('This code was scanned here before. Make a new one on your computer.');
    expect(spoken()).toContain('This code was scanned here before.');
    backend.emit({ type: 'code', text: code(3) });
    expect(backend.dispatched.at(-1)).toEqual({ type: 'code_found', text: code(3) });
  });

  it('is looked for again after trouble', async () => {
    const backend = await show('link.ended');
    await settle();
    expect(document.body.textContent).toContain('Linking was stopped');
    screen.getByRole('button', { name: 'Scan again' }).click();
    expect(backend.dispatched).toEqual([{ type: 'dismiss' }]);
  });

  it('that belongs to a document is told from one that links', async () => {
    await show('link.ticket_code');
    await settle();
    expect(spoken()).toContain('This code is for a document, not for linking');
  });
});

describe('the question whose account it is', () => {
  it('has two answers of equal weight', async () => {
    const backend = await show('link.ask');
    expect(title()).toBe('Link to M… Weber?');
    expect(document.body.textContent).toContain('The procedures of 2 eSpaces');
    const yes = screen.getByRole('button', { name: 'Yes' });
    const no = screen.getByRole('button', { name: 'No' });
    expect(yes.className).toBe(no.className);
    yes.click();
    no.click();
    expect(backend.dispatched).toEqual([
      { type: 'answer_link', yes: true },
      { type: 'answer_link', yes: false },
    ]);
  });

  it('can still be answered with No while Yes is on its way', async () => {
    const backend = await show('link.ask_busy');
    screen.getByRole('button', { name: 'Yes' }).click();
    screen.getByRole('button', { name: 'No' }).click();
    expect(backend.dispatched).toEqual([{ type: 'answer_link', yes: false }]);
  });
});

describe('the number', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: new Date('2026-12-01T10:00:00') }));
  afterEach(() => vi.useRealTimers());
  const change = viewed({ step: { step: 'number', number: '47', until: new Date('2026-12-01T10:00:45').toISOString() } });

  it('is shown with the time that is left, and both are said without counting', async () => {
    await show('link.number', { change });
    await settle();
    expect(screen.getByRole('img', { name: '4 7' }).textContent).toBe('47');
    expect(spoken()).toBe('Pick this number on your computer: 4 7. Your computer shows three numbers. Choose this one there; the phone then goes on by itself.');
    expect(screen.getByRole('timer').textContent).toBe('0:45');
    const said = new Set<string>();
    for (let i = 0; i < 45; i++) {
      vi.advanceTimersByTime(1000);
      await settle();
      said.add(spoken());
    }
    expect(screen.getByRole('timer').textContent).toBe('0:00');
    expect(said.size).toBe(2);
    expect(said).toContain('Half a minute left.');
  });
});

describe('the name', () => {
  it('is what the citizen types, or the suggestion', async () => {
    const backend = await show('link.name');
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Name of this phone' });
    expect([field.value, field.placeholder, field.maxLength]).toEqual(['', 'My phone', 40]);
    submit();
    await fireEvent.input(field, { target: { value: ' Red phone ' } });
    submit();
    expect(backend.dispatched).toEqual([
      { type: 'name_device', name: 'My phone' },
      { type: 'name_device', name: 'Red phone' },
    ]);
  });

  it('is kept when it is looked at again', async () => {
    await show('link.name_again');
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe("Marie's Pixel");
  });
});

describe('the app password', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  const first = () => screen.getByLabelText<HTMLInputElement>('App password');
  const second = () => screen.getByLabelText<HTMLInputElement>('Repeat the password');
  const type = (field: HTMLInputElement, value: string) => fireEvent.input(field, { target: { value } });
  const judged = (strength: string, unfit: string | null = null) => viewed({ step: { step: 'password', judged: { strength, unfit }, busy: false } });
  const pause = async () => {
    vi.advanceTimersByTime(260);
    await settle();
  };

  it('is judged once typing pauses', async () => {
    const backend = await show('link.password');
    for (const text of ['f', 'fo', 'fou', 'four']) {
      await type(first(), text);
      vi.advanceTimersByTime(200);
    }
    expect(backend.dispatched).toEqual([]);
    await pause();
    expect(backend.dispatched).toEqual([{ type: 'judge_password', password: 'four' }]);
    await type(first(), '');
    await pause();
    expect(backend.dispatched).toHaveLength(1);
  });

  it('is judged by nobody once its screen is left', async () => {
    const backend = await show('link.password');
    await type(first(), 'four');
    await next(backend, 'link.name');
    await pause();
    expect(backend.dispatched).toEqual([]);
  });

  it('has its worth in words, said when it changes', async () => {
    const backend = await show('link.password');
    await type(first(), 'four words');
    await pause();
    await next(backend, 'link.password', judged('good'));
    expect(document.body.textContent).toContain('Strength: good');
    expect(spoken()).toBe('Strength: good');
    await next(backend, 'link.password', judged('weak', 'too_simple'));
    expect(document.body.textContent).toContain('Too easy to guess: add another word.');
    expect(first().getAttribute('aria-invalid')).toBe('true');
    vi.advanceTimersByTime(2000);
    await settle();
    expect(spoken()).toBe('Too easy to guess: add another word.');
    await type(first(), '');
    await settle();
    expect(document.querySelector('main')?.textContent).not.toContain('Too easy');
  });

  it('is chosen when it is there twice and nothing is known against it', async () => {
    const backend = await show('link.password');
    submit();
    await settle();
    expect(document.activeElement).toBe(first());
    expect(document.body.textContent).toContain('Choose a password first.');

    await type(first(), 'weak');
    await pause();
    await next(backend, 'link.password', judged('weak', 'too_short'));
    await type(second(), 'weak');
    submit();
    await settle();
    expect(document.activeElement).toBe(first());

    await type(first(), 'four words by chance');
    await pause();
    await next(backend, 'link.password', judged('strong'));
    submit();
    await settle();
    expect(document.activeElement).toBe(second());
    expect(second().getAttribute('aria-invalid')).toBe('true');
    expect(document.body.textContent).toContain('The two passwords are not the same.');

    await type(second(), 'four words by chance');
    submit();
    expect(backend.dispatched.at(-1)).toEqual({ type: 'choose_password', password: 'four words by chance' });
    expect(backend.dispatched.filter((intent) => intent.type === 'choose_password')).toHaveLength(1);
  });

  it('is not chosen twice, and nothing goes back meanwhile', async () => {
    const backend = await show('link.password_busy');
    submit();
    expect(backend.dispatched).toEqual([]);
    expect(screen.queryByRole('button', { name: 'Back' })).toBeNull();
    expect([first().readOnly, second().readOnly]).toEqual([true, true]);
  });

  it('is for password managers, and hidden when the app is left', async () => {
    await show('link.password');
    expect([first().autocomplete, second().autocomplete]).toEqual(['new-password', 'new-password']);
    await fireEvent.click(screen.getAllByRole('button', { name: 'Show the password' })[0] as HTMLElement);
    expect([first().type, second().type]).toEqual(['text', 'password']);
    hide(true);
    await settle();
    expect(first().type).toBe('password');
  });

  it('too weak for the vault says so', async () => {
    await show('link.password', { change: viewed({ trouble: { kind: 'password_unfit' } }) });
    await settle();
    expect(spoken()).toContain('This password is too weak');
  });
});

describe('biometrics', () => {
  it('are activated or skipped, and there is no way back', async () => {
    const backend = await show('link.biometrics');
    expect(screen.queryByRole('button', { name: 'Back' })).toBeNull();
    screen.getByRole('button', { name: 'Activate biometrics' }).click();
    screen.getByRole('button', { name: 'Skip this step' }).click();
    expect(backend.dispatched).toEqual([{ type: 'activate_biometrics' }, { type: 'skip_biometrics' }]);
  });

  it('are waited for', async () => {
    const backend = await show('link.biometrics_busy');
    screen.getByRole('button', { name: 'Activate biometrics' }).click();
    screen.getByRole('button', { name: 'Skip this step' }).click();
    expect(backend.dispatched).toEqual([]);
  });
});

describe('each step', () => {
  it('begins with its title', async () => {
    const backend = await show('link.ask');
    for (const [scene, words] of [
      ['link.number', 'Pick this number on your computer'],
      ['link.name', 'Name this phone'],
      ['link.password', 'Choose an app password'],
      ['link.biometrics', 'Open Folio with fingerprint or face?'],
    ] as const) {
      await next(backend, scene);
      await settle();
      expect(title()).toBe(words);
      expect(document.activeElement).toBe(document.querySelector('h1'));
    }
  });

  it('is redrawn, not begun anew, by news about itself', async () => {
    const backend = await show('link.password');
    const field = screen.getByLabelText<HTMLInputElement>('App password');
    await fireEvent.input(field, { target: { value: 'kept' } });
    await next(backend, 'link.password_trouble');
    expect(screen.getByLabelText<HTMLInputElement>('App password').value).toBe('kept');
  });
});
