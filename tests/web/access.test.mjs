// Who gets in, in which language, and with which aids.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {ask, browser, closeAll, enter, name, scratch, Server, shot} from './desk.mjs';

after(closeAll);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

test('nobody gets in without a link, and a link works once', {timeout: 100000}, async () => {
  const server = await Server.start('OUT-access');
  const {origin} = server;
  const paths = ['/api/state', '/api/words', '/api/packages/P1', '/img/P1/0/before/1000', '/img/P1/0/final/0', '/returns.csv', '/returns.html'];
  for (const path of paths) assert.equal((await ask(origin, path)).status, 403, path);
  assert.equal((await ask(origin, '/')).status, 403);
  assert.equal((await ask(origin, `/?token=${'0'.repeat(64)}`)).status, 403);
  const first = await ask(origin, server.link.slice(origin.length));
  assert.equal(first.status, 303);
  assert.equal(first.headers.location, '/');
  assert.match(first.headers['set-cookie'][0], /^blindfold=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.equal((await ask(origin, server.link.slice(origin.length))).status, 403, 'the second time');
  const cookie = first.headers['set-cookie'][0].split(';')[0];
  assert.equal((await ask(origin, '/api/state', {headers: {cookie: `${cookie.slice(0, -1)}x`}})).status, 403);

  const inside = (path, more = {}) => ask(origin, path, {...more, headers: {cookie, ...more.headers}});
  const page = await inside('/');
  assert.equal(page.status, 200);
  assert.match(page.headers['content-security-policy'], /^default-src 'none'; script-src 'self';/);
  assert.equal(page.headers['cache-control'], 'no-store');
  assert.equal((await inside('/img/P1/0/before/1000')).headers['content-type'], 'image/jpeg');

  const json = {'content-type': 'application/json'};
  const naming = (headers) => inside('/api/reviewer', {method: 'POST', headers: {...json, ...headers}, body: '{"name":"X"}'});
  assert.equal((await naming({})).status, 403, 'no Origin');
  assert.equal((await naming({origin: 'https://elsewhere.example'})).status, 403, 'a foreign Origin');
  assert.equal((await naming({origin: 'null'})).status, 403, 'no origin at all');
  assert.equal((await naming({origin, 'sec-fetch-site': 'cross-site'})).status, 403, 'from another site');
  assert.equal((await naming({origin, host: 'rebound.example'})).status, 403, 'a foreign Host');
  assert.equal((await naming({origin, 'content-type': 'text/plain'})).status, 400, 'a form');
  assert.equal((await inside('/api/invite', {method: 'POST', headers: {...json, origin}, body: '{}'})).status, 403, 'nobody has said who they are');
  assert.equal((await naming({origin})).status, 200);
  assert.equal((await naming({origin})).status, 409, 'who one is is said once');
  assert.equal((await inside('/api/state', {method: 'PUT'})).status, 405);
  assert.equal((await inside('/api/reviewer', {method: 'POST', headers: {...json, origin}, body: `{"name":"${'x'.repeat(300000)}"}`}).catch(() => ({status: 413}))).status, 413);

  for (const path of ['/app/../server.c', '/app/..%2f..%2fetc%2fpasswd', '/app/%2e%2e/%2e%2e/etc/passwd', '/api/packages/..%2fP1', '/api/packages/../../etc',
    '/img/P1/..%2f0/before/0', '/img/P1/-1/before/0', '/img/P1/99/before/0', '/img/P1/0/before/77', '/img/nobody/0/before/0', '/app/%00', '//etc/passwd'])
    assert.ok([400, 404].includes((await inside(path)).status), path);
  await server.stop();
});

test('two reviewers at once: the slower one is told', {timeout: 200000}, async () => {
  const server = await Server.start('OUT-two');
  const one = await enter(server.link, '甲');
  await one.locator('#top button').first().click();
  const link = await one.locator('output.link').textContent();
  await one.keyboard.press('Enter');
  const two = await enter(link, '乙');
  for (const page of [one, two]) {
    await page.goto(`${server.origin}/#/p/P1/0`);
    await page.locator('.stage:not(.loading) > img[src]').first().waitFor();
  }
  await one.keyboard.press('n');
  await one.waitForTimeout(500);
  await two.keyboard.press('n');
  await two.locator('#toast.shown.bad').waitFor();
  assert.match(await two.locator('#toast').textContent(), /另一人/);
  assert.match(await two.locator('.said').textContent(), /甲/);
  assert.equal(server.record().filter((e) => e.event === 'decision').length, 1);
  await one.context().close();
  await two.context().close();

  const second = await Server.start('OUT-two').then(() => 'started', (error) => error.message); // one writer
  assert.match(second, /ended with 4/);
  await server.stop();
});

test('both languages are complete', async () => {
  const {strings} = await import(join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../src/review/web/strings.js'));
  assert.deepEqual(Object.keys(strings.zh).sort(), Object.keys(strings.en).sort());
  for (const [key, text] of Object.entries(strings.zh)) {
    const values = (s) => [...new Set([...s.matchAll(/\{(\w+)/g)].map((m) => m[1]))].sort();
    assert.deepEqual(values(text), values(strings.en[key]), key);
    assert.ok(!/[一-鿿]/.test(strings.en[key]), `${key} is not English`);
  }
  const web = new URL('../../src/review/web/', import.meta.url);
  for (const file of ['main', 'list', 'desk', 'panel', 'dialogs', 'spot', 'strip', 'stage'])
    for (const [, key] of readFileSync(new URL(`${file}.js`, web), 'utf8').matchAll(/\bt\('(\w+)'/g)) assert.ok(key in strings.zh, `${file}.js: ${key}`);
});

test('the page speaks the browser’s language, and the other at a click; axe finds no serious fault', {timeout: 200000}, async () => {
  const server = await Server.start('OUT-axe', '--spot-check', '50%');
  const page = await enter(server.link, 'Reviewer C', {locale: 'en-GB'});
  const serious = async (where) => {
    const found = await page.evaluate(async () => (await globalThis.axe.run(document, {resultTypes: ['violations']})).violations
      .filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`));
    assert.deepEqual(found, [], where);
  };
  const source = readFileSync(axe, 'utf8');
  const inject = () => page.evaluate(source);
  await inject();
  assert.match(await page.locator('.lead h1').textContent(), /2 packages with 5 decisions to make/);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await shot(page, 'list-en');
  await serious('the list');
  await page.keyboard.press('?');
  await page.waitForTimeout(200);
  await shot(page, 'keys-en');
  await serious('the keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.locator('.stage:not(.loading) > img[src]').first().waitFor();
  await page.waitForTimeout(400);
  await shot(page, 'desk-en');
  await serious('a page');
  await page.keyboard.press('b');
  await page.waitForTimeout(500);
  await serious('side by side');
  await page.goto(`${server.origin}/#/spot`);
  await page.waitForTimeout(800);
  await serious('the spot check');
  await page.locator('#top button[lang="zh-CN"]').click();
  await page.locator('#top .crumb', {hasText: '抽查'}).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  assert.deepEqual(page.problems, []);
  await page.context().close();
  await server.stop();
});

test('the reports open offline, in both languages, and know no name', {timeout: 60000}, async () => {
  const context = await (await browser()).newContext({offline: true, viewport: {width: 1366, height: 768}});
  const page = await context.newPage();
  const asked = [];
  page.on('request', (r) => asked.push(r.url()));
  for (const file of ['index.html', 'reports/P1.html', 'reports/P2.html']) {
    const path = join(scratch, 'OUT', file);
    assert.ok(!readFileSync(path, 'utf8').includes(name), file);
    await page.goto(`file://${path}`);
    assert.ok(await page.locator('.zh').first().isVisible());
    await page.locator('label[for=en]').click();
    assert.ok(await page.locator('.en').first().isVisible() && !(await page.locator('.zh').first().isVisible()));
    await shot(page, file.replace(/\W/g, '-'));
  }
  assert.deepEqual(asked.filter((u) => !u.startsWith('file:') && !u.startsWith('data:')), []);
  await context.close();
});
