import { describe, expect, test } from 'vitest';
import { applied, at, changed, differences } from './changes';
import { FIELDS, parseField, uncomfortable } from './fields';
import { linkOf, readLink } from './link';
import { BASE, PRESETS, preset, presetOf } from './presets';

describe('changes', () => {
  test('differences and applied are each other’s inverse, for every preset', () => {
    for (const from of PRESETS) {
      for (const to of PRESETS) expect(applied(preset(from), differences(preset(from), preset(to)))).toEqual(preset(to));
    }
  });

  test('what changes its shape is one change', () => {
    const fixed = changed(BASE, 'people.think', { kind: 'fixed', seconds: 5 });
    expect(differences(BASE, fixed)).toEqual({ 'people.think': { kind: 'fixed', seconds: 5 } });
    expect(differences(BASE, changed(BASE, 'halls.0.sections.1.rows', 9))).toEqual({ 'halls.0.sections.1.rows': 9 });
  });

  test('a path that leads nowhere changes nothing, not even the prototype', () => {
    for (const path of ['admission.nothing', 'halls.7.sections', '__proto__.polluted', 'seed.x']) {
      expect(changed(BASE, path, 1)).toEqual(BASE);
      expect(at(BASE, path)).toBeUndefined();
    }
  });

  test('the original stays as it is', () => {
    const before = structuredClone(BASE);
    applied(BASE, differences(BASE, preset('bots')));
    expect(BASE).toEqual(before);
  });
});

describe('a link', () => {
  test('brings every preset back, with and without a twin', () => {
    for (const name of PRESETS) {
      const experiment = { scenario: preset(name), twin: { 'admission.batch_size': 7, 'people.think': { kind: 'fixed', seconds: 3 } }, at: 420 };
      expect(readLink(linkOf(experiment))).toEqual({ ...experiment, unread: [] });
      expect(readLink(linkOf({ ...experiment, twin: null, at: null }))).toEqual({ scenario: preset(name), twin: null, at: null, unread: [] });
      expect(readLink(linkOf({ ...experiment, twin: {} }))?.twin).toEqual({});
    }
  });

  test('is short where little differs', () => {
    const scenario = changed(BASE, 'admission.batch_size', 50);
    expect(linkOf({ scenario, twin: { 'admission.batch_size': 100 }, at: null })).toBe('#/simulate?v=1&admission.batch_size=50&b&b.admission.batch_size=100');
    expect(linkOf({ scenario: BASE, twin: null, at: null })).toBe('#/simulate?v=1');
  });

  test('of version 1 means the same for ever', () => {
    const read = readLink('#/simulate?v=1&seed=9&admission.max_active=null&arrivals=%5B%7B%22kind%22:%22burst%22,%22at_second%22:1,%22people%22:5%7D%5D&b&b.holds.hold_seconds=60');
    expect(read?.scenario).toEqual({ ...BASE, seed: 9, admission: { ...BASE.admission, max_active: null }, arrivals: [{ kind: 'burst', at_second: 1, people: 5 }] });
    expect(read?.twin).toEqual({ 'holds.hold_seconds': 60 });
    expect(BASE).toMatchObject({ version: 1, seed: 2026, duration_seconds: 3600, admission: { interval_seconds: 10, batch_size: 20 }, arrivals: [{ people: 1000 }] });
  });

  test('of another version, or with parts that mean nothing here, says so', () => {
    expect(readLink('#/simulate?v=2&seed=9')).toEqual({ scenario: BASE, twin: null, at: null, unread: ['v=2&seed=9'] });
    expect(readLink('#/simulate?v=1&seed=9&admission.x=1&holds=%7B&b.seat=1')).toMatchObject({ scenario: { seed: 9 }, unread: ['holds=%7B', 'admission.x=1', 'b.seat=1'] });
    expect(readLink('#/simulate')).toBeNull();
  });
});

describe('presets and fields', () => {
  test('every preset is known by its name, and nothing else is', () => {
    expect(PRESETS.map((name) => presetOf(preset(name)))).toEqual(PRESETS);
    expect(presetOf(changed(BASE, 'seed', 1))).toBeNull();
  });

  test('every field stands in the scenario', () => {
    for (const { path } of Object.values(FIELDS).flat()) expect(at(BASE, path), path).not.toBeUndefined();
  });

  test('what is no whole number within the bounds is refused', () => {
    const [interval, , most] = FIELDS.admission;
    if (interval === undefined || most === undefined) throw new Error('fields have moved');
    expect(parseField(interval, '12')).toEqual({ value: 12 });
    for (const written of ['', '0', '1.5', 'x', '86401', '-3']) expect(parseField(interval, written)).toEqual({ reason: 'must be 1 to 86400' });
    expect(parseField(most, '')).toEqual({ value: null });
  });

  test('a link with more people than a browser likes is stopped at its field', () => {
    expect(uncomfortable(BASE)).toBeNull();
    expect(uncomfortable(changed(BASE, 'arrivals.0.people', 5_000_000))?.path).toBe('arrivals.0.people');
    expect(uncomfortable(changed(BASE, 'arrivals', [{ kind: 'recorded', from_second: 0, counts: [2_000_000] }]))?.path).toBe('arrivals');
  });
});
