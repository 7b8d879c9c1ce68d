/** Chooses the words: of the page by language, of a refusal by its code. */

import type { Problem } from '../api/problem';
import { settings, type Locale } from '../stores/settings';
import { en, type Texts } from './en';
import { ko } from './ko';

const TEXTS: Record<Locale, Texts> = { en, ko };

export type { Texts };

/** The words in the visitor's language. */
export function texts(): Texts {
  return TEXTS[settings.value.locale];
}

/** What a refusal says. The server's own text stands in for codes that this page does not know. */
export function problemText(problem: Pick<Problem, 'code' | 'detail'>): string {
  return texts().problem[problem.code] ?? problem.detail;
}
