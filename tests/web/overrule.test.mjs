// "Release although the name is still read" is for masks that were checked, and for that objection alone.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {children, closeAll, enter, enterPlainly, Server, wait} from './desk.mjs';

after(closeAll);

const P1 = '/api/packages/P1', AT = 3; // the page that bears the name
const MARK = {x: 40, y: 40, w: 60, h: 40};

// The page when the server has checked it.
async function settled(reviewer) {
  for (;;) {
    const page = (await reviewer.get(P1)).data.pages[AT];
    if (page.state !== 'checking') return page;
    await wait(100);
  }
}

async function decide(reviewer, masks, accept) {
  const {revision} = (await reviewer.get(P1)).data.pages[AT];
  const answer = masks.length ? 'yes' : 'no';
  return (await reviewer.post(`${P1}/pages/${AT}/decide`, {revision, answer, masks, note: '另有其人', accept})).status;
}

test('only what was checked, only that the name is still read', {timeout: 200000}, async () => {
  const server = await Server.start('OUT-overrule');
  const reviewer = await enterPlainly(server, '甲');
  assert.equal((await reviewer.picture(`/img/P1/${AT}/before/240`)).status, 200);
  assert.equal(await decide(reviewer, [], true), 409, 'nothing was said');
  assert.equal(await decide(reviewer, [], false), 200);
  assert.equal((await settled(reviewer)).objection, 'name-still-visible');
  assert.equal(await decide(reviewer, [MARK], true), 409, 'other masks than those that were checked');

  for (const pid of children(children(server.child.pid)[0])) process.kill(pid, 'SIGKILL');
  assert.equal(await decide(reviewer, [MARK], false), 200);
  const crashed = await settled(reviewer);
  assert.deepEqual([crashed.state, crashed.objection], ['objection', 'reader-crashed']);
  assert.equal(await decide(reviewer, crashed.masks, true), 409, 'a page that was not checked');

  assert.equal(await decide(reviewer, [MARK], false), 200);
  const checked = await settled(reviewer);
  assert.deepEqual([checked.objection, checked.masks], ['name-still-visible', crashed.masks]);
  assert.equal(await decide(reviewer, [], true), 409);
  assert.equal(await decide(reviewer, checked.masks, true), 200, 'these very masks');
  assert.equal((await settled(reviewer)).state, 'decided');
  assert.deepEqual(server.record().filter((e) => e.event === 'decision').map((e) => e.decision), ['clear', 'masked', 'masked', 'masked-override']);
  assert.equal(await server.stop(), 0);
});

test('the button goes when the masks on the screen are others', {timeout: 200000}, async () => {
  const server = await Server.start('OUT-overrule-button');
  const reviewer = await enterPlainly(server, '乙');
  assert.equal(await decide(reviewer, [], false), 200);
  assert.equal((await settled(reviewer)).state, 'objection');
  const page = await enter((await reviewer.post('/api/invite', {})).data.url, '丙', {locale: 'en-GB'});
  await page.goto(`${server.origin}/#/p/P1/${AT}`);
  const button = page.locator('.objection-box button', {hasText: 'Insist'});
  await button.waitFor();
  await page.locator('.stage:not(.loading) > img[src]').first().waitFor();
  await page.keyboard.press('a');
  await page.locator('.mask').waitFor();
  await button.waitFor({state: 'detached'});
  assert.ok(await page.locator('.objection-box').isVisible());
  await page.locator('.mask-line button').click();
  await button.waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
  assert.equal(await server.stop(), 0);
});
