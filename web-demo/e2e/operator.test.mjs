// The operator's console, on a real server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { announce, call, expectAccessible, expectNoSideways, fairStart, openBrowser, openPage, somebodyHolds, startServer } from './harness.mjs';

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

async function openConsole(page) {
  await page.goto(`${server.url}/#/live/operate`);
  await page.getByLabel('Admin token').fill(server.admin);
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.getByTestId('waiting').waitFor();
}

test('an operator sees the sale move, pauses, resumes, changes K and audits', async () => {
  const sale = await announce(server, 'Console');
  const page = await openPage(browser);
  await openConsole(page);
  assert.equal(await page.getByTestId('available').innerText(), '72');
  await somebodyHolds(server, sale, [1, 2]);
  await page.getByTestId('available').getByText('70').waitFor();
  assert.equal(await page.getByTestId('active').innerText(), '1');
  await page.getByRole('button', { name: 'Pause admission' }).click();
  await page.getByTestId('state').getByText('Paused').waitFor();
  assert.equal((await call(server, `/v1/concerts/${sale.concert.id}`)).state, 'paused');
  await page.getByRole('button', { name: 'Resume admission' }).click();
  await page.getByTestId('state').getByText('On sale').waitFor();
  await page.getByLabel('K people at once').fill('37');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('Applied. It holds from the next admission on.').waitFor();
  const { admission } = await call(server, `/v1/concerts/${sale.concert.id}`);
  assert.deepEqual([admission.batch_size, admission.interval_seconds], [37, 1]);
  await page.getByRole('button', { name: 'Run the audit' }).click();
  await page.getByText('Every invariant holds').first().waitFor();
  await expectAccessible(page, 'console');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('an operator tells the people in line something and drains the queue', async () => {
  // Given a sale that opens in a minute, so that who joins waits and asks every few seconds
  const opens = new Date(Date.now() + 60_000).toISOString();
  const admission = { interval_seconds: 1, batch_size: 1, active_seconds: 600 };
  const body = { title: 'Said', sale_opens_at: opens, admission };
  const concert = await call(server, '/v1/concerts', { bearer: server.admin, body });
  const page = await openPage(browser);
  await openConsole(page);
  const visitor = await openPage(browser, { locale: 'ko-KR' });
  await visitor.goto(`${server.url}/#/live`);
  await visitor.getByRole('checkbox').uncheck();
  await visitor.locator('article', { hasText: 'Said' }).getByRole('button', { name: '대기열 입장' }).click();
  await visitor.getByTestId('position').waitFor();

  await page.getByLabel('In Korean').fill('10분 늦게 시작합니다.');
  await page.getByLabel('In English').fill('We start ten minutes late.');
  await page.getByRole('button', { name: 'Tell them' }).click();
  await page.getByText('The people in line are told.').waitFor();
  await visitor.getByTestId('notice').getByText('10분 늦게 시작합니다.').waitFor();
  await expectAccessible(visitor, 'a notice');
  await page.getByRole('button', { name: 'Take it away' }).click();
  await page.getByText('The notice is gone.').waitFor();
  assert.equal((await call(server, `/v1/concerts/${concert.id}`)).notice, null);

  await page.getByRole('button', { name: 'Drain the queue' }).click();
  await page.getByTestId('draining').waitFor();
  assert.equal((await call(server, `/v1/concerts/${concert.id}`)).draining, true);
  await expectAccessible(page, 'a drained queue');
  await page.getByRole('button', { name: 'Reopen the queue' }).click();
  await page.getByText('People can join again.').waitFor();
  assert.deepEqual([...page.errors, ...visitor.errors], []);
  await visitor.context().close();
  await page.context().close();
});

test('an operator hands in the value that a draw waits for, and people are let in', async () => {
  const page = await openPage(browser);
  const visitor = await openPage(browser);
  const { concert } = await announce(server, 'Beacon', { opening: fairStart({ saleOpensIn: 9, beacon: 'Lottery' }) });
  await visitor.goto(`${server.url}/#/live`);
  await visitor.getByRole('checkbox').uncheck();
  await visitor.locator('article', { hasText: 'Beacon' }).getByRole('button', { name: 'Join the queue' }).click();
  await visitor.getByTestId('arrival').getByText('1').waitFor();

  // The form comes by itself once the sale is open; until the value is there, nobody has a place.
  await openConsole(page);
  await page.getByLabel('Value of “Lottery”').fill('3 14 15 92 65');
  await visitor.getByTestId('until-draw').getByText('Waiting for “Lottery”').waitFor();
  await expectAccessible(page, 'a draw to be held');
  await page.getByRole('button', { name: 'Hold the draw' }).click();
  await page.getByText('The draw was held. People are let in by their numbers.').waitFor();
  assert.equal(await page.getByTestId('beacon-value').innerText(), '3 14 15 92 65');
  const { prequeue } = await call(server, `/v1/concerts/${concert.id}`);
  await page.getByTitle(prequeue.seed).waitFor();

  await visitor.getByText('You drew number 1 of 1').waitFor();
  await visitor.getByRole('grid').waitFor();
  await visitor.getByRole('button', { name: 'Check the draw' }).click();
  await visitor.getByTestId('draw-verdict').getByText('The draw is right.').waitFor();
  await visitor.getByText('3 14 15 92 65').waitFor();
  await expectAccessible(page, 'a draw that was held');
  assert.deepEqual([...page.errors, ...visitor.errors], []);
  await visitor.context().close();
  await page.context().close();
});

test('a visitor’s token does not open the console', async () => {
  const { token } = await call(server, '/v1/demo/sessions', { method: 'POST' });
  const page = await openPage(browser);
  await page.goto(`${server.url}/#/live/operate`);
  await page.getByLabel('Admin token').fill(token);
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.getByRole('alert').getByText('This token does not allow that.').waitFor();
  await expectAccessible(page, 'locked');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('the console fits a phone, and the language and the light can be switched', async () => {
  await announce(server, 'Small');
  const page = await openPage(browser, { viewport: { width: 390, height: 844 } });
  await openConsole(page);
  await expectNoSideways(page, 'console');
  await page.getByRole('button', { name: '한국어' }).click();
  await page.getByRole('button', { name: '입장 일시 정지' }).waitFor();
  await page.getByRole('button', { name: /화면 밝기/ }).click();
  await page.getByRole('button', { name: /화면 밝기/ }).click();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  await page.waitForTimeout(300);
  await expectNoSideways(page, 'console in Korean');
  await expectAccessible(page, 'console in the dark');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
