// Pages that redact --fix-orientation turned: what a person draws on the upright page lands there in the released file.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {closeAll, decode, enterPlainly, scratch, Server, wait} from './desk.mjs';

after(closeAll);

const T1 = '/api/packages/T1';
const MASKS = [{x: 210, y: 130, w: 260, h: 70}, {x: 420, y: 640, w: 90, h: 140}];
const NEAR = 17; // an iMCU and a pixel

async function settled(reviewer) {
  for (;;) {
    const {data} = await reviewer.get(T1);
    if (!data.job) return data;
    await wait(100);
  }
}

// The mean difference of two pictures away from the masks, and the lightest pixel within them.
function compare(before, released, masks) {
  assert.deepEqual([released.w, released.h], [before.w, before.h]);
  let difference = 0, n = 0, light = 0;
  for (let y = 0; y < before.h; y++)
    for (let x = 0; x < before.w; x++) {
      const i = y * before.w + x;
      if (masks.some((r) => x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h)) light = Math.max(light, released.gray[i]);
      if (masks.some((r) => x >= r.x - NEAR && x < r.x + r.w + NEAR && y >= r.y - NEAR && y < r.y + r.h + NEAR)) continue;
      difference += Math.abs(released.gray[i] - before.gray[i]);
      n++;
    }
  return {difference: difference / n, light};
}

test('masks drawn on turned pages', {timeout: 300000}, async () => {
  const server = await Server.start('OUT-turned');
  const reviewer = await enterPlainly(server, '甲');
  const {pages} = (await reviewer.get(T1)).data, report = server.report('T1');
  assert.deepEqual(report.pages.map((p) => p.turned_from).sort(), [3, 6]);
  const before = [];
  for (const p of pages) {
    const picture = await reviewer.picture(`/img/T1/${p.n}/before/0`);
    assert.equal(picture.status, 200);
    before[p.n] = await decode(picture.body);
    assert.deepEqual([p.w, p.h], [before[p.n].w, before[p.n].h]);
    const answer = await reviewer.post(`${T1}/pages/${p.n}/decide`, {revision: p.revision, answer: 'yes', masks: MASKS});
    assert.equal(answer.status, 200);
  }
  assert.equal((await settled(reviewer)).state, 'ready');
  assert.equal((await reviewer.post(`${T1}/finish`, {})).status, 200);
  assert.equal((await settled(reviewer)).state, 'released');
  assert.equal(await server.stop(), 0);

  const after_ = server.report('T1'), zip = join(server.out, 'packages', 'T1.zip');
  assert.ok(existsSync(zip));
  after_.pages.forEach((p, n) => assert.deepEqual([p.turned_from, p.exif_orientation, p.decided_by], [report.pages[n].turned_from, 1, 'person']));
  for (const [n, p] of after_.pages.entries()) {
    const released = await decode(execFileSync('unzip', ['-p', zip, p.output_entry], {maxBuffer: 1 << 28}));
    const {difference, light} = compare(before[n], released, MASKS);
    assert.ok(light <= 8, `page ${n + 1}: not black below a mask`);
    assert.ok(difference < 2, `page ${n + 1}: another picture beside the masks: ${difference}`);
  }
});
