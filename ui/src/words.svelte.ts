/** The texts in the language of now: what templates call. Changing the language redraws whatever read a word. */
import type { Language } from './bindings/Language';
import type { Reason } from './bindings/Reason';
import type { Trouble } from './bindings/Trouble';
import { textsIn, type PluralKey, type TextKey, type Values } from './texts';

let texts = $state.raw(textsIn('en'));

export function speak(language: Language): void {
  if (texts.language !== language) texts = textsIn(language);
}

export const say = (key: TextKey, values?: Values): string => texts.say(key, values);
export const count = (key: PluralKey, n: number, values?: Values): string => texts.count(key, n, values);
export const bytes = (n: number): string => texts.bytes(n);
export const moment = (timestamp: string): string => texts.moment(timestamp);
export const day = (timestamp: string): string => texts.day(timestamp);
export const time = (timestamp: string): string => texts.time(timestamp);
export const percent = (fraction: number): string => texts.percent(fraction);

/** What happened, why where a reason is known, and what to do about it. */
export function explain(trouble: Trouble): { title: string; reason: string | null; next: string } {
  const reason: Reason | null = 'reason' in trouble ? trouble.reason : null;
  return {
    title: say(`problem.${trouble.kind}.title`),
    reason: reason && say(`reason.${reason}`),
    next: say(`problem.${trouble.kind}.next`),
  };
}
