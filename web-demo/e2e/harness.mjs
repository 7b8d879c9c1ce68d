// What the browser tests stand on: a server of their own, a browser, and pages that note every error.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.FRONTROW_BIN ?? join(root, 'target/debug/frontrow');
const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Where the pages come from: the server, which embeds them; or `dist`, so that a change is tried without building it. */
const pages = process.env.FRONTROW_PAGES ?? 'server';

/** Starts a server in demo mode on a free port with a database of its own. */
export async function startServer() {
  assert.ok(existsSync(binary), `no server at ${binary}: build it, or name one in FRONTROW_BIN`);
  const folder = await mkdtemp(join(tmpdir(), 'frontrow-e2e-'));
  const args = ['serve', '--demo', '--listen', '127.0.0.1:0', '--database-url', `sqlite://${join(folder, 'e2e.db')}`];
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const told = {};
  for await (const line of createInterface({ input: child.stdout })) {
    told.url ??= /listening on (\S+)/.exec(line)?.[1];
    told.admin ??= /admin token: (\S+)/.exec(line)?.[1];
    if (told.url && told.admin) break;
  }
  child.stdout.resume();
  assert.ok(told.url && told.admin, 'the server told no address and no token');
  const front = pages === 'dist' ? await showDist(told.url) : undefined;
  const stop = async () => {
    await front?.close();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  return { url: front?.resolvedUrls.local[0].replace(/\/$/, '') ?? told.url, admin: told.admin, stop };
}

/** Serves what was built last, under the policy that the server has for its own pages, and hands calls of the API on. */
async function showDist(server) {
  const { preview } = await import('vite');
  const policy = (await fetch(server)).headers.get('content-security-policy');
  const strict = {
    name: 'policy-of-the-server',
    configurePreviewServer: ({ middlewares }) => void middlewares.use((_request, response, next) => {
      response.setHeader('content-security-policy', policy);
      next();
    }),
  };
  return preview({ root: join(root, 'web-demo'), logLevel: 'error', plugins: [strict], preview: { port: 0, host: '127.0.0.1', proxy: { '/v1': server } } });
}

/** Calls the API beside the browser. */
export async function call(server, path, { bearer, queueToken, body, method = body === undefined ? 'GET' : 'POST' } = {}) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`;
  if (queueToken !== undefined) headers['x-queue-token'] = queueToken;
  const request = { method, headers };
  if (body !== undefined) request.body = JSON.stringify(body);
  const response = await fetch(server.url + path, request);
  assert.ok(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
  return response.json();
}

/** A sale that draws those who join before it opens; seconds from now, and the name of what is mixed in. */
export function fairStart({ queueOpensIn = -1, saleOpensIn, beacon }) {
  const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
  const prequeue = { opens_at: at(queueOpensIn), draw: 'random' };
  if (beacon !== undefined) prequeue.beacon = beacon;
  return { sale_opens_at: at(saleOpensIn), prequeue };
}

/** A concert that lets people in every second. */
export async function announce(server, title, { rows = 6, seats = 12, batch = 20, holdSeconds = 300, opening = {} } = {}) {
  const admission = { interval_seconds: 1, batch_size: batch, active_seconds: 600 };
  const body = { title, admission, holds: { hold_seconds: holdSeconds, max_seats_per_user: 4 }, ...opening };
  const concert = await call(server, '/v1/concerts', { bearer: server.admin, body });
  const sections = [{ name: 'R', rows, seats_per_row: seats, price: 154000 }];
  const schedule = await call(server, `/v1/concerts/${concert.id}/schedules`, {
    bearer: server.admin,
    body: { starts_at: '2030-12-24T10:00:00Z', venue: 'Olympic Hall', sections },
  });
  return { concert, schedule };
}

/** Somebody else, who is let in and holds seats. */
export async function somebodyHolds(server, { concert, schedule }, seats) {
  const session = await call(server, '/v1/demo/sessions', { method: 'POST' });
  const { token } = await call(server, `/v1/concerts/${concert.id}/queue-tokens`, { method: 'POST', bearer: session.token });
  for (;;) {
    const { state } = await call(server, '/v1/queue-tokens/current', { queueToken: token });
    if (state === 'active') break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return call(server, `/v1/schedules/${schedule.id}/reservations`, { bearer: session.token, queueToken: token, body: { seats } });
}

export function openBrowser() {
  return chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}

/** A page in a context of its own. `page.errors` gathers what the console complains about. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('console', (message) => {
    // A refusal (a 4xx answer) is part of the story, and the browser logs it by itself.
    const refusal = /Failed to load resource.*status of 4\d\d/.test(message.text());
    if ((message.type() === 'error' || message.type() === 'warning') && !refusal) page.errors.push(message.text());
  });
  return page;
}

/** Joins a concert without a crowd. */
export async function joinAlone(page, server, title, words = { join: 'Join the queue' }) {
  await page.goto(`${server.url}/#/live`);
  await page.getByRole('checkbox').uncheck();
  await page.locator('article', { hasText: title }).getByRole('button', { name: words.join }).click();
  await page.getByRole('grid').waitFor();
}

/** Goes to the seat map and presses keys there. */
export async function chooseByKeys(page, ...keys) {
  await page.getByRole('grid').focus();
  for (const key of keys) await page.keyboard.press(key);
}

/** Ends what still moves, in every shadow root too: in the middle of a transition a colour is neither one nor the other. */
function settle(page) {
  return page.evaluate(() => {
    const finishIn = (root) => {
      for (const animation of root.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) finishIn(element.shadowRoot);
    };
    finishIn(document);
  });
}

/** Nothing that axe calls serious or worse, once the page is at rest. */
export async function expectAccessible(page, where) {
  await settle(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter((one) => one.impact === 'serious' || one.impact === 'critical');
  const told = serious.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`);
  assert.deepEqual(told, [], where);
}

export async function expectNoSideways(page, where) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${where}: ${content} pixels in a window of ${window}`);
}

/** Opens Play at a level with a crowd that is always the same, joins when the sale opens, and is let in. */
export async function playUntilSeats(page, server, level, { speed = '60 times', accept = 'Take it on', join = 'Join the queue' } = {}) {
  await page.goto(`${server.url}/#/play?level=${level}&seed=7`);
  await page.getByRole('button', { name: accept }).click();
  await page.getByRole('button', { name: join }).click();
  await page.getByRole('button', { name: speed }).click();
  await page.getByRole('grid').waitFor();
}

/** The element that has the focus, however deep, in words; for finding one's way by the tab key. */
export function focused(page) {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const near = element?.closest('article')?.textContent ?? '';
    return `${element?.getAttribute('aria-label') ?? ''} ${element?.textContent ?? ''} ${near}`;
  });
}

/** Presses the tab key until something so named has the focus. */
export async function tabTo(page, name) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)).includes(name)) return;
  }
  assert.fail(`the tab key does not reach ${name}`);
}
