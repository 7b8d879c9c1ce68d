// Takes the README's pictures of each room: `npm run screenshots`, with a server as the tests have it.

import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, openPage, playUntilSeats, startServer } from './harness.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../screenshots');
const DESK = { viewport: { width: 1200, height: 760 }, colorScheme: 'light' };
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 1.5, colorScheme: 'dark', locale: 'ko-KR' };
/** Percent of WebP's quality: letters stay sharp, and no picture is larger than 80 KB. */
const QUALITY = 72;

const server = await startServer();
const browser = await openBrowser();
await mkdir(folder, { recursive: true });

async function take(page, name) {
  const client = await page.context().newCDPSession(page);
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  const file = join(folder, `${name}.webp`);
  await writeFile(file, Buffer.from(data, 'base64'));
  console.log(`${name}.webp ${(await stat(file)).size} bytes`);
}

/** Play, from the line to the ticket. */
async function play() {
  const page = await openPage(browser, DESK);
  await page.goto(`${server.url}/#/play?level=arena&seed=7`);
  await page.getByRole('button', { name: 'Take it on' }).click();
  await page.getByRole('button', { name: 'Join the queue' }).waitFor();
  // Half a second late, as people are.
  await page.waitForTimeout(900);
  await page.getByRole('button', { name: 'Join the queue' }).click();
  await page.getByRole('button', { name: '5 times', exact: true }).click();
  await page.waitForTimeout(5000);
  await page.getByRole('button', { name: '1 times', exact: true }).click();
  await take(page, 'play-queue');
  await page.getByRole('button', { name: '20 times' }).click();
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: '5 times', exact: true }).click();
  await page.waitForTimeout(4000);
  await page.getByRole('button', { name: '1 times', exact: true }).click();
  await page.waitForTimeout(1200);
  await take(page, 'play-seats');
  await page.getByRole('button', { name: 'Best 2' }).click();
  await page.getByRole('button', { name: /^What is missing/ }).click();
  await page.getByRole('button', { name: 'Charge', exact: true }).click();
  await page.getByRole('button', { name: /^Pay ₩/ }).click();
  await page.getByTestId('rank').waitFor();
  await page.waitForTimeout(800);
  await page.evaluate(() => scrollTo(0, 96));
  await take(page, 'play-ticket');
  await page.context().close();
}

async function phone() {
  const page = await openPage(browser, PHONE);
  await playUntilSeats(page, server, 'theatre', { speed: '20배속', accept: '도전 받기', join: '대기열 입장' });
  await page.waitForTimeout(2500);
  await page.evaluate(() => scrollTo(0, 150));
  await take(page, 'phone');
  await page.context().close();
}

async function simulate() {
  const page = await openPage(browser, DESK);
  await page.goto(`${server.url}/#/simulate`);
  await page.locator('simulate-room').waitFor();
  await page.waitForTimeout(6000);
  await take(page, 'simulate');
  await page.context().close();
}

/** The operator's console, while a crowd buys on the real server. */
async function live() {
  const page = await openPage(browser, DESK);
  await page.goto(`${server.url}/#/live`);
  await page.getByRole('button', { name: 'Join the queue' }).first().click();
  await page.getByTestId('position').waitFor();
  await page.goto(`${server.url}/#/live/operate`);
  await page.getByLabel('Admin token').fill(server.admin);
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.waitForTimeout(22_000);
  await take(page, 'live-operate');
  await page.context().close();
}

try {
  for (const room of [play, phone, simulate, live]) await room();
} finally {
  await browser.close();
  await server.stop();
}
