// What the tests share: a server on a copy of the redacted sample, a browser, and a watch over its console.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {cpSync, readFileSync, rmSync, existsSync} from 'node:fs';
import {request} from 'node:http';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {chromium} from 'playwright-core';

export const scratch = process.env.SCRATCH;
export const name = readFileSync(join(scratch, 'name.txt'), 'utf8');
export const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// The processes that this one has split off.
export const children = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

const running = new Set();

// A running `blindfold review` on its own copy of OUT.
export class Server {
  static async start(copy, ...options) {
    const server = new Server();
    server.out = join(scratch, copy);
    if (!existsSync(server.out)) cpSync(join(scratch, 'OUT'), server.out, {recursive: true});
    server.child = spawn(process.env.BLINDFOLD, ['review', server.out, '--no-browser', ...options], {cwd: scratch, stdio: ['ignore', 'pipe', 'pipe']});
    server.said = '';
    server.child.stderr.on('data', (data) => { server.said += data; });
    running.add(server);
    server.exited = new Promise((done) => server.child.on('exit', done)).finally(() => running.delete(server));
    server.link = await Promise.race([
      new Promise((done) => createInterface({input: server.child.stdout}).once('line', done)),
      server.exited.then((code) => { throw new Error(`blindfold review ended with ${code}: ${server.said}`); }),
    ]);
    server.origin = new URL(server.link).origin;
    return server;
  }

  // Waits for a sentence on the terminal: it comes through a pipe of its own, maybe after the answer that it belongs to.
  async tells(pattern) {
    for (let i = 0; i < 100 && !pattern.test(this.said); i++) await wait(50);
    assert.match(this.said, pattern);
  }

  async stop() {
    this.child.kill('SIGTERM');
    return this.exited;
  }

  remove() {
    rmSync(this.out, {recursive: true, force: true});
  }

  record() {
    return readFileSync(join(this.out, 'audit.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  }

  report(id) {
    return JSON.parse(readFileSync(join(this.out, 'reports', `${id}.json`), 'utf8'));
  }
}

let shared;
export async function browser() {
  shared ??= await chromium.launch({executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']});
  return shared;
}

// Ends what a test that failed has left behind too: a process that nobody ends would keep the whole suite waiting.
export async function closeAll() {
  await shared?.close();
  shared = undefined;
  await Promise.all([...running].map((server) => server.stop()));
}

// A reviewer with a browser of their own; problems gathers what the console complains of.
export async function enter(link, who, {locale = 'zh-CN', width = 1366, height = 768} = {}) {
  const context = await (await browser()).newContext({locale, viewport: {width, height}});
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.problems.push(message.text());
  });
  await page.goto(link);
  await page.locator('#reviewer').fill(who);
  await page.keyboard.press('Enter');
  await page.locator('.lead').waitFor();
  return page;
}

export const shot = (page, file) => page.screenshot({path: join(scratch, 'shots', `${file}.png`)});

// The file without its APP1 segments, so that no decoder turns it by its EXIF orientation.
function withoutExif(jpeg) {
  const parts = [jpeg.subarray(0, 2)];
  let at = 2;
  while (jpeg[at] === 0xff && jpeg[at + 1] !== 0xda) {
    const length = 2 + jpeg.readUInt16BE(at + 2);
    if (jpeg[at + 1] !== 0xe1) parts.push(jpeg.subarray(at, at + length));
    at += length;
  }
  return Buffer.concat([...parts, jpeg.subarray(at)]);
}

// The JPEG's pixels as coded, from a browser's decoder: {w, h, gray}.
export async function decode(jpeg) {
  const context = await (await browser()).newContext();
  const page = await context.newPage();
  const got = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], {type: 'image/jpeg'}));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const draw = canvas.getContext('2d');
    draw.drawImage(bitmap, 0, 0);
    const data = draw.getImageData(0, 0, bitmap.width, bitmap.height).data;
    let text = '';
    for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(Math.round((data[i] + data[i + 1] + data[i + 2]) / 3));
    return {w: bitmap.width, h: bitmap.height, gray: btoa(text)};
  }, withoutExif(jpeg).toString('base64'));
  await context.close();
  return {w: got.w, h: got.h, gray: Buffer.from(got.gray, 'base64')};
}

// A bare request: {status, headers, body}. socketPath: through a Unix socket.
export function ask(origin, path, {method = 'GET', headers = {}, body, socketPath} = {}) {
  const {hostname, port} = new URL(origin);
  return new Promise((done, fail) => {
    const r = request({...(socketPath ? {socketPath} : {hostname, port}), path, method, headers}, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => done({status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts)}));
    });
    r.on('error', fail);
    r.end(body);
  });
}

// A reviewer without a browser: get and post give {status, data}, picture the status and the bytes.
export async function enterPlainly(server, who) {
  const first = await ask(server.origin, server.link.slice(server.origin.length));
  const cookie = first.headers['set-cookie'][0].split(';')[0];
  const get = async (path) => {
    const answer = await ask(server.origin, path, {headers: {cookie}});
    return {status: answer.status, data: JSON.parse(answer.body)};
  };
  const post = async (path, body) => {
    const answer = await ask(server.origin, path, {method: 'POST', headers: {cookie, origin: server.origin, 'content-type': 'application/json'}, body: JSON.stringify(body)});
    return {status: answer.status, data: JSON.parse(answer.body)};
  };
  await post('/api/reviewer', {name: who});
  return {get, post, picture: (path) => ask(server.origin, path, {headers: {cookie}})};
}
