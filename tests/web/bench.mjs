// How long people wait for the review: from start to link and list, and from keystroke to picture. No test; wants a folder of bench-desk:
//
//     build/release/tests/bench-desk --jpeg eight-megapixels.jpg --out DIR
//     BLINDFOLD=build/release/blindfold SCRATCH=DIR CHROMIUM=/usr/bin/chromium node tests/web/bench.mjs
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

writeFileSync(join(process.env.SCRATCH, 'name.txt'), ''); // desk.mjs reads it
const {closeAll, enter, Server} = await import('./desk.mjs');
const sort = (times) => times.map(Math.round).sort((a, b) => a - b);
const tell = (what, times) => console.log(`${what}: median ${sort(times)[Math.floor(times.length / 2)]} ms, worst ${sort(times).at(-1)} ms (${times.length})`);

const begun = performance.now();
const server = await Server.start('OUT', '-r', join(process.env.SCRATCH, 'roster.csv'));
console.log(`start to link: ${Math.round(performance.now() - begun)} ms`);
const page = await enter(server.link, 'bench');
await page.locator('a.row').first().waitFor();
console.log(`start to list, with starting the browser and giving a name: ${Math.round(performance.now() - begun)} ms`);
await page.evaluate(() => document.addEventListener('keydown', () => performance.mark('key'), true));

async function press(key, pause) {
  await page.waitForTimeout(pause);
  const times = await page.evaluate(() => performance.getEntriesByType('mark').length);
  await page.keyboard.press(key);
  return page.evaluate(async (before) => {
    for (;;) {
      const marks = performance.getEntriesByType('mark').slice(before), shown = marks.find((m) => m.name.startsWith('page-shown'));
      if (shown) return shown.startTime - marks.find((m) => m.name === 'key').startTime;
      await new Promise((done) => setTimeout(done, 5));
    }
  }, times);
}

await page.goto(`${server.origin}/#/p/D0001/0`);
await page.locator('.stage:not(.loading) > img[src]').first().waitFor();
const calm = [], hasty = [], waiting = [];
for (let i = 0; i < 10; i++) calm.push(await press('j', 1500));
for (let i = 0; i < 10; i++) hasty.push(await press('j', 0));
for (let i = 0; i < 3; i++) waiting.push(await press('w', 1500));
tell('next page, after a moment on this one', calm);
tell('next page, as fast as it comes', hasty);
tell('next page that waits', waiting);
await page.context().close();
await closeAll();
await server.stop();
