/** The presets tell the stories that their names promise, on the real engine. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initSync, simulate } from '@frontrow/wasm';
import { beforeAll, expect, test } from 'vitest';
import { findings, type Finding } from '../outcome/insights';
import { measureOf } from '../outcome/measures';
import { preset, type PresetName } from './presets';

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve('@frontrow/wasm/frontrow_wasm_bg.wasm');
  initSync({ module: await readFile(path) });
});

function tell(name: PresetName): { found: Finding['key'][]; millis: number | null; sold: number } {
  const scenario = preset(name);
  const report = simulate(scenario);
  expect([report.invariants.ok, report.littles_law.ok]).toEqual([true, true]);
  return { found: findings(report, scenario).map(({ key }) => key), millis: measureOf('sold_out_after').of(report, scenario), sold: report.seats.sell_through_basis_points };
}

test('a calm sale is smooth', () => expect(tell('calm').found).toContain('smooth'));

test('sold out in 3 minutes', () => {
  const { millis } = tell('three_minutes');
  expect(Math.abs((millis ?? 0) - 180_000)).toBeLessThan(60_000);
});

test('K too high', () => expect(tell('k_too_high').found).toContain('k_too_high'));

test('holds starve sales', () => expect(tell('holds_starve').found).toEqual(expect.arrayContaining(['holds_lapse', 'unsold'])));

test('bots', () => expect(tell('bots').found).toContain('bots'));
