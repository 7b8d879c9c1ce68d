// The room Simulate: an operator looks for the N and K of a hall. Nothing here needs the server but its files.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { expectAccessible, expectNoSideways, openBrowser, openPage, startServer } from './harness.mjs';

let server;
let browser;
before(async () => {
  server = await startServer();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Small enough to be over in a moment. */
const SMALL = 'v=1&duration_seconds=900&arrivals.0.people=300&arrivals.0.late_seconds=60';

/** A page in the room, where films do not start by themselves: it shows the end once that is known. */
async function openRoom(query = SMALL, options = {}) {
  const page = await openPage(browser, { reducedMotion: 'reduce', ...options });
  page.elsewhere = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith('blob:')) page.elsewhere.push(request.url());
  });
  await page.goto(`${server.url}/#/simulate${query === '' ? '' : `?${query}`}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

const hash = (page, lane = 0) => page.getByTestId(`hash-${lane}`).innerText();
const figures = (page) => Promise.all(['waiting-0', 'active-0', 'held-0', 'sold-0'].map((id) => page.getByTestId(id).innerText()));
const clock = (page) => page.getByTestId('clock').innerText();

/** Until the film stands where it was sent. */
async function standsAt(page, time) {
  await page.getByTestId('clock').filter({ hasText: new RegExp(`^${time}$`) }).waitFor();
  // The figures come with the next frame.
  await page.waitForTimeout(400);
}

async function seekTo(page, seconds) {
  const slider = page.getByRole('slider', { name: /Time|시각/ });
  await slider.evaluate((input, millis) => {
    input.value = String(millis);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, seconds * 1000);
}

async function leave(page) {
  assert.deepEqual(page.errors, []);
  assert.deepEqual(page.elsewhere ?? [], []);
  await page.context().close();
}

test('a preset plays, is paused and stepped, and tells what comes of it', async () => {
  const page = await openRoom('', { reducedMotion: 'no-preference' });
  await page.getByRole('button', { name: 'Sold out in 3 minutes' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.waitForFunction(() => {
    const room = document.querySelector('frontrow-app').shadowRoot.querySelector('simulate-room').shadowRoot;
    const tiles = room.querySelector('film-stage')?.shadowRoot.querySelector('figure-tiles')?.shadowRoot;
    return Number(tiles?.querySelector('[data-testid=sold-0]')?.textContent.replaceAll(',', '') ?? 0) > 10;
  });
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  const before = await clock(page);
  await page.getByRole('button', { name: 'Step' }).click();
  await expectAccessible(page, 'paused');
  assert.equal(await clock(page) >= before, true);
  await page.getByRole('button', { name: '×1,000' }).click();
  await page.getByRole('button', { name: 'To the end' }).click();
  await page.getByText('Over', { exact: true }).waitFor();
  assert.match(await page.locator('[data-finding=sold_out]').innerText(), /Sold out (2|3) min/);
  assert.equal(await page.getByTestId('invariants').innerText(), 'All 11 hold');
  assert.match(await page.getByText("Little's law").innerText(), /L = λW holds/);
  assert.equal(await page.getByTestId('sell_through-0').innerText(), '100%');
  await page.getByRole('img', { name: '604 seats sold, 0 held, 0 free' }).waitFor();
  assert.match(await page.getByTestId('refused-seat_taken-0').innerText(), /^[\d,]+$/);
  for (const measure of ['wait_p50', 'wait_p95', 'wait_p99', 'eta_p50', 'eta_p95']) assert.match(await page.getByTestId(`${measure}-0`).innerText(), /min|sec/);
  await leave(page);
});

test('going back gives the same figures again', async () => {
  const page = await openRoom();
  await page.getByText('Over', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'To the start' }).click();
  await standsAt(page, '0:00');
  await seekTo(page, 360);
  await standsAt(page, '6:00');
  const [first, crowd] = [await figures(page), await page.getByRole('img', { name: /The crowd as dots/ }).getAttribute('aria-label')];
  assert.notEqual(first[3], '0');
  await page.getByRole('button', { name: 'To the end' }).click();
  await page.getByText('Over', { exact: true }).waitFor();
  assert.notDeepEqual(await figures(page), first);
  await seekTo(page, 360);
  await standsAt(page, '6:00');
  assert.deepEqual(await figures(page), first);
  assert.equal(await page.getByRole('img', { name: /The crowd as dots/ }).getAttribute('aria-label'), crowd);
  await leave(page);
});

test('a changed number is simulated at once, and its link repeats it to the event', async () => {
  const page = await openRoom();
  const was = await hash(page);
  const field = page.getByRole('textbox', { name: 'K: people at once' });
  await field.fill('3');
  await page.waitForFunction((old) => {
    const room = document.querySelector('frontrow-app').shadowRoot.querySelector('simulate-room').shadowRoot;
    const now = room.querySelector('outcome-panel')?.shadowRoot.querySelector('[data-testid=hash-0]')?.textContent;
    return now !== undefined && now !== null && now !== old;
  }, was);
  await page.getByRole('button', { name: 'Compare with a twin' }).click();
  await page.getByRole('textbox', { name: 'N: let in every' }).fill('4');
  await page.getByTestId('versus').getByText('N: let in every: 4 instead of 10').waitFor();
  const hashes = [await hash(page, 0), await hash(page, 1)];
  assert.notEqual(hashes[0], hashes[1]);
  assert.match(page.url(), /v=1&duration_seconds=900&admission\.batch_size=3&.*&b&b\.admission\.interval_seconds=4$/);
  const other = await openPage(browser, { locale: 'ko-KR', reducedMotion: 'reduce' });
  await other.goto(page.url());
  assert.deepEqual([await hash(other, 0), await hash(other, 1)], hashes);
  await leave(other);
  await leave(page);
});

test('a twin meets the same arrivals, and what it changes is told in words', async () => {
  const page = await openRoom(`${SMALL}&admission.batch_size=2&b&b.admission.batch_size=40`);
  const versus = page.getByTestId('versus');
  await versus.getByText(/K: people at once: 40 instead of 2/).waitFor();
  await versus.getByText(/Wait, half of people \(p50\): .* instead of .*/).waitFor();
  assert.ok((await versus.getByText('better', { exact: true }).count()) > 0);
  // Arrivals belong to both.
  await page.getByRole('button', { name: 'B', exact: true }).first().click();
  assert.ok(await page.locator('input[name="arrivals.0.people"]').isDisabled());
  await page.getByRole('group', { name: 'Which sale to look at' }).getByRole('button', { name: 'B' }).click();
  await expectAccessible(page, 'twin');
  await page.getByRole('button', { name: 'Drop the twin' }).click();
  await versus.waitFor({ state: 'detached' });
  await leave(page);
});

test('a person is chosen on the map, by number or by fate, and their story is read', async () => {
  const page = await openRoom();
  await page.getByText('Over', { exact: true }).waitFor();
  await page.getByRole('spinbutton', { name: 'Person no.' }).fill('7');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Person 7', exact: true }).waitFor();
  await page.getByText(/Joins the line at place 7\./).waitFor();
  await page.getByRole('button', { name: /^Bought [\d,]+$/ }).click();
  await page.getByText(/The seats are theirs\./).waitFor();
  await page.locator('crowd-map canvas').click({ position: { x: 5, y: 5 } });
  await page.getByRole('heading', { name: 'Person 1', exact: true }).waitFor();
  await expectAccessible(page, 'story');
  await page.locator('person-story').getByRole('button', { name: 'Close' }).click();
  await page.locator('person-story').waitFor({ state: 'detached' });
  await leave(page);
});

test('a sweep runs value by value, and a value is kept', async () => {
  const page = await openRoom();
  const sweep = page.locator('sweep-panel');
  await sweep.getByRole('textbox', { name: 'Values' }).fill('0');
  await sweep.getByRole('button', { name: 'Run the sweep' }).click();
  await sweep.getByText('Must be 1 to 1,000,000').waitFor();
  await sweep.getByRole('textbox', { name: 'Values' }).fill('2, 10-30/10');
  await sweep.getByRole('button', { name: 'Run the sweep' }).click();
  await sweep.getByTestId('sweep-30-wait_p50').waitFor();
  assert.equal(await sweep.locator('tbody tr').count(), 4);
  assert.notEqual(await sweep.getByTestId('sweep-2-wait_p50').innerText(), await sweep.getByTestId('sweep-30-wait_p50').innerText());
  // The same value as the scenario's own has the same figures.
  assert.equal(await sweep.getByTestId('sweep-20-wait_p95').innerText(), await page.getByTestId('wait_p95-0').innerText());
  await expectAccessible(page, 'sweep');
  await sweep.getByRole('button', { name: 'Use 30' }).click();
  assert.equal(await page.getByRole('textbox', { name: 'K: people at once' }).inputValue(), '30');
  await leave(page);
});

test('curve, scenario and picture are taken along', async () => {
  const page = await openRoom();
  const expected = await hash(page);
  const taken = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return readFile(await download.path());
  };
  const rows = (await taken('Curve (CSV)')).toString().trimEnd().split('\r\n');
  assert.equal(rows[0], 'at_second,came,waiting,active,held,sold');
  assert.ok(rows.length > 50);
  const whole = JSON.parse((await taken('Scenario and report (JSON)')).toString());
  assert.equal(whole.report.event_hash, expected);
  assert.equal(whole.scenario.arrivals[0].people, 300);
  assert.ok(whole.link.endsWith(SMALL) || whole.link.includes('v=1&duration_seconds=900'));
  const picture = await taken('Chart (PNG)');
  assert.deepEqual([...picture.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  assert.ok(picture.length > 8000);
  await leave(page);
});

test('what makes no sense is said at its field, and what ran goes on', async () => {
  const page = await openRoom();
  const was = await hash(page);
  await page.getByRole('textbox', { name: 'N: let in every' }).fill('0');
  await page.getByText('Must be 1 to 86,400').waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'N: let in every' }).getAttribute('aria-invalid'), 'true');
  await page.getByRole('textbox', { name: 'N: let in every' }).fill('10');
  // Only the engine knows that a sale must open before it ends.
  await page.getByText('Time and chance').click();
  await page.getByRole('textbox', { name: 'Sale opens after' }).fill('900');
  const field = page.locator('number-field', { has: page.getByRole('textbox', { name: 'Sale opens after' }) });
  await field.getByText('Must be 0 to 899').waitFor();
  await expectAccessible(page, 'problem');
  assert.equal(await hash(page), was);
  await page.getByRole('textbox', { name: 'Sale opens after' }).fill('100');
  await field.getByText('Must be 0 to 899').waitFor({ state: 'detached' });
  await leave(page);
});

test('a link that makes no sense is no crash: its field says why', async () => {
  const page = await openRoom('v=1&people.patience=%7B%22kind%22:%22log_normal%22,%22median_seconds%22:0,%22sigma_percent%22:9%7D&nonsense=1');
  await page.getByText(/Parts of this link mean nothing here.*nonsense=1/).waitFor();
  await page.getByText(/This scenario cannot run yet: .*Must be 1 to 604,800/).waitFor();
  const crowded = await openRoom('v=1&arrivals.0.people=5000000');
  await crowded.getByText(/This scenario cannot run yet: .*Must be 1 to 1,000,000/).waitFor();
  await leave(crowded);
  await page.getByRole('button', { name: 'K too high' }).click();
  await page.locator('[data-finding=k_too_high]').waitFor();
  await leave(page);
});

test('an invariant that breaks stops the run, with a link that repeats it', async () => {
  const page = await openPage(browser, { reducedMotion: 'reduce' });
  // The engine's frames, as if the rules had let somebody overtake after six minutes.
  await page.addInitScript(() => {
    const { Worker } = globalThis;
    globalThis.Worker = class extends Worker {
      addEventListener(type, listener) {
        super.addEventListener(type, (event) => {
          for (const lane of event.data?.value?.lanes ?? []) if (event.data.value.millis >= 360_000) lane.broken = 'no_overtaking';
          listener(event);
        });
      }
    };
  });
  await page.goto(`${server.url}/#/simulate?${SMALL}`);
  const alert = page.getByRole('alert');
  await alert.getByText('An invariant is broken').waitFor();
  await alert.getByText(/“Nobody overtakes” does not hold/).waitFor();
  assert.match(await page.getByTestId('repeat').getAttribute('href'), /^#\/simulate\?v=1&duration_seconds=900&arrivals\.0\.people=300&arrivals\.0\.late_seconds=60&at=\d+$/);
  assert.ok(await page.getByRole('button', { name: /^Play/ }).isDisabled());
  await expectAccessible(page, 'broken');
  await page.getByTestId('repeat').click();
  await alert.getByText('An invariant is broken').waitFor();
  await leave(page);
});

test('the keyboard alone is enough', async () => {
  const page = await openRoom();
  await page.getByText('Over', { exact: true }).waitFor();
  const focused = () => page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return `${element?.getAttribute('aria-label') ?? ''} ${element?.getAttribute('name') ?? ''} ${element?.textContent ?? ''}`;
  });
  const tabTo = async (name, key = 'Tab') => {
    for (let presses = 0; presses < 120; presses += 1) {
      await page.keyboard.press(key);
      if ((await focused()).includes(name)) return;
    }
    assert.fail(`the tab key does not reach ${name}`);
  };
  await tabTo('admission.batch_size');
  const was = await hash(page);
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.getByRole('textbox', { name: 'K: people at once' }).inputValue(), '21');
  await page.waitForFunction((old) => {
    const room = document.querySelector('frontrow-app').shadowRoot.querySelector('simulate-room').shadowRoot;
    const now = room.querySelector('outcome-panel')?.shadowRoot.querySelector('[data-testid=hash-0]')?.textContent;
    return now !== undefined && now !== null && now !== old;
  }, was);
  await tabTo('To the start');
  await page.keyboard.press('Enter');
  await standsAt(page, '0:00');
  await tabTo('Time');
  for (const key of ['PageUp', 'PageUp', 'ArrowRight', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key);
  await standsAt(page, '2:10');
  await tabTo('person');
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Person 3', exact: true }).waitFor();
  await tabTo('path');
  await tabTo('Run the sweep');
  await tabTo('Copy the link');
  await leave(page);
});

test('a phone scrolls in one direction only, in Korean and in the dark', async () => {
  const page = await openRoom(`${SMALL}&b&b.admission.batch_size=5`, { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ko-KR' });
  assert.equal(await page.locator('html').getAttribute('lang'), 'ko');
  await page.getByRole('heading', { name: '우리 공연장에 맞는 N과 K는?' }).waitFor();
  await page.getByTestId('versus').getByText('한 번에 K명: 20 대신 5').waitFor();
  await expectNoSideways(page, 'twin');
  await expectAccessible(page, 'twin');
  await page.getByText('예매 조건').first().click();
  await page.getByRole('textbox', { name: '간격 N' }).fill('0');
  await page.getByText('1부터 86,400까지 입력하세요').waitFor();
  await page.getByText('사람들의 성향').click();
  await page.getByText('공연장', { exact: true }).first().click();
  await expectNoSideways(page, 'form');
  await expectAccessible(page, 'form');
  await page.getByRole('button', { name: '돌려 보기' }).click();
  await page.getByTestId('sweep-20-wait_p50').waitFor();
  await expectNoSideways(page, 'sweep');
  await leave(page);
});

test('what was begun is still there after a visit to another room', async () => {
  const page = await openRoom(`${SMALL}&seed=5`);
  const was = await hash(page);
  await page.getByRole('link', { name: 'Play' }).click();
  await page.waitForURL(/#\/play/);
  await page.getByRole('link', { name: 'Simulate' }).click();
  assert.equal(await hash(page), was);
  assert.match(page.url(), /seed=5/);
  await leave(page);
});
