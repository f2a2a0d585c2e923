/** Every trouble and reason has its words, in every language, with the same placeholders; numbers as each language writes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fill, languageFor, languages, textsIn, type TextKey } from '../texts';

const source = (name: string) => readFileSync(join(import.meta.dirname, '..', 'bindings', `${name}.ts`), 'utf8');
const troubles = [...source('Trouble').matchAll(/"kind": "(\w+)"/g)].map((m) => m[1]);
const reasons = [...source('Reason').matchAll(/"(\w+)"/g)].map((m) => m[1]);
const named = (name: string) => [...source(name).matchAll(/"(\w+)"(?=[ ;|])/g)].map((m) => m[1]);
const hints = [...source('Hint').matchAll(/"(\w+)"/g)].map((m) => m[1]);

describe.each(['en', 'fr', 'de'] as const)('%s', (language) => {
  const words = languages[language] as Record<string, string>;

  it('explains every trouble, reason and hint, and what a lock and a password are told', () => {
    expect(troubles.length).toBeGreaterThan(20);
    const keys = [
      ...troubles.flatMap((kind) => [`problem.${kind}.title`, `problem.${kind}.next`]),
      ...reasons.map((reason) => `reason.${reason}`),
      ...hints.map((hint) => `app.hint.${hint}`),
      ...named('LockTrouble').flatMap((kind) => [`app.lock.trouble.${kind}.title`, `app.lock.trouble.${kind}.next`]),
      ...named('Strength').map((strength) => `app.password.${strength}`),
      ...named('Unfit').map((reason) => `app.password.unfit.${reason}`),
      ...named('AutoLock').map((after) => `app.settings.${after}`),
    ];
    expect(keys.filter((key) => !words[key])).toEqual([]);
    expect([named('LockTrouble').length, named('Strength').length, named('Unfit').length, named('AutoLock').length]).toEqual([8, 4, 3, 3]);
  });

  it('has the keys and placeholders of English', () => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(languages.en).sort());
    const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();
    const differing = Object.entries(languages.en).filter(([key, text]) => String(holes(text)) !== String(holes(words[key] ?? '')));
    expect(differing).toEqual([]);
  });
});

describe('texts', () => {
  it('count as their language does', () => {
    expect(textsIn('en').count('app.pages', 1)).toBe('1 page');
    expect(textsIn('en').count('app.pages', 0)).toBe('0 pages');
    expect(textsIn('fr').count('app.pages', 0)).toBe('0 page');
    expect(textsIn('de').count('app.pages', 3)).toBe('3 Seiten');
  });

  it('write sizes as their language does', () => {
    const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');
    expect(plain(textsIn('en').bytes(620_133))).toBe('620 kB');
    expect(plain(textsIn('fr').bytes(620_133))).toBe('620 ko');
    expect(plain(textsIn('de').bytes(1_250_000))).toBe('1,3 MB');
    expect(plain(textsIn('en').bytes(999_600))).toBe('1 MB');
    expect(plain(textsIn('en').bytes(1))).toBe('1 byte');
  });

  it('write days and times as their language does, the day only where it is not today', () => {
    const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');
    expect(plain(textsIn('en').day('2026-12-15T12:00:00Z'))).toBe('15 Dec 2026');
    expect(plain(textsIn('de').day('2026-12-15T12:00:00Z'))).toBe('15.12.2026');
    const today = new Date();
    today.setHours(14, 32);
    expect(textsIn('en').time(today.toISOString())).toBe('14:32');
    expect(plain(textsIn('fr').time('2020-05-04T12:00:00'))).toContain('4 mai 2020');
  });

  it('leave what nobody filled', () => expect(fill('{a} of {b}', { a: 1 })).toBe('1 of {b}'));

  it('speak the language that was chosen, then the system’s, then English', () => {
    expect(languageFor('de', ['fr-LU'])).toBe('de');
    expect(languageFor(null, ['lb-LU', 'fr-LU', 'de'])).toBe('fr');
    expect(languageFor(null, ['pt-PT'])).toBe('en');
  });

  it('say “Page {n}” with its number', () => expect(textsIn('fr').say('app.page' as TextKey, { n: 4 })).toBe('Page 4'));
});
