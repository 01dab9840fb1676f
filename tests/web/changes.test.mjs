// What changes behind the server's back, and how it ends: nothing is lost, and people are told.
import assert from 'node:assert/strict';
import {appendFileSync, copyFileSync, existsSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {ask, children, enterPlainly, name, scratch, Server, wait} from './desk.mjs';

const P1 = '/api/packages/P1';
const input = join(scratch, 'in', 'P1.zip'), away = join(scratch, 'P1-moved.zip');
const said = (server) => server.record().filter((e) => e.event === 'decision').map((e) => e.decision);

// Until the server has nothing to do with the package any more.
async function settled(reviewer) {
  for (;;) {
    const {data} = await reviewer.get(P1);
    if (!data.job) return data;
    await wait(100);
  }
}

async function sayNo(reviewer, n) {
  const page = (await reviewer.get(P1)).data.pages[n];
  return reviewer.post(`${P1}/pages/${n}/decide`, {revision: page.revision, answer: 'no', masks: []});
}

test('an original that is moved away, a finished package that is changed: decisions wait', {timeout: 300000}, async () => {
  renameSync(input, away);
  let server, reviewer;
  try {
    server = await Server.start('OUT-changes');
    reviewer = await enterPlainly(server, '甲');
    assert.equal((await reviewer.get(P1)).data.problem, 'input-missing');
    assert.deepEqual(await sayNo(reviewer, 0), {status: 409, data: {error: 'input'}});
    assert.equal((await reviewer.picture('/img/P1/0/before/240')).status, 404);
    copyFileSync(join(scratch, 'in', 'P2.zip'), input);
    await wait(1100);
    assert.equal((await reviewer.get(P1)).data.problem, 'input-changed');
    assert.equal((await sayNo(reviewer, 0)).status, 409);
    assert.deepEqual(said(server), []);
  } finally {
    renameSync(away, input);
  }
  await wait(1100);
  assert.equal((await reviewer.get(P1)).data.problem, null, 'put back, it goes on without a new start');
  for (const n of [0, 1, 2]) assert.equal((await sayNo(reviewer, n)).status, 200);
  assert.equal((await settled(reviewer)).state, 'ready');

  const held = join(server.out, 'held', 'P1.zip'), size = statSync(held).size;
  const finish = async (word) => {
    assert.equal((await reviewer.post(`${P1}/finish`, {})).status, 200);
    const data = await settled(reviewer);
    assert.deepEqual([data.failure, data.state], [word, 'ready']);
    assert.ok(existsSync(held) && !existsSync(join(server.out, 'packages', 'P1.zip')));
  };
  renameSync(input, away);
  try {
    await finish('input');
  } finally {
    renameSync(away, input);
  }
  appendFileSync(held, 'x');
  await finish('changed');
  truncateSync(held, size);
  assert.equal((await reviewer.post(`${P1}/finish`, {})).status, 200);
  const data = await settled(reviewer);
  assert.deepEqual([data.failure, data.state], [null, 'released']);
  assert.ok(!existsSync(held) && existsSync(join(server.out, 'packages', 'P1.zip')));
  assert.deepEqual(said(server), ['clear', 'clear', 'clear', 'release', 'release', 'release']);
  assert.equal(await server.stop(), 0);
  assert.match(readFileSync(join(server.out, 'summary.csv'), 'utf8'), /\nP1,released,/, 'the summary is up to date when the server has ended');
});

test('a roster row that has changed since', {timeout: 100000}, async () => {
  for (const [rows, problem] of [[`P1,${name},另名\n`, 'person-changed'], ['', 'not-in-roster']]) {
    const roster = join(scratch, `${problem}.csv`);
    writeFileSync(roster, `id,name,aliases\n${rows}P2,${name},\n`);
    const server = await Server.start('OUT-roster', '-r', roster);
    const reviewer = await enterPlainly(server, '乙');
    assert.equal((await reviewer.get(P1)).data.problem, problem);
    assert.deepEqual(await sayNo(reviewer, 0), {status: 409, data: {error: 'input'}});
    assert.equal((await reviewer.post(`${P1}/finish`, {})).status, 409);
    assert.equal((await reviewer.get('/api/packages/P2')).data.problem, null, 'others go on');
    assert.deepEqual(said(server), []);
    await server.stop();
  }
});

test('a page that takes its process with it costs its picture and nothing else', {timeout: 100000}, async () => {
  const server = await Server.start('OUT-changes-fault');
  const reviewer = await enterPlainly(server, '丙');
  assert.deepEqual(await reviewer.post(`${P1}/pages/0/decide`, {revision: 0, answer: 'yes', masks: [{x: 100, y: 100, w: 90, h: 30}]}),
    {status: 400, data: {error: 'not_shown'}}, 'nobody draws on a page that was not shown');
  assert.equal((await reviewer.picture('/img/P1/0/before/240')).status, 200);
  const pages = children(children(server.child.pid)[0]);
  assert.ok(pages.length > 0);
  for (const pid of pages) process.kill(pid, 'SIGKILL');
  const lost = await Promise.all([0, 1, 2, 3].map((n) => reviewer.picture(`/img/P1/${n}/before/1000`)));
  const failed = lost.filter((answer) => answer.status === 404);
  assert.ok(failed.length >= 1 && failed.length <= pages.length, `${failed.length} of ${pages.length} processes`);
  for (const answer of failed) assert.equal(JSON.parse(answer.body).error, 'picture');
  for (const n of [0, 1, 2, 3]) assert.equal((await reviewer.picture(`/img/P1/${n}/before/1000`)).status, 200);
  assert.equal((await reviewer.picture('/img/P2/0/before/1000')).status === 200 || (await reviewer.picture('/img/P2/1/before/1000')).status === 200, true);
  const broken = await Promise.all([0, 1].map((n) => reviewer.picture(`/img/P2/${n}/before/1000`)));
  assert.equal(broken.filter((answer) => answer.status === 404 && JSON.parse(answer.body).error === 'picture').length, 1, 'the one that is no picture');
  await server.stop();
});

test('nobody asks for a while: the server ends', {timeout: 60000}, async () => {
  const server = await Server.start('OUT-changes-fault', '--idle', '0.05');
  const reviewer = await enterPlainly(server, '丁');
  const busy = Date.now() + 4500;
  while (Date.now() < busy) {
    assert.equal((await reviewer.get('/api/state')).status, 200, 'as long as somebody asks it stays');
    await wait(300);
  }
  assert.equal(await Promise.race([server.exited, wait(20000).then(() => 'still there')]), 0);
});

test('behind a proxy, on a socket', {timeout: 60000}, async () => {
  const socketPath = join(scratch, 'review.sock'), origin = 'https://review.example.org';
  const server = await Server.start('OUT-changes-fault', '--listen', `unix:${socketPath}`, '--origin', origin);
  assert.ok(server.link.startsWith(`${origin}/?token=`));
  const mode = statSync(socketPath).mode;
  assert.ok(statSync(socketPath).isSocket() && (mode & 0o777) === 0o660);
  const path = server.link.slice(origin.length), host = 'review.example.org';
  const through = (to, headers) => ask(origin, to, {socketPath, headers});
  assert.equal((await through(path, {host: 'localhost'})).status, 403, 'another name');
  const first = await through(path, {host});
  assert.match(first.headers['set-cookie'][0], /; HttpOnly; SameSite=Strict; Secure$/);
  const cookie = first.headers['set-cookie'][0].split(';')[0];
  assert.equal((await through('/api/state', {host, cookie})).status, 200);
  assert.equal((await through('/api/state', {host})).status, 403);
  const post = (from) => ask(origin, '/api/reviewer', {socketPath, method: 'POST', headers: {host, cookie, origin: from, 'content-type': 'application/json'}, body: '{"name":"戊"}'});
  assert.equal((await post(`http://${host}`)).status, 403, 'the same name without TLS');
  assert.equal((await post(origin)).status, 200);
  assert.equal(await server.stop(), 0);
  assert.ok(!existsSync(socketPath), 'the socket is gone');
});
