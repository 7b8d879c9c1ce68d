/** What a visitor prefers: language and light. Kept in the browser. */

import { Store } from './store';

export type Locale = 'ko' | 'en';
export type Theme = 'system' | 'light' | 'dark';

export interface Settings {
  locale: Locale;
  theme: Theme;
}

const LOCALE = 'frontrow.locale';
const THEME = 'frontrow.theme';

/** The language of a visitor whose browser prefers `languages`, unless they chose one. */
export function localeFor(chosen: string | null, languages: readonly string[]): Locale {
  if (chosen === 'ko' || chosen === 'en') return chosen;
  const known = languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'ko' || tag === 'en');
  return known === 'ko' ? 'ko' : 'en';
}

function themeFor(chosen: string | null): Theme {
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

/** Where storage is forbidden, choices last as long as the page. */
function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The page works without.
  }
}

export const settings = new Store<Settings>({
  locale: localeFor(recall(LOCALE), typeof navigator === 'undefined' ? [] : navigator.languages),
  theme: themeFor(recall(THEME)),
});

export function chooseLocale(locale: Locale): void {
  keep(LOCALE, locale);
  settings.set({ locale });
}

export function chooseTheme(theme: Theme): void {
  keep(THEME, theme);
  settings.set({ theme });
}

/** Tells the document what was chosen, for styles and screen readers. */
export function applySettings(root: HTMLElement): void {
  const apply = (): void => {
    root.lang = settings.value.locale;
    root.dataset['theme'] = settings.value.theme;
  };
  settings.subscribe(apply);
  apply();
}
