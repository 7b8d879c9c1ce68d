/** Chooses the room's words by language. They are apart from the page's own, since only this room loads them. */

import { settings } from '../stores/settings';
import { simulateEn, type SimulateTexts } from './simulate.en';
import { simulateKo } from './simulate.ko';

export type { SimulateTexts };

export function simulateTexts(): SimulateTexts {
  return settings.value.locale === 'ko' ? simulateKo : simulateEn;
}
