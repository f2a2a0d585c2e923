/** The phone's own camera app, offered where our camera fails: one camera at a time, and ours is tried again afterwards. */
import { cleanup, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hide, next, settle, show } from './show';

const OFFER = { name: "Use the phone's camera app" };
const offer = () => screen.queryByRole('button', OFFER);

/** An app that is in front until `settle` is called. */
function app() {
  let back: (photo: boolean) => void = () => undefined;
  let fail: (code: string) => void = () => undefined;
  const captureWithSystemCamera = () =>
    new Promise<boolean>((resolve, reject) => {
      back = resolve;
      fail = reject;
    });
  return { captureWithSystemCamera, back: (photo: boolean) => back(photo), fail: (code: string) => fail(code) };
}

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('the phone’s camera app', () => {
  it('is offered where the camera fails and nowhere else', async () => {
    await show('camera.failed');
    expect(offer()).not.toBeNull();
    cleanup();
    await show('camera.denied', { permission: 'denied' });
    expect(offer()).toBeNull();
    cleanup();
    await show('camera.steady');
    expect(offer()).toBeNull();
    cleanup();
    await show('camera.failed', { captureWithSystemCamera: null });
    expect(offer()).toBeNull();
  });

  it('opens once, while ours is closed, and ours is tried again', async () => {
    const phone = app();
    const backend = await show('camera.failed', phone);
    await settle();
    backend.cameraCalls.length = 0;
    offer()?.click();
    offer()?.click();
    await settle();
    expect(backend.cameraCalls).toEqual(['stop', 'system camera']);
    phone.back(true);
    await settle();
    expect(backend.cameraCalls).toEqual(['stop', 'system camera', 'start page automatic']);
  });

  it('that hid our app leaves one start to the return', async () => {
    const phone = app();
    const backend = await show('camera.failed', phone);
    await settle();
    backend.cameraCalls.length = 0;
    offer()?.click();
    await settle();
    hide(true);
    await settle();
    hide(false);
    await settle();
    expect(backend.cameraCalls).not.toContain('start page automatic');
    phone.back(false);
    await settle();
    expect(backend.cameraCalls.filter((call) => call.startsWith('start'))).toEqual(['start page automatic']);
  });

  it('that answers while we are out of sight opens nothing', async () => {
    const phone = app();
    const backend = await show('camera.failed', phone);
    await settle();
    offer()?.click();
    await settle();
    hide(true);
    await settle();
    backend.cameraCalls.length = 0;
    phone.back(true);
    await settle();
    expect(backend.cameraCalls.filter((call) => call.startsWith('start'))).toEqual([]);
  });

  it('whose photo led to another screen opens nothing there', async () => {
    const phone = app();
    const backend = await show('camera.failed', phone);
    await settle();
    offer()?.click();
    await settle();
    await next(backend, 'edit');
    backend.cameraCalls.length = 0;
    phone.back(true);
    await settle();
    expect(backend.cameraCalls.filter((call) => call.startsWith('start'))).toEqual([]);
  });

  it('that does not exist is not offered again; one that failed is', async () => {
    const phone = app();
    await show('camera.failed', phone);
    await settle();
    offer()?.click();
    await settle();
    phone.fail('no_picture');
    await settle();
    expect(offer()).not.toBeNull();
    offer()?.click();
    await settle();
    phone.fail('unsupported');
    await settle();
    expect(offer()).toBeNull();
  });
});
