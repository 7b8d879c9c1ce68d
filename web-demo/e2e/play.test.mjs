// The room Play: an on-sale against a simulated crowd, in the page itself.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chooseByKeys, expectAccessible, expectNoSideways, focused, openBrowser, openPage, playUntilSeats, startServer, tabTo } from './harness.mjs';

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

const number = async (page, id) => Number((await page.getByTestId(id).innerText()).replaceAll(',', ''));

test('a visitor beats the crowd to a seat, and is told how well', async () => {
  const page = await openPage(browser);
  await page.goto(server.url);
  await page.getByRole('article', { name: 'Arena tour' }).waitFor();
  await expectAccessible(page, 'lobby');
  await page.getByRole('button', { name: 'Play: Arena tour' }).click();
  assert.match(page.url(), /#\/play\?level=arena&seed=\d+$/);
  assert.ok((await number(page, 'opens-in')) > 0);
  await page.getByRole('button', { name: 'Join the queue' }).click();
  const place = await number(page, 'position');
  assert.ok(place > 1, `place ${place}`);
  await expectAccessible(page, 'queue');
  await page.getByRole('button', { name: '20 times' }).click();
  await page.getByRole('grid').waitFor();
  // Time runs at its own speed again once there is something to choose.
  assert.equal(await page.getByRole('button', { name: '1 times', exact: true }).getAttribute('aria-pressed'), 'true');
  await expectAccessible(page, 'seats');
  await page.getByRole('button', { name: 'Best 2' }).click();
  assert.match(await page.getByTestId('countdown').innerText(), /^(3:00|2:5\d)$/);
  await page.getByRole('button', { name: /^What is missing/ }).click();
  await page.getByRole('button', { name: 'Charge', exact: true }).click();
  await page.getByRole('button', { name: /^Pay ₩/ }).click();
  await page.getByRole('heading', { name: 'These seats are yours' }).waitFor();
  assert.match(await page.getByTestId('rank').innerText(), /^Faster than [\d.]+% of the crowd$/);
  await page.getByText('Your best time').waitFor();
  await page.waitForTimeout(700);
  await expectAccessible(page, 'ticket');
  assert.ok((await number(page, 'crowd-waiting')) > 100);
  await page.getByRole('button', { name: 'Other levels' }).click();
  await page.getByRole('article', { name: 'Arena tour' }).getByText('Your best: ').waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('seats go while one looks, and the one who wants a taken seat is told', async () => {
  const page = await openPage(browser, { locale: 'ko-KR' });
  await playUntilSeats(page, server, 'arena', { speed: '60배속', accept: '도전 받기', join: '대기열 입장' });
  const free = async () => Number((await page.getByTestId('free').innerText()).replaceAll(/\D/g, ''));
  const before = await free();
  await page.getByRole('button', { name: '20배속' }).click();
  await page.waitForTimeout(3000);
  await page.getByRole('button', { name: '일시 정지' }).click();
  assert.ok((await free()) < before - 20, `${before} seats, then ${await free()}`);
  // People like the front: its first seat is gone by now.
  await chooseByKeys(page, 'Control+Home', 'Enter');
  await page.getByRole('alert').getByText('이미 선택된 좌석입니다.').waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('the same crowd comes again, and nobody is let in while time stands still', async () => {
  const page = await openPage(browser);
  await page.goto(`${server.url}/#/play?level=theatre&seed=7`);
  await page.getByText('Small theatre, crowd no. 7').waitFor();
  await page.getByRole('button', { name: 'Take it on' }).click();
  await page.getByRole('button', { name: 'Join the queue' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  const place = await number(page, 'position');
  const waiting = await number(page, 'crowd-waiting');
  await page.waitForTimeout(1500);
  assert.deepEqual([await number(page, 'position'), await number(page, 'crowd-waiting')], [place, waiting]);
  await page.getByRole('button', { name: 'Leave the queue' }).click();
  await page.getByRole('heading', { name: 'You left the queue' }).waitFor();
  await expectAccessible(page, 'over');
  await page.getByRole('button', { name: 'Same crowd again' }).click();
  await page.getByRole('button', { name: 'Join the queue' }).waitFor();
  assert.match(page.url(), /level=theatre&seed=7$/);
  // The rooms' links lead out of a game, and back to the lobby.
  await page.getByRole('link', { name: 'Play', exact: true }).click();
  await page.getByRole('article', { name: 'Stadium on-sale' }).waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('who takes no seat sees how it ends', async () => {
  const page = await openPage(browser);
  await page.goto(`${server.url}/#/play?level=theatre&seed=7`);
  await page.getByRole('button', { name: 'Take it on' }).click();
  await page.getByRole('button', { name: 'Join the queue' }).click();
  // In line and then inside, without ever taking a seat.
  await page.getByRole('button', { name: '60 times' }).click();
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: '60 times' }).click();
  await page.getByRole('heading', { name: /^(Sold out|Your time ran out)$/ }).waitFor();
  await expectAccessible(page, 'over');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('the keyboard alone is enough', async () => {
  const page = await openPage(browser, { reducedMotion: 'reduce' });
  await page.goto(`${server.url}/#/play?level=theatre&seed=7`);
  await page.getByRole('button', { name: 'Take it on' }).waitFor();
  await tabTo(page, 'Take it on');
  await page.keyboard.press('Enter');
  await page.getByText('It is open!').waitFor();
  assert.match(await focused(page), /Join the queue/, 'the button has the focus from the start');
  await page.keyboard.press('Enter');
  await page.getByTestId('position').waitFor();
  // The speed stands before what one looks at.
  await page.keyboard.press('Shift+Tab');
  assert.match(await focused(page), /60 times/);
  await page.keyboard.press('Enter');
  await page.getByRole('grid').waitFor();
  await tabTo(page, 'Seat map');
  for (const key of ['Control+End', 'Enter', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
  await page.getByText('S-8-25, S-8-26').waitFor();
  await tabTo(page, 'Hold these seats');
  await page.keyboard.press('Enter');
  await page.getByTestId('countdown').waitFor();
  await tabTo(page, 'What is missing');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Enough for these seats').waitFor();
  for (let presses = 0; !(await focused(page)).includes('Pay ₩'); presses += 1) {
    assert.ok(presses < 20, 'the tab key does not reach the payment');
    await page.keyboard.press('Shift+Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByTestId('rank').waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a phone scrolls in one direction only, in the dark and in Korean', async () => {
  const page = await openPage(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ko-KR' });
  await page.goto(server.url);
  await page.getByRole('article', { name: '소극장' }).waitFor();
  await expectNoSideways(page, 'lobby');
  await expectAccessible(page, 'lobby');
  await playUntilSeats(page, server, 'theatre', { speed: '60배속', accept: '도전 받기', join: '대기열 입장' });
  await expectNoSideways(page, 'seats');
  await expectAccessible(page, 'seats');
  await page.getByRole('button', { name: '추천 2석' }).click();
  await page.getByTestId('countdown').waitFor();
  await expectNoSideways(page, 'hold');
  await page.getByRole('button', { name: /^부족한 금액/ }).click();
  await page.getByRole('button', { name: '충전', exact: true }).click();
  await page.getByRole('button', { name: /결제$/ }).click();
  await page.getByTestId('rank').waitFor();
  await expectNoSideways(page, 'ticket');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
