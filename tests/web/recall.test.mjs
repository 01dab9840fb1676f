// Somebody sees the name on a page of a released package: it is taken back whatever stands in the way, at the latest with the next start.
import assert from 'node:assert/strict';
import {existsSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {children, closeAll, enter, enterPlainly, scratch, Server, wait} from './desk.mjs';

after(closeAll);

const P3 = '/api/packages/P3';
const input = join(scratch, 'in', 'P3.zip'), away = join(scratch, 'P3-moved.zip');
const miss = (page, note = '左下角') => ({id: 'P3', page, answer: 'missed', note});
const isOut = (server) => existsSync(join(server.out, 'packages', 'P3.zip'));
const isHeld = (server) => !isOut(server) && existsSync(join(server.out, 'held', 'P3.zip'));
const missed = (server) => server.record().filter((e) => e.decision === 'spot-missed').length;

// The page in the spot check's list, when it is known what became of the package.
async function answered(reviewer, page) {
  for (;;) {
    const item = (await reviewer.get('/api/spot')).data.list.find((i) => i.page === page);
    if (item?.recall !== 'doing') return item;
    await wait(50);
  }
}

// Says of a page that the name is on it while the original is not there, so that the package stays released.
async function missInVain(server, reviewer, page) {
  assert.equal((await reviewer.get(P3)).data.problem, null);
  renameSync(input, away);
  try {
    assert.equal((await reviewer.post('/api/spot', miss(page))).status, 200);
    const item = await answered(reviewer, page);
    assert.deepEqual([item.state, item.recall, item.failure], ['missed', 'failed', 'input']);
    assert.ok(isOut(server));
  } finally {
    renameSync(away, input);
  }
  await server.tells(/id P3: .*still released/);
}

// Says it just after the readers were killed; the server may happen to notice that first, and end.
async function missWithoutReaders() {
  for (let i = 0; i < 4; i++) {
    const server = await Server.start('OUT-recall-lost', '--spot-check', '100%');
    const reviewer = await enterPlainly(server, '甲');
    assert.equal((await reviewer.picture('/img/P3/0/before/240')).status, 200, 'the readers are there');
    process.kill(children(server.child.pid)[0], 'SIGKILL');
    const answer = await reviewer.post('/api/spot', miss(0)).catch(() => null);
    if (answer?.status === 200) return server;
    assert.equal(await server.exited, 4);
  }
  throw new Error('the server always ended first');
}

test('a recall needs no readers; without them the server ends with an error', {timeout: 100000}, async () => {
  const server = await missWithoutReaders();
  assert.equal(await Promise.race([server.exited, wait(20000).then(() => 'still there')]), 4);
  await server.tells(/the process that starts page processes has ended/);
  assert.ok(isHeld(server));
  assert.deepEqual(server.report('P3').pages[0].reasons, ['recalled']);
});

test('a recall that failed is asked for again, by whom it was told', {timeout: 60000}, async () => {
  const server = await Server.start('OUT-recall-again', '--spot-check', '100%');
  const reviewer = await enterPlainly(server, '乙');
  await missInVain(server, reviewer, 0);
  const page = await enter((await reviewer.post('/api/invite', {})).data.url, '丙', {locale: 'en-GB'});
  await page.goto(`${server.origin}/#/spot`);
  await page.locator('.thumb', {hasText: '1'}).first().click();
  await page.locator('.said', {hasText: 'it is still released'}).waitFor();
  assert.match(await page.locator('.said').textContent(), /put it back/);
  await page.locator('.decide button', {hasText: 'Take it back again'}).click();
  await page.locator('#toast.shown', {hasText: 'Taken back'}).waitFor();
  assert.ok(isHeld(server));
  assert.equal((await reviewer.post('/api/spot', miss(0))).status, 409, 'it is done');
  assert.equal(missed(server), 1);
  assert.deepEqual(page.problems, []);
  await page.context().close();
  assert.equal(await server.stop(), 0);
});

test('a recall that was left undone is done at the next start, for all its pages', {timeout: 60000}, async () => {
  const server = await Server.start('OUT-recall-resume', '--spot-check', '100%');
  const reviewer = await enterPlainly(server, '丁');
  await missInVain(server, reviewer, 0);
  await missInVain(server, reviewer, 1);
  assert.equal(await server.stop(), 0);
  renameSync(input, away);
  try {
    const blind = await Server.start('OUT-recall-resume');
    await blind.tells(/id P3: .*still released/);
    await blind.stop();
    assert.ok(isOut(blind));
  } finally {
    renameSync(away, input);
  }
  const next = await Server.start('OUT-recall-resume'); // without a spot check
  for (let i = 0; i < 100 && !isHeld(next); i++) await wait(50);
  assert.ok(isHeld(next));
  const again = await enterPlainly(next, '戊');
  let {data} = await again.get(P3);
  while (data.job) {
    await wait(50);
    ({data} = await again.get(P3));
  }
  assert.deepEqual(data.pages.map((p) => p.state), ['waiting', 'waiting']);
  assert.equal(missed(next), 2);
  await next.stop();
  assert.deepEqual(next.report('P3').pages.map((p) => p.reasons), [['recalled'], ['recalled']]);
});
