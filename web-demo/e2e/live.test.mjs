// The room Live: a visitor's whole way, on a real server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { announce, call, chooseByKeys, expectAccessible, expectNoSideways, fairStart, joinAlone, openBrowser, openPage, somebodyHolds, startServer, tabTo } from './harness.mjs';

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

test('a visitor joins, chooses, holds, charges, pays and has a ticket', async () => {
  await announce(server, 'Story');
  const page = await openPage(browser);
  await joinAlone(page, server, 'Story');
  await expectAccessible(page, 'seats');
  await chooseByKeys(page, 'Enter', 'ArrowRight', 'Enter');
  await page.getByText('R-1-1, R-1-2').waitFor();
  await page.getByRole('button', { name: 'Hold these seats' }).click();
  assert.match(await page.getByTestId('countdown').innerText(), /^(5:00|4:5\d)$/);
  assert.ok(await page.getByRole('button', { name: 'Pay ₩308,000' }).isDisabled());
  await expectAccessible(page, 'hold');
  await page.getByRole('button', { name: 'What is missing: ₩308,000' }).click();
  await page.getByRole('button', { name: 'Charge', exact: true }).click();
  await page.getByTestId('balance').getByText('₩308,000').waitFor();
  await page.getByRole('button', { name: 'Pay ₩308,000' }).click();
  await page.getByRole('heading', { name: 'These seats are yours' }).waitFor();
  assert.equal(await page.getByTestId('ticket-seats').innerText(), 'R-1-1, R-1-2');
  await page.waitForTimeout(700);
  await expectAccessible(page, 'ticket');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a seat that somebody else took is said, in Korean, and the rest goes on', async () => {
  const sale = await announce(server, 'Taken');
  const page = await openPage(browser, { locale: 'ko-KR' });
  await joinAlone(page, server, 'Taken', { join: '대기열 입장' });
  assert.equal(await page.locator('html').getAttribute('lang'), 'ko');
  await chooseByKeys(page, 'Enter');
  await somebodyHolds(server, sale, [1]);
  await page.getByRole('alert').getByText('이미 선택된 좌석입니다.').waitFor();
  await page.getByRole('alert').getByText('R-1-1').waitFor();
  await chooseByKeys(page, 'ArrowRight', 'Enter');
  await page.getByRole('button', { name: '좌석 잡기' }).click();
  await page.getByRole('heading', { name: '시간 안에 결제하세요' }).waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('the keyboard alone is enough, and a reload loses nothing', async () => {
  await announce(server, 'Keys');
  const page = await openPage(browser);
  await page.goto(`${server.url}/#/live`);
  await page.getByRole('heading', { name: 'Keys' }).waitFor();
  await page.getByRole('checkbox').focus();
  await page.keyboard.press('Space');
  await tabTo(page, 'Keys');
  await page.keyboard.press('Enter');
  await page.getByRole('grid').waitFor();
  await tabTo(page, 'Seat map');
  for (const key of ['ArrowDown', 'End', 'Enter']) await page.keyboard.press(key);
  await page.getByText('R-2-12').first().waitFor();
  await tabTo(page, 'Hold these seats');
  await page.keyboard.press('Enter');
  await page.getByTestId('countdown').waitFor();
  await page.reload();
  await page.getByTestId('countdown').waitFor();
  await tabTo(page, 'Choose others');
  await page.keyboard.press('Enter');
  await page.getByRole('grid').waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a phone scrolls in one direction only, in the dark too', async () => {
  await announce(server, 'Phone', { seats: 24 });
  const page = await openPage(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ko-KR' });
  await page.goto(`${server.url}/#/live`);
  await page.getByRole('heading', { name: 'Phone' }).waitFor();
  await expectNoSideways(page, 'lobby');
  await expectAccessible(page, 'lobby');
  await joinAlone(page, server, 'Phone', { join: '대기열 입장' });
  await expectNoSideways(page, 'map');
  await expectAccessible(page, 'map');
  await page.getByRole('button', { name: '목록' }).click();
  await expectNoSideways(page, 'list');
  await expectAccessible(page, 'list');
  await page.getByRole('button', { name: '추천 2석' }).click();
  await page.getByTestId('countdown').waitFor();
  await expectNoSideways(page, 'hold');
  await expectAccessible(page, 'hold');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a hold that ran out is said, and one chooses again', async () => {
  await announce(server, 'Lapse', { holdSeconds: 2 });
  const page = await openPage(browser);
  await joinAlone(page, server, 'Lapse');
  await page.getByRole('button', { name: 'Best 2' }).click();
  await page.getByTestId('countdown').waitFor();
  await page.getByRole('alert').getByText('The hold on this seat has expired.').waitFor();
  await page.getByRole('grid').waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a crowd stands in line before one, and the place falls', async () => {
  await announce(server, 'Crowd', { batch: 5, rows: 12 });
  const page = await openPage(browser, { reducedMotion: 'reduce' });
  await page.goto(`${server.url}/#/live`);
  await page.locator('article', { hasText: 'Crowd' }).getByRole('button').click();
  const position = page.getByTestId('position');
  await position.waitFor();
  const first = Number(await position.innerText());
  assert.ok(first > 1, `place ${first}`);
  await expectAccessible(page, 'queue');
  await page.waitForFunction((was) => {
    const panel = document.querySelector('frontrow-app')?.shadowRoot?.querySelector('live-room')?.shadowRoot?.querySelector('journey-screens')?.shadowRoot?.querySelector('queue-panel');
    const place = panel?.shadowRoot?.querySelector('[data-testid=position]');
    return place === null || place === undefined || Number(place.textContent) < was;
  }, first);
  await page.getByRole('grid').waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a place is told as it changes, however seldom one would ask', async () => {
  const { concert } = await announce(server, 'Told');
  await call(server, `/v1/concerts/${concert.id}`, { method: 'PATCH', bearer: server.admin, body: { paused: true } });
  const ahead = [];
  for (let person = 0; person < 2; person += 1) {
    const session = await call(server, '/v1/demo/sessions', { method: 'POST' });
    ahead.push(await call(server, `/v1/concerts/${concert.id}/queue-tokens`, { method: 'POST', bearer: session.token }));
  }
  const page = await openPage(browser);
  await page.goto(`${server.url}/#/live`);
  await page.getByRole('checkbox').uncheck();
  await page.locator('article', { hasText: 'Told' }).getByRole('button', { name: 'Join the queue' }).click();
  await page.getByTestId('position').getByText('3').waitFor();
  const leave = { method: 'DELETE', headers: { 'x-queue-token': ahead[0].token } };
  assert.equal((await fetch(`${server.url}/v1/queue-tokens/current`, leave)).status, 204);
  // With the sale paused it would ask again in most of a minute.
  await page.getByTestId('position').getByText('2').waitFor({ timeout: 15_000 });
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('who joins before the opening is drawn, checks the draw and gets in', async () => {
  // Given a sale that opens in a moment, and somebody else who joined
  const page = await openPage(browser);
  const { concert } = await announce(server, 'Fair', { opening: fairStart({ saleOpensIn: 9 }) });
  const other = await call(server, '/v1/demo/sessions', { method: 'POST' });
  await call(server, `/v1/concerts/${concert.id}/queue-tokens`, { method: 'POST', bearer: other.token });
  await page.goto(`${server.url}/#/live`);
  await page.getByRole('checkbox').uncheck();
  const card = page.locator('article', { hasText: 'Fair' });
  await card.getByText('Places are drawn when the sale opens').waitFor();
  await card.getByRole('button', { name: 'Join the queue' }).click();
  await page.getByRole('heading', { name: 'You are in the draw' }).waitFor();
  assert.equal(await page.getByTestId('arrival').innerText(), '2');
  assert.equal(await page.getByTestId('position').count(), 0);
  const { prequeue } = await call(server, `/v1/concerts/${concert.id}`);
  assert.equal(await page.getByTestId('commitment').locator('code').getAttribute('title'), prequeue.commitment);
  assert.deepEqual([prequeue.seed, prequeue.arrivals], [null, null]);

  // When the sale opens
  await page.getByText(/^You drew number [12] of 2$/).waitFor();
  await page.getByRole('button', { name: 'Check the draw' }).click();

  // Then the number is computed anew, and one is let in
  await page.getByTestId('draw-verdict').getByText('The draw is right.').waitFor();
  const drawn = await call(server, `/v1/concerts/${concert.id}`);
  await page.getByTitle(drawn.prequeue.seed).waitFor();
  await page.getByRole('grid').waitFor();
  await page.getByText(/^You drew number [12] of 2$/).waitFor();
  await expectAccessible(page, 'a draw that was checked');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a queue that is not open yet says so, and the draw fits a phone in the dark', async () => {
  const page = await openPage(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ko-KR' });
  await announce(server, 'Early', { opening: fairStart({ queueOpensIn: 9, saleOpensIn: 120, beacon: '로또 1등 번호' }) });
  await page.goto(`${server.url}/#/live`);
  await page.getByRole('checkbox').uncheck();
  const card = page.locator('article', { hasText: 'Early' });
  await card.getByText(/^대기열은 0:0\d 후에 열립니다\.$/).waitFor();
  assert.ok(await card.getByRole('button').isDisabled());
  await expectNoSideways(page, 'a queue that is not open');
  // A click waits until the button can be pressed.
  await card.getByRole('button', { name: '대기열 입장' }).click();
  await page.getByRole('heading', { name: '추첨에 참여했습니다' }).waitFor();
  await page.getByRole('heading', { name: '로또 1등 번호' }).waitFor();
  await expectNoSideways(page, 'the draw');
  await expectAccessible(page, 'the draw');
  await page.reload();
  await page.getByTestId('arrival').waitFor();
  await tabTo(page, '커밋먼트');
  await tabTo(page, '대기열 나가기');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
