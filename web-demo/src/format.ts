/** Numbers, money and times as people write them. */

import type { Locale } from './stores/settings';

const TAGS: Record<Locale, string> = { ko: 'ko-KR', en: 'en-US' };

export function formatNumber(value: number, locale: Locale): string {
  return new Intl.NumberFormat(TAGS[locale]).format(value);
}

/** An amount in minor units: won has none, dollars have cents. */
export function formatMoney(minor: number, currency: string, locale: Locale): string {
  const format = new Intl.NumberFormat(TAGS[locale], { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(minor / 10 ** digits);
}

/** A date and time in the visitor's own zone. */
export function formatDateTime(iso: string, locale: Locale): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: 'long', timeStyle: 'short' };
  return new Intl.DateTimeFormat(TAGS[locale], options).format(new Date(iso));
}

export function formatTime(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(TAGS[locale], { timeStyle: 'medium' }).format(new Date(iso));
}

/** A length of time in words, of at most two units: "2 min 5 sec". */
export function formatDuration(seconds: number, locale: Locale): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, string][] =
    whole >= 3600
      ? [[Math.floor(whole / 3600), 'hour'], [Math.floor((whole % 3600) / 60), 'minute']]
      : [[Math.floor(whole / 60), 'minute'], [whole % 60, 'second']];
  const said = parts.filter(([value], index) => value > 0 || (index === 1 && whole === 0));
  return said
    .map(([value, unit]) => {
      const unitDisplay = locale === 'ko' ? 'long' : 'short';
      return new Intl.NumberFormat(TAGS[locale], { style: 'unit', unit, unitDisplay }).format(value);
    })
    .join(' ');
}

/** A countdown: "4:59", and "1:02:03" above an hour. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const tail = `${hours > 0 ? two(minutes) : minutes}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}
