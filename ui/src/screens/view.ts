/** The part of `View` that one screen draws. What is shown while locked is no view: its folder is `unlock`. */
import type { View } from '../bindings/View';

export type ScreenName = View['screen'];
export type ViewOf<S extends ScreenName> = Extract<View, { screen: S }>;

/** A screen's folder has the variant's name with hyphens. */
export const folderOf = (screen: ScreenName): string => screen.replaceAll('_', '-');

/** The same key: the same visit of the same screen, which is redrawn and not replaced. Each step of linking is one. */
export function visitOf(view: View): string {
  const draft = 'draft' in view ? view.draft : '';
  const page = view.screen === 'edit' ? view.page.page : '';
  const step = view.screen === 'link' ? view.step.step : '';
  return [view.screen, draft, page, step].join(' ');
}
