/** What a linked phone shows while it is open: procedures, home, settings, another password, another account's code. */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { next, settle, show, spoken, submit, viewed } from './show';

afterEach(cleanup);
afterEach(() => vi.restoreAllMocks());

describe('procedures', () => {
  it('are attached to and replaced in, each by its name', async () => {
    const backend = await show('procedures.one');
    screen.getByRole('button', { name: 'Attach: Certificate of enrolment' }).click();
    screen.getByRole('button', { name: 'Replace: Birth certificate' }).click();
    screen.getByRole('button', { name: 'Attach: Letter of motivation' }).click();
    expect(backend.dispatched).toEqual([
      { type: 'fill_slot', procedure: 'p1', slot: 's1' },
      { type: 'fill_slot', procedure: 'p1', slot: 's2' },
      { type: 'fill_slot', procedure: 'p1', slot: 's5' },
    ]);
    expect(document.body.textContent).toContain('2 documents are still missing');
  });

  it('take one document at a time, and say that it is made ready', async () => {
    const backend = await show('procedures.several');
    screen.getByRole('button', { name: 'Attach: Bank details' }).click();
    await next(backend, 'procedures.busy');
    expect(spoken()).toBe('Getting ready…');
    const pressed = screen.getByRole<HTMLButtonElement>('button', { name: 'Attach: Bank details' });
    expect(pressed.getAttribute('aria-busy')).toBe('true');
    for (const button of screen.getAllByRole<HTMLButtonElement>('button', { name: /^(Attach|Replace|Add a supporting document):/ })) {
      expect(button.disabled).toBe(true);
    }
    // From the home screen nothing was pressed here.
    cleanup();
    await show('procedures.busy');
    expect(document.querySelector('button[aria-busy]')).toBeNull();
    expect(screen.getByRole('progressbar', { name: 'Getting ready…' })).toBeDefined();
  });

  it('get a supporting document of a type, with a name or without', async () => {
    const backend = await show('procedures.several');
    const open = () => fireEvent.click(screen.getByRole('button', { name: 'Add a supporting document: Application for a study grant' }));
    await open();
    const sheet = within(screen.getByRole('dialog', { name: 'Add a supporting document' }));
    const type = sheet.getByRole<HTMLSelectElement>('combobox', { name: 'Type of document' });
    expect([...type.options].map((option) => option.text)).toEqual(['–', 'Certificate of enrolment', 'Birth certificate', 'Bank details', 'Rental contract', 'Other supporting document']);
    submit();
    await settle();
    expect(backend.dispatched).toEqual([]);
    expect(document.activeElement).toBe(type);
    expect(sheet.getByText('Choose a type first.')).toBeDefined();
    await fireEvent.change(type, { target: { value: 'Rental contract' } });
    const name = sheet.getByRole<HTMLInputElement>('textbox', { name: 'Name of the document (optional)' });
    expect(name.maxLength).toBe(120);
    await fireEvent.input(name, { target: { value: ' My flat ' } });
    submit();
    await settle();
    expect(backend.dispatched).toEqual([{ type: 'add_to_procedure', procedure: 'p1', document_type: 'Rental contract', name: 'My flat' }]);
    expect(screen.queryByRole('dialog')).toBeNull();
    await open();
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(backend.dispatched).toHaveLength(1);
  });

  it('with one type of document have it chosen', async () => {
    const backend = await show('procedures.several');
    await fireEvent.click(screen.getByRole('button', { name: /^Add a supporting document: Application for a subsidy/ }));
    submit();
    expect(backend.dispatched).toEqual([{ type: 'add_to_procedure', procedure: 'p2', document_type: 'Invoice', name: '' }]);
  });

  it('that may only be read say so and have no button', async () => {
    await show('procedures.read_only');
    expect(document.body.textContent).toContain('Read only: you cannot add documents here.');
    expect(screen.queryByRole('button', { name: /Attach|Replace|Add/ })).toBeNull();
    expect(document.body.textContent).toContain('The deadline was');
  });

  it('of another eSpace are chosen side by side, or from a list where there are many', async () => {
    const backend = await show('procedures.several');
    await fireEvent.click(screen.getByRole('radio', { name: 'Weber & Sons Renovation' }));
    cleanup();
    const many = await show('procedures.many');
    const select = screen.getByRole<HTMLSelectElement>('combobox', { name: 'eSpace' });
    expect(select.value).toBe('0');
    await fireEvent.change(select, { target: { value: '3' } });
    expect([...backend.dispatched, ...many.dispatched]).toEqual([
      { type: 'choose_espace', espace: 1 },
      { type: 'choose_espace', espace: 3 },
    ]);
    cleanup();
    await show('procedures.one');
    expect(screen.queryByRole('radio')).toBeNull();
    expect(screen.queryByRole('combobox')).toBeNull();
  });

  it('are fetched anew with a button, which rests meanwhile, and that is heard once', async () => {
    const backend = await show('procedures.several');
    screen.getByRole('button', { name: 'Refresh' }).click();
    expect(backend.dispatched).toEqual([{ type: 'refresh_procedures' }]);
    await next(backend, 'procedures.fetching');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Refresh' }).disabled).toBe(true);
    await next(backend, 'procedures.several');
    expect(spoken()).toBe('The list is up to date.');
    await next(backend, 'procedures.fetching');
    await next(backend, 'procedures.offline');
    expect(spoken()).toContain('The portal does not answer');
    screen.getByRole('button', { name: 'Try again' }).click();
    screen.getByRole('button', { name: 'Close' }).click();
    expect(backend.dispatched.slice(1)).toEqual([{ type: 'refresh_procedures' }, { type: 'dismiss' }]);
    expect(document.body.textContent).toContain('As of');
    expect(document.body.textContent).toContain('Application for a study grant');
  });

  it('are not asked for again where that cannot help', async () => {
    await show('procedures.key_lost');
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  it('are fetched anew with a pull at the top', async () => {
    const backend = await show('procedures.several');
    const page = document.querySelector('h1') as HTMLElement;
    const touch = (type: string, x: number, y: number) =>
      page.dispatchEvent(Object.assign(new Event(type, { bubbles: true }), { touches: type === 'touchend' ? [] : [{ clientX: x, clientY: y }] }));
    const drag = (...ys: number[]) => {
      touch('touchstart', 50, 100);
      for (const y of ys) touch('touchmove', 50, 100 + y);
      touch('touchend', 0, 0);
    };
    drag(30, 60, 90);
    drag(60, 140, 40);
    drag(-40, 200);
    expect(backend.dispatched).toEqual([]);
    drag(30, 80, 140);
    expect(backend.dispatched).toEqual([{ type: 'refresh_procedures' }]);
    await next(backend, 'procedures.fetching');
    drag(30, 80, 140);
    expect(backend.dispatched).toHaveLength(1);
  });

  it('that are none, or not there yet, have words', async () => {
    await show('procedures.empty');
    expect(document.body.textContent).toContain('No active procedure here');
    expect(document.body.textContent).toContain('Receipts of documents you send appear here.');
    cleanup();
    await show('procedures.first');
    expect(screen.getByRole('progressbar', { name: 'Asking the portal…' })).toBeDefined();
    expect(document.body.textContent).not.toContain('not been fetched');
    cleanup();
    const backend = await show('procedures.never');
    const [, refresh] = screen.getAllByRole('button', { name: 'Refresh' });
    refresh?.click();
    expect(backend.dispatched).toEqual([{ type: 'refresh_procedures' }]);
  });

  it('have their receipts, with all that proves', async () => {
    await show('procedures.several');
    expect(screen.queryByRole('button', { name: /^Diploma/ })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Show all 6' }));
    expect(screen.getByRole('button', { name: /^Diploma/ })).toBeDefined();
    const row = screen.getByRole('button', { name: /^Birth certificate/ });
    for (const words of ['Application for a study grant', '2 pages', '410 kB', 'K7M2-94QD']) expect(row.textContent).toContain(words);
    await fireEvent.click(row);
    const sheet = screen.getByRole('dialog', { name: 'Birth certificate' });
    for (const words of ['K7M2-94QD', '410 kB', 'Private eSpace', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08']) {
      expect(sheet.textContent).toContain(words);
    }
    expect(sheet.querySelector('details')?.open).toBe(true);
    await fireEvent.click(within(sheet).getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('home', () => {
  it('of an unlinked phone says what linking is worth', async () => {
    const backend = await show('home.first');
    expect(document.body.textContent).toContain('See your procedures here and add documents without a code.');
    screen.getByRole('button', { name: 'Link your account' }).click();
    expect(backend.dispatched).toEqual([{ type: 'link_account' }]);
  });

  it('of a linked one greets, and has what is asked for', async () => {
    const backend = await show('home.linked');
    expect(document.body.textContent).toContain('Hello, M… Weber');
    expect(screen.queryByRole('button', { name: 'Link your account' })).toBeNull();
    screen.getByRole('button', { name: 'Attach: Bank details, Application for a study grant' }).click();
    screen.getByRole('button', { name: 'My procedures' }).click();
    expect(backend.dispatched).toEqual([{ type: 'fill_slot', procedure: 'p1', slot: 's3' }, { type: 'open_procedures' }]);
  });

  it('has words for nothing asked', async () => {
    await show('home.linked_nothing');
    expect(document.body.textContent).toContain('No document is asked for at the moment.');
  });
});

describe('settings', () => {
  it('of a linked phone', async () => {
    const backend = await show('settings.linked');
    for (const words of ['Folio Portal', 'M… Weber', "Marie's Pixel"]) expect(document.body.textContent).toContain(words);
    await fireEvent.click(screen.getByRole('switch', { name: 'Unlock with biometrics' }));
    await fireEvent.click(screen.getByRole('radio', { name: '5 min' }));
    await fireEvent.click(screen.getByRole('radio', { name: 'At once' }));
    screen.getByRole('button', { name: 'Change the password' }).click();
    screen.getByRole('button', { name: 'Unlink this phone' }).click();
    expect(backend.dispatched).toEqual([
      { type: 'deactivate_biometrics' },
      { type: 'set_auto_lock', after: 'after_five_minutes' },
      { type: 'set_auto_lock', after: 'immediately' },
      { type: 'open_change_password' },
      { type: 'unlink' },
    ]);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: '1 min' })).toBeDefined();
  });

  it('switch biometrics on, and not twice', async () => {
    const backend = await show('settings.biometrics_failed');
    await fireEvent.click(screen.getByRole('switch', { name: 'Unlock with biometrics' }));
    expect(backend.dispatched).toEqual([{ type: 'activate_biometrics' }]);
    await next(backend, 'settings.switching');
    await fireEvent.click(screen.getByRole('switch', { name: 'Unlock with biometrics' }));
    expect(backend.dispatched).toHaveLength(1);
  });

  it('have no switch without a sensor', async () => {
    await show('settings.no_sensor');
    expect(screen.queryByRole('switch', { name: 'Unlock with biometrics' })).toBeNull();
  });

  it('unlink after a question that says what it costs', async () => {
    const backend = await show('settings.unlinking');
    const question = within(screen.getByRole('dialog', { name: 'Unlink this phone?' }));
    expect(question.getByRole('list', { name: 'This stays' }).textContent).toContain('documents on their way');
    question.getByRole('button', { name: 'Unlink this phone' }).click();
    question.getByRole('button', { name: 'Cancel' }).click();
    expect(backend.dispatched).toEqual([
      { type: 'answer_unlink', yes: true },
      { type: 'answer_unlink', yes: false },
    ]);
    await next(backend, 'settings.unlinking_busy');
    for (const button of question.getAllByRole<HTMLButtonElement>('button')) expect(button.disabled).toBe(true);
    await fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }));
    expect(backend.dispatched).toHaveLength(2);
  });

  it('link where there is no link, and say no word of a lock', async () => {
    const backend = await show('settings.plain');
    screen.getByRole('button', { name: 'Link your account' }).click();
    expect(backend.dispatched).toEqual([{ type: 'link_account' }]);
    expect(screen.queryByRole('button', { name: 'Lock now' })).toBeNull();
    expect(screen.queryByRole('radio', { name: 'At once' })).toBeNull();
  });

  it('say that deleting everything unlinks, where there is a link', async () => {
    await show('settings.linked');
    await fireEvent.click(screen.getByRole('button', { name: 'Delete everything' }));
    expect(screen.getByRole('dialog').textContent).toContain('This phone is unlinked too.');
  });
});

describe('another password', () => {
  const old = () => screen.getByLabelText<HTMLInputElement>('Current password');
  const fresh = () => screen.getByLabelText<HTMLInputElement>('New password');
  const again = () => screen.getByLabelText<HTMLInputElement>('Repeat the password');
  const type = (field: HTMLInputElement, value: string) => fireEvent.input(field, { target: { value } });

  it('needs the old one and the new one twice', async () => {
    const backend = await show('change-password.plain');
    expect([old().autocomplete, fresh().autocomplete]).toEqual(['current-password', 'new-password']);
    submit();
    await settle();
    expect(document.activeElement).toBe(old());
    await type(old(), 'old words');
    submit();
    await settle();
    expect(document.activeElement).toBe(fresh());
    await type(fresh(), 'new words');
    submit();
    await settle();
    expect(document.activeElement).toBe(again());
    expect(backend.dispatched).toEqual([]);
    await type(again(), 'new words');
    submit();
    expect(backend.dispatched).toEqual([{ type: 'change_password', old: 'old words', new: 'new words' }]);
    await next(backend, 'change-password.busy');
    submit();
    expect(backend.dispatched).toHaveLength(1);
  });

  it('keeps the new one when the old one was wrong', async () => {
    const backend = await show('change-password.plain');
    await type(old(), 'wrong');
    await type(fresh(), 'new words');
    await next(backend, 'change-password.wrong');
    expect([old().value, fresh().value]).toEqual(['', 'new words']);
    expect(document.activeElement).toBe(old());
    expect(spoken()).toContain('4 more tries, then there is a wait.');
  });

  it('waits after too many tries', async () => {
    const backend = await show('change-password.wait');
    await settle();
    expect(old().disabled).toBe(true);
    expect(screen.getByRole('timer').textContent).toMatch(/^4:\d\d$/);
    submit();
    expect(backend.dispatched).toEqual([]);
  });

  it('that is too weak is said', async () => {
    await show('change-password.unfit');
    await settle();
    expect(spoken()).toContain('This new password is too weak');
  });

  describe('is judged', () => {
    beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
    afterEach(() => vi.useRealTimers());
    it('while it is typed', async () => {
      const backend = await show('change-password.plain');
      await type(fresh(), 'new words');
      vi.advanceTimersByTime(260);
      expect(backend.dispatched).toEqual([{ type: 'judge_password', password: 'new words' }]);
      await next(backend, 'change-password.plain', viewed({ judged: { strength: 'fair', unfit: null } }));
      expect(document.body.textContent).toContain('Strength: fair');
    });
  });
});

describe('check', () => {
  it('compares nothing on the owner’s own phone', async () => {
    await show('check.own');
    expect(document.querySelector('.digits')).toBeNull();
    expect(document.body.textContent).not.toContain('must show the same number');
  });

  it('warns of another account’s code', async () => {
    await show('check.other_account');
    await settle();
    const words = 'This code belongs to another account than the one this phone is linked to';
    expect(document.body.textContent).toContain(words);
    expect(spoken()).toBe(`${words}. Continue only if you know whose procedure this is.`);
    expect(document.querySelector('.digits')?.textContent).toBe('47');
  });
});

describe('the tester’s panel', () => {
  it('says how the sensor is answered', async () => {
    await show('home.first', { tester: true });
    screen.getByRole('button', { name: 'Test' }).click();
    await waitFor(() => screen.getByRole('dialog'));
    const sensor = screen.getByRole<HTMLSelectElement>('combobox');
    expect([...sensor.options].map((option) => option.value)).toEqual(['yes', 'no', 'cancelled', 'enrolment_changed', 'absent']);
    await fireEvent.change(sensor, { target: { value: 'enrolment_changed' } });
    await waitFor(() => expect(screen.getByRole<HTMLSelectElement>('combobox').value).toBe('enrolment_changed'));
  });
});
