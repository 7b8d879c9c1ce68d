import { expect, test } from 'vitest';
import { formatClock, formatDuration, formatMoney, formatNumber } from './format';

test('won has no minor units, dollars have cents', () => {
  expect(formatMoney(154000, 'KRW', 'ko')).toBe('₩154,000');
  expect(formatMoney(15405, 'USD', 'en')).toBe('$154.05');
});

test('a duration is said in at most two units', () => {
  expect(formatDuration(125, 'en')).toBe('2 min 5 sec');
  expect(formatDuration(125, 'ko')).toBe('2분 5초');
  expect(formatDuration(3660, 'en')).toBe('1 hr 1 min');
  expect(formatDuration(60, 'en')).toBe('1 min');
  expect(formatDuration(0, 'en')).toBe('0 sec');
  expect(formatDuration(-3, 'ko')).toBe('0초');
});

test('a countdown shows a second that has begun', () => {
  expect(formatClock(299.2)).toBe('5:00');
  expect(formatClock(59)).toBe('0:59');
  expect(formatClock(3723)).toBe('1:02:03');
  expect(formatClock(-1)).toBe('0:00');
});

test('numbers are grouped', () => {
  expect(formatNumber(1234567, 'ko')).toBe('1,234,567');
});
