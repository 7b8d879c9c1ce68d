/** Outcomes as files that other programs read. */

import type { Report, Scenario } from '@frontrow/wasm';

const COLUMNS = ['at_second', 'came', 'waiting', 'active', 'held', 'sold'] as const;

/** The curves as CSV (RFC 4180), a row for each time; a twin's columns follow with the suffix `_b`. */
export function curveCsv(reports: readonly Report[]): string {
  const lanes = reports.map((report, lane) => ({ suffix: lane === 0 ? '' : '_b', bySecond: new Map(report.curve.map((sample) => [sample.at_second, sample])) }));
  const seconds = [...new Set(lanes.flatMap(({ bySecond }) => [...bySecond.keys()]))].sort((one, other) => one - other);
  const [, ...figures] = COLUMNS;
  const head = ['at_second', ...lanes.flatMap(({ suffix }) => figures.map((name) => name + suffix))];
  const rows = seconds.map((second) => [second, ...lanes.flatMap(({ bySecond }) => figures.map((name) => bySecond.get(second)?.[name] ?? ''))]);
  return [head, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** Scenario and report, as `frontrow simulate` takes and gives them. */
export function outcomeJson(outcomes: readonly { scenario: Scenario; report: Report }[], link: string): string {
  const [a, b] = outcomes;
  return `${JSON.stringify(b === undefined ? { link, ...a } : { link, a, b }, null, 2)}\n`;
}

/** Hands a file to the visitor. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken the address by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
