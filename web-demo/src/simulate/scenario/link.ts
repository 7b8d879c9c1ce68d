/**
 * A whole experiment as an address: only what differs from `BASE`, under the version of the scenario's schema.
 * `#/simulate?v=1&admission.batch_size=50&b.admission.batch_size=100&at=420` is BASE with another K, beside
 * a twin with another K yet, at second 420.
 */

import type { Scenario } from '@frontrow/wasm';
import { applied, at, changed, differences, type Changes, type Json } from './changes';
import { BASE } from './presets';

/** The version that this page writes, and the only one so far. */
const VERSION = 1;
const TWIN = 'b.';

export interface Experiment {
  scenario: Scenario;
  /** What the twin differs in; `null` without a twin. */
  twin: Changes | null;
  /** The second to look at, if one is named. */
  at: number | null;
}

export interface ReadLink extends Experiment {
  /** Parts that this page does not understand, as they were written. */
  unread: string[];
}

export function linkOf({ scenario, twin, at: second }: Experiment): string {
  const parts = [`v=${VERSION}`];
  const write = (changes: Changes, prefix: string): void => {
    for (const [path, value] of Object.entries(changes)) parts.push(`${prefix}${path}=${encodeURIComponent(JSON.stringify(value)).replaceAll('%2C', ',').replaceAll('%3A', ':')}`);
  };
  write(differences(BASE, scenario), '');
  if (twin !== null) {
    parts.push('b');
    write(twin, TWIN);
  }
  if (second !== null) parts.push(`at=${second}`);
  return `#/simulate?${parts.join('&')}`;
}

/** `null` if the address names no experiment. What it names may still make no sense: the engine will say so. */
export function readLink(hash: string): ReadLink | null {
  const query = hash.split('?')[1] ?? '';
  if (query === '') return null;
  const read: ReadLink = { scenario: BASE, twin: null, at: null, unread: [] };
  const parts = query.split('&').map((part) => ({ part, ...partOf(part) }));
  if (parts.find(({ path }) => path === 'v')?.value !== VERSION) return { ...read, unread: [query] };
  for (const { part, path, value } of parts.sort((one, other) => rank(one.path) - rank(other.path))) {
    if (path === 'v') continue;
    if (path === 'b') read.twin ??= {};
    else if (path === 'at' && typeof value === 'number' && value >= 0) read.at = value;
    else if (value === undefined || !place(read, path, value)) read.unread.push(part);
  }
  return read;
}

/** Wholes come before their parts, and the scenario before its twin. */
function rank(path: string): number {
  return path.split('.').length + (path.startsWith(TWIN) ? 100 : 0);
}

function partOf(part: string): { path: string; value: Json | undefined } {
  const [path = '', written] = part.split('=', 2);
  try {
    return { path, value: written === undefined ? undefined : (JSON.parse(decodeURIComponent(written)) as Json) };
  } catch {
    return { path, value: undefined };
  }
}

/** Puts a value where the scenario, or its twin, has a place for it. */
function place(read: ReadLink, path: string, value: Json): boolean {
  const forTwin = path.startsWith(TWIN);
  const inside = forTwin ? path.slice(TWIN.length) : path;
  const into = forTwin ? applied(read.scenario, read.twin ?? {}) : read.scenario;
  if (at(into, inside) === undefined) return false;
  if (forTwin) read.twin = { ...read.twin, [inside]: value };
  else read.scenario = changed(read.scenario, inside, value);
  return true;
}
