// Going through what was held, by mouse and by keyboard, up to the released package.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {closeAll, decode, enter, name, scratch, Server, shot} from './desk.mjs';

after(closeAll);

const entry = (zip, file) => execFileSync('unzip', ['-p', zip, file], {maxBuffer: 1 << 28});
const IMCU = 16;

// Where the upright picture's rectangle lies on the stored one. exif: 1 or 6; turn: 0 or the clockwise turn that makes it upright.
function toStored(r, page) {
  const turned = (page.exif_orientation === 6 ? 90 : 0) + (page.orientation_deg ?? 0);
  const {width: w, height: h} = page;
  switch (turned % 360) {
    case 90: return {x: r.y, y: h - r.x - r.w, w: r.h, h: r.w};
    case 180: return {x: w - r.x - r.w, y: h - r.y - r.h, w: r.w, h: r.h};
    case 270: return {x: w - r.y - r.h, y: r.x, w: r.h, h: r.w};
    default: return r;
  }
}

// Everything within the rectangles is black, and everything more than an iMCU away from them is as it was.
function expectMasked(before, after_, rects, label) {
  assert.deepEqual([after_.w, after_.h], [before.w, before.h]);
  let light = 0, changed = 0;
  for (let y = 0; y < after_.h; y++)
    for (let x = 0; x < after_.w; x++) {
      const i = y * after_.w + x;
      const inside = rects.some((r) => x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h);
      const near = rects.some((r) => x >= r.x - IMCU - 1 && x < r.x + r.w + IMCU + 1 && y >= r.y - IMCU - 1 && y < r.y + r.h + IMCU + 1);
      if (inside && after_.gray[i] > 8) light++;
      if (!near && Math.abs(after_.gray[i] - before.gray[i]) > 2) changed++;
    }
  assert.equal(light, 0, `${label}: pixels under a mask that are not black`);
  assert.equal(changed, 0, `${label}: pixels away from the masks that have changed`);
}

// The masks on the screen, in pixels of the upright page.
async function masksOnScreen(page) {
  return page.evaluate(() => {
    const img = document.querySelector('.stage > img').getBoundingClientRect();
    return [...document.querySelectorAll('.mask')].map((m) => {
      const b = m.getBoundingClientRect();
      return {x: (b.x - img.x) / img.width, y: (b.y - img.y) / img.height, w: b.width / img.width, h: b.height / img.height};
    });
  });
}

const upright = (rects, page) => {
  const swapped = ((page.exif_orientation === 6 ? 90 : 0) + (page.orientation_deg ?? 0)) % 180 === 90;
  const [w, h] = swapped ? [page.height, page.width] : [page.width, page.height];
  return rects.map((r) => ({x: Math.ceil(r.x * w), y: Math.ceil(r.y * h), w: Math.floor(r.w * w) - 1, h: Math.floor(r.h * h) - 1}));
};

const settled = (page, n, state) => page.locator(`.thumb:nth-child(${n + 1}) .dot.${state}`).waitFor({timeout: 120000});
const current = (page) => page.evaluate(() => Number(location.hash.split('/').pop()));
const loaded = (page) => page.locator('.stage:not(.loading) > img[src]').first().waitFor();

async function drag(page, from, to) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
}

test('a held package from its first page to its release', {timeout: 400000}, async () => {
  const server = await Server.start('OUT-release');
  const page = await enter(server.link, '审核员甲');
  const before = server.report('P1');
  const drawn = [];
  await shot(page, 'list-zh');
  assert.match(await page.locator('.lead h1').textContent(), /2 份材料、5 项/);
  await page.locator('a.row', {hasText: 'P1'}).click();
  await loaded(page);
  assert.equal(await current(page), before.pages.findIndex((p) => p.decision === 'review'));

  for (const n of [0, 1, 2]) { // by mouse: two masks, one of them moved and resized, a third one drawn and deleted
    assert.equal(await current(page), n);
    await loaded(page);
    const box = await page.locator('.stage > img').first().boundingBox();
    const at = (x, y) => ({x: box.x + box.width * x, y: box.y + box.height * y});
    await drag(page, at(0.2, 0.3), at(0.4, 0.36));
    await drag(page, at(0.55, 0.55), at(0.7, 0.62));
    await drag(page, at(0.6, 0.58), at(0.65, 0.68)); // moves it
    await drag(page, at(0.1, 0.8), at(0.2, 0.85));
    assert.equal(await page.locator('.mask').count(), 3);
    await page.keyboard.press('Delete');
    assert.equal(await page.locator('.mask').count(), 2);
    if (n === 0) await shot(page, 'masks-drawn');
    drawn[n] = upright(await masksOnScreen(page), before.pages[n]);
    await page.keyboard.press('y');
    await page.waitForTimeout(200);
  }
  for (const n of [0, 1, 2]) await settled(page, n, 'decided');
  await page.locator('.finish button').click();
  await page.waitForURL(/#\/p\/P2/, {timeout: 120000}); // the next one that waits

  assert.ok(existsSync(join(server.out, 'packages', 'P1.zip')));
  assert.ok(!existsSync(join(server.out, 'held', 'P1.zip')));
  const after_ = server.report('P1');
  assert.equal(after_.package.verdict, 'released');
  for (const n of [0, 1, 2]) {
    const p = after_.pages[n];
    assert.equal(p.decided_by, 'person');
    assert.equal(p.decision, 'masked');
    assert.ok(p.verify.passed && p.masks.every((m) => m.kind === 'manual'));
    const source = execFileSync('unzip', ['-Z1', join(scratch, 'in', 'P1.zip')]).toString().trim().split('\n').filter((f) => f.endsWith('.jpg'));
    const original = await decode(entry(join(scratch, 'in', 'P1.zip'), source.find((f) => f.includes(`毕业证${n + 1}`))));
    const released = await decode(entry(join(server.out, 'packages', 'P1.zip'), p.output_entry));
    expectMasked(original, released, drawn[n].map((r) => toStored(r, before.pages[n])), `page ${n + 1}`);
  }
  assert.equal(after_.pages[3].sha256_out, before.pages[3].sha256_out, 'the page that nobody touched');
  const decisions = server.record().filter((e) => e.event === 'decision');
  assert.deepEqual(decisions.map((e) => e.decision), ['masked', 'masked', 'masked', 'release']);
  assert.ok(decisions.every((e) => e.reviewer === '审核员甲' && e.time && e.person));
  assert.equal(decisions[0].masks_before.length, 0);
  assert.equal(decisions[0].masks_after.length, 2);
  assert.deepEqual(page.problems, []);
  await page.context().close();
  assert.equal(await server.stop(), 0);
  execFileSync(process.env.BLINDFOLD, ['audit', 'verify', server.out]);
});

test('by keyboard alone, two keystrokes for a page at most', {timeout: 400000}, async () => {
  const server = await Server.start('OUT-keys');
  const page = await enter(server.link, 'Reviewer B', {locale: 'en-GB'});
  let strokes = 0;
  const press = async (key) => {
    strokes++;
    await page.keyboard.press(key);
  };
  await press('Enter');
  await loaded(page);
  strokes = 0;
  for (const n of [0, 1]) { // the name is not there: one stroke, and the next page that waits is shown
    assert.equal(await current(page), n);
    await press('n');
    for (let i = 0; i < 100 && await current(page) === n; i++) await page.waitForTimeout(20);
  }
  assert.equal(strokes, 2);
  await loaded(page);
  await press('a'); // a mask, moved, made larger, and gone again
  const [one] = await masksOnScreen(page);
  await press('ArrowRight');
  await press('Shift+ArrowDown');
  const [two] = await masksOnScreen(page);
  assert.ok(two.x > one.x && two.h > one.h && Math.abs(two.w - one.w) < 0.002);
  await press('Delete');
  assert.equal(await page.locator('.mask').count(), 0);
  await press('n');
  for (const n of [0, 1, 2]) await settled(page, n, 'decided');
  await press('k');
  await press('u'); // taken back: a new entry, and the page waits again
  await page.locator('.chip.waiting').waitFor();
  await press('n');
  await page.waitForTimeout(300);
  const focusable = await page.evaluate(() => document.activeElement?.textContent ?? '');
  await press('f');
  await page.waitForURL(/#\/p\/P2/, {timeout: 60000}).catch(() => {}); // the next one that waits
  assert.ok(existsSync(join(server.out, 'packages', 'P1.zip')), `released (focus was on ${focusable})`);
  assert.deepEqual(server.record().filter((e) => e.event === 'decision').map((e) => e.decision),
    ['clear', 'clear', 'clear', 'undone', 'clear', 'release']);
  assert.deepEqual(page.problems, []);
  await page.context().close();
  await server.stop();
});

test('the check objects where the name is left visible, and is overruled aloud only', {timeout: 400000}, async () => {
  const server = await Server.start('OUT-objection');
  const page = await enter(server.link, '审核员丙', {width: 1920, height: 1080});
  await page.goto(`${server.origin}/#/p/P1/3`);
  await loaded(page);
  const masks = await page.locator('.mask').count();
  assert.ok(masks > 0);
  await page.keyboard.press('n'); // refused: there are masks
  await page.locator('#toast.shown').waitFor();
  for (let i = 0; i < masks; i++) {
    await page.locator('.mask').first().focus();
    await page.keyboard.press('Delete');
  }
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await settled(page, 3, 'objection');
  await page.goto(`${server.origin}/#/p/P1/3`);
  await page.locator('.objection-box').waitFor();
  assert.ok(await page.locator('.place.name-still-visible').count() > 0);
  await page.waitForTimeout(500);
  await shot(page, 'objection-1920');
  assert.ok(await page.locator('.finish button').isDisabled());
  await page.locator('.objection-box button').click();
  await page.locator('#reason').fill(`与${name}同名的另一人`);
  await page.locator('dialog button.danger').click();
  await settled(page, 3, 'decided');
  const last = server.record().filter((e) => e.event === 'decision').at(-1);
  assert.equal(last.decision, 'clear-override');
  assert.equal(last.reason, '与×××同名的另一人', 'no name goes into the record');
  assert.deepEqual(page.problems, []);
  await page.context().close();
  await server.stop();
  const server2 = await Server.start('OUT-objection'); // decisions outlive the server
  const again = await enter(server2.link, '审核员丁');
  await again.goto(`${server2.origin}/#/p/P1/3`);
  await again.locator('.said').waitFor();
  assert.match(await again.locator('.said').textContent(), /审核员丙/);
  await again.context().close();
  await server2.stop();
});

test('pages are sent back, with lists for the applicant', {timeout: 200000}, async () => {
  const server = await Server.start('OUT-returns');
  const page = await enter(server.link, '审核员戊');
  await page.goto(`${server.origin}/#/p/P2`);
  await loaded(page).catch(() => {});
  for (const _ of [0, 1]) { // R, and a digit for the reason
    await page.keyboard.press('r');
    await page.locator('dialog .choices').waitFor();
    if (_ === 0) await shot(page, 'return');
    await page.keyboard.press(String(_ + 1));
    await page.locator('dialog').waitFor({state: 'detached'});
    await page.waitForTimeout(400);
  }
  await page.keyboard.press('f');
  await page.waitForURL(/#\/p\/P1/); // the next one that waits
  const csv = readFileSync(join(server.out, 'returns', 'P2.csv'), 'utf8'), html = readFileSync(join(server.out, 'returns', 'P2.html'), 'utf8');
  for (const text of [csv, html]) {
    assert.match(text, /48 小时内/);
    assert.match(text, /不清晰/);
    assert.match(text, /打不开/);
    assert.ok(!text.includes(name));
  }
  assert.equal(csv.trim().split('\r\n').length, 3);
  await page.goto(`${server.origin}/#/`);
  await page.locator('.tabs button', {hasText: '已退回'}).waitFor();
  const list = await page.request.get(`${server.origin}/returns.html`);
  assert.match(await list.text(), /编号 P2/);
  assert.ok(existsSync(join(server.out, 'held', 'P2.zip')));
  assert.deepEqual(page.problems, []);
  await page.context().close();
  await server.stop();
});

test('a spot check finds a miss, and the package is taken back', {timeout: 200000}, async () => {
  const server = await Server.start('OUT-spot', '--spot-check', '100%');
  const page = await enter(server.link, '审核员己', {locale: 'en-GB'});
  await page.goto(`${server.origin}/#/spot`);
  await loaded(page);
  await page.waitForTimeout(400);
  await shot(page, 'spot-en');
  await page.keyboard.press('y');
  await page.locator('#reason').fill('left margin');
  await page.locator('dialog button.danger').click();
  await page.locator('#toast.shown', {hasText: 'Taken back'}).waitFor(); // the files move before the desk knows that all of it is done
  assert.ok(existsSync(join(server.out, 'held', 'P3.zip')) && !existsSync(join(server.out, 'packages', 'P3.zip')));
  await page.goto(`${server.origin}/#/`);
  await page.locator('.spot-card').waitFor();
  assert.match(await page.locator('.spot-card').textContent(), /1 of 1 pages looked at, 1 missed: miss rate 100\.0% \(95% confidence: 2\.50% to 100/);
  assert.match(server.record().filter((e) => e.event === 'decision').at(-1).reason, /left margin \(spot check of 100%, seed [0-9a-f]{12}\)/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
  await server.stop();
});
