/**
 * Every word a citizen reads, from the one source of texts. Knows languages, plurals and how a language writes numbers; knows no screen.
 */
import type { Language } from './bindings/Language';
import { words as languages, type TextKey } from './bindings/texts';

export { languages, type TextKey };
type PluralOf<K> = K extends `${infer P}.other` ? (`${P}.one` extends TextKey ? P : never) : never;
/** A key with the suffixes `.one` and `.other`. */
export type PluralKey = PluralOf<TextKey>;
export type Values = Record<string, string | number>;

/** What `system` asks for first among what there is; English where it asks for something else. */
export function languageFor(chosen: Language | null, system: readonly string[]): Language {
  if (chosen) return chosen;
  for (const tag of system) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language in languages) return language as Language;
  }
  return 'en';
}

export function fill(template: string, values: Values = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export interface Texts {
  readonly language: Language;
  say(key: TextKey, values?: Values): string;
  /** The form for `n`; `{n}` in it is the number. */
  count(key: PluralKey, n: number, values?: Values): string;
  /** "620 kB". Decimal units, as the systems' own file managers use. */
  bytes(n: number): string;
  /** Day and time in the reader's zone. */
  moment(timestamp: string): string;
  /** Day alone: "15 Dec 2026". */
  day(timestamp: string): string;
  /** Time alone, with the day where it is not today: "14:32". */
  time(timestamp: string): string;
  percent(fraction: number): string;
}

/** Spelling of numbers and dates where Folio is used; for English that of Europe. */
const REGION: Record<Language, string> = { en: 'en-GB', fr: 'fr-LU', de: 'de-LU' };

export function textsIn(language: Language): Texts {
  const region = REGION[language];
  const words = languages[language];
  const rules = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(region);
  const percent = new Intl.NumberFormat(region, { style: 'percent', maximumFractionDigits: 0 });
  const moment = new Intl.DateTimeFormat(region, { dateStyle: 'medium', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(region, { dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(region, { timeStyle: 'short' });
  const sizes = (['byte', 'kilobyte', 'megabyte'] as const).map((unit, i) => {
    const display = unit === 'byte' ? 'long' : 'short';
    return new Intl.NumberFormat(region, {
      style: 'unit',
      unit,
      unitDisplay: display,
      maximumFractionDigits: i === 2 ? 1 : 0,
    });
  });
  return {
    language,
    say: (key, values) => fill(words[key], values),
    count(key, n, values) {
      const form = rules.select(n) === 'one' ? 'one' : 'other';
      return fill(words[`${key}.${form}` as TextKey], { n: number.format(n), ...values });
    },
    bytes(n) {
      const step = n < 1000 ? 0 : n < 999_500 ? 1 : 2;
      return (sizes[step] as Intl.NumberFormat).format(n / 1000 ** step);
    },
    moment: (timestamp) => moment.format(new Date(timestamp)),
    day: (timestamp) => day.format(new Date(timestamp)),
    time(timestamp) {
      const date = new Date(timestamp);
      return (date.toDateString() === new Date().toDateString() ? time : moment).format(date);
    },
    percent: (fraction) => percent.format(fraction),
  };
}
