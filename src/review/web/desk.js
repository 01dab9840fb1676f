// One package on the desk: its pages at the left, the picture in the middle, what is to be decided at the right.
import {get, post, url} from './api.js';
import {h, fill, toast} from './dom.js';
import {askReason, askReturn} from './dialogs.js';
import {firstToDo} from './list.js';
import {drawPanel} from './panel.js';
import {drawFiles, Strip} from './strip.js';
import {finished, forgetPage, masked, original, sizeFor} from './pictures.js';
import {Stage} from './stage.js';
import {t} from './text.js';

const WAITS = ['waiting', 'objection'];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

class Desk {
  constructor(main, app, to) {
    this.app = app;
    this.id = to.id;
    this.drafts = new Map(); // page -> masks that a person changed and has not decided about yet
    this.mode = 'edit'; // or 'side', 'after'
    this.left = false;
    this.strip = new Strip((n) => this.open(n));
    this.stage = new Stage({change: (masks) => this.changed(masks), select: () => {}, needs: (px) => this.needs(px)});
    this.other = new Stage({needs: () => {}});
    this.other.node.classList.add('viewing');
    this.other.editable = false;
    this.panel = h('aside', {class: 'panel', 'aria-label': t('panel')});
    this.bar = h('div', {class: 'bar', role: 'toolbar', 'aria-label': t('toolbar')});
    this.views = h('div', {class: 'views'});
    this.node = h('div', {class: 'desk'}, this.strip.node, h('section', {class: 'middle', 'aria-label': t('picture')}, this.bar, this.views), this.panel);
    fill(main, this.node);
    main.scrollTop = 0;
  }

  async start(page) {
    this.take(await get(url.package(this.id)));
    const first = this.pages.findIndex((p) => WAITS.includes(p.state));
    this.open(page !== undefined && page <= this.pages.length ? page : first >= 0 ? first : this.filesWait ? this.pages.length : 0);
    this.watch();
  }

  get pages() { return this.data.pages; }
  get page() { return this.pages[this.n]; }
  get onFiles() { return this.n >= this.pages.length; }
  get filesWait() { return this.data.files.some((f) => f.state === 'waiting'); }
  get released() { return this.data.state === 'released'; }
  get locked() { return this.released || this.data.job === 'finishing' || Boolean(this.data.problem); }

  take(data) {
    this.data = data;
    this.strip.update(data, this.n);
  }

  // While the server checks a page or builds the package, its answers are fetched until it is done.
  async watch() {
    if (this.watching) return;
    this.watching = true;
    try {
      while (!this.left && this.data.job) {
        await pause(350);
        if (this.left) return;
        const was = this.data.state;
        this.take(await get(url.package(this.id)));
        this.drawPage();
        if (!this.data.job && this.data.state !== was) this.settled();
        if (!this.data.job && this.data.failure) toast(t(`failure_${this.data.failure.replaceAll('-', '_')}`), 'bad');
      }
    } catch (error) {
      if (!this.left) this.app.fail(error);
    } finally {
      this.watching = false;
    }
  }

  // The package went out, or back: on to the next one.
  async settled() {
    if (this.data.state !== 'released' && this.data.state !== 'returned') return;
    toast(t(`done_${this.data.state}`, {id: this.id}));
    try {
      await this.app.refresh();
    } catch (error) {
      this.app.fail(error);
      return;
    }
    const next = firstToDo(this.app.state, this.id);
    this.app.go(next ? `#/p/${encodeURIComponent(next.id)}` : '#/');
  }

  // ---- showing a page ----

  open(n) {
    this.n = Math.max(0, Math.min(n, this.pages.length + (this.data.files.length ? 0 : -1)));
    history.replaceState(null, '', `#/p/${encodeURIComponent(this.id)}/${this.n}`);
    this.strip.update(this.data, this.n);
    this.place = -1;
    this.shown = null;
    if (this.mode === 'after') this.mode = 'edit';
    if (this.onFiles || !this.page) {
      this.drawPage();
      return;
    }
    const p = this.page;
    const label = t('page_label', {n: p.n + 1, of: this.pages.length});
    const about = {w: p.w || 1, h: p.h || 1, masks: this.masks, places: p.doubts, editable: this.mayEdit, label};
    this.layOut();
    this.stage.setLoading();
    this.stage.show(about);
    this.other.show({...about, masks: [], places: [], editable: false});
    this.drawPage();
    this.prefetch();
  }

  get masks() { return this.drafts.get(this.n) ?? this.page.masks; }
  get mayEdit() { return !this.locked && Boolean(this.page?.picture) && this.mode !== 'after'; }

  layOut() {
    const p = this.page;
    if (this.onFiles) fill(this.views, drawFiles(this));
    else if (!p?.picture) fill(this.views, h('div', {class: 'well'}, h('div', {class: 'none'}, h('b', {}, t('no_picture')), t('no_picture_why'))));
    else if (this.mode === 'side') fill(this.views,
      h('div', {class: 'well'}, h('span', {class: 'caption'}, t('before')), this.stage.node), h('div', {class: 'well'}, h('span', {class: 'caption'}, t('after')), this.other.node));
    else fill(this.views, h('div', {class: 'well'}, this.mode === 'after' ? h('span', {class: 'caption'}, t('after')) : null, this.stage.node));
  }

  // The picture is wanted with so many pixels along its long side: fetched when what is shown has fewer.
  needs(pixels) {
    if (!this.data || this.onFiles || !this.page?.picture) return;
    const size = sizeFor(Math.min(pixels, Math.max(this.page.w, this.page.h)));
    const full = (s) => s || Infinity;
    if (this.shown && this.shown.n === this.n && full(this.shown.size) >= full(size)) return;
    this.load(size);
    this.bar.querySelector('.zoom')?.replaceChildren(`${Math.round(this.stage.scale * 100)}%`);
  }

  async load(size) {
    const n = this.n;
    this.shown = {n, size};
    try {
      const src = this.mode === 'after' ? await masked(this.id, n, size, this.masks) : await original(this.id, n, size);
      if (this.left || this.n !== n || this.shown.size !== size) return;
      await this.stage.setPicture(src);
      performance.mark(`page-shown-${n}`);
      if (this.mode === 'side') await this.loadOther(size);
    } catch (error) {
      if (!this.left && this.n === n) this.app.fail(error);
    }
  }

  async loadOther(size) {
    const n = this.n, turn = (this.otherTurn = {});
    const src = this.released ? await finished(this.id, n, size) : await masked(this.id, n, size, this.masks);
    if (!this.left && this.n === n && this.otherTurn === turn && this.mode === 'side') await this.other.setPicture(src);
  }

  prefetch() {
    const size = this.shown?.size ?? 1000;
    const next = this.nextWaiting(1);
    for (const n of new Set([next, this.n + 1, this.n - 1]))
      if (n >= 0 && this.pages[n]?.picture && n !== this.n) original(this.id, n, size).catch(() => {});
  }

  drawPage() {
    if (this.onFiles || !this.page?.picture) this.layOut();
    else this.stage.setMasks(this.mode === 'edit' || this.mode === 'side' ? this.masks : [], this.mayEdit);
    if (!this.onFiles && this.page && JSON.stringify(this.stage.places) !== JSON.stringify(this.page.doubts)) {
      this.stage.places = this.page.doubts;
      this.stage.draw();
    }
    this.drawBar();
    drawPanel(this);
  }

  drawBar() {
    const pressed = (on) => String(Boolean(on));
    const tool = (hand, key) => h('button', {'aria-pressed': pressed(this.stage.hand === hand), disabled: !this.page?.picture || this.onFiles, onclick: () => this.setHand(hand)}, t(key));
    const mode = (m, key) => h('button', {'aria-pressed': pressed(this.mode === m), disabled: !this.page?.picture || this.onFiles, onclick: () => this.setMode(m)}, t(key));
    const zoom = (text, label, act) => h('button', {class: 'icon quiet', 'aria-label': label, title: label, onclick: act}, text);
    fill(this.bar,
      h('div', {class: 'group', role: 'group', 'aria-label': t('tool')}, tool(false, 'tool_draw'), tool(true, 'tool_hand')),
      h('div', {class: 'group', role: 'group', 'aria-label': t('mode')}, mode('edit', 'mode_edit'), mode('side', 'mode_side'), mode('after', 'mode_after')),
      h('div', {class: 'space'}),
      zoom('−', t('zoom_out'), () => this.stage.zoom(0.8)), h('span', {class: 'zoom number'}, `${Math.round(this.stage.scale * 100)}%`),
      zoom('+', t('zoom_in'), () => this.stage.zoom(1.25)), h('button', {class: 'quiet', onclick: () => this.stage.fit()}, t('zoom_fit'), h('kbd', {'aria-hidden': 'true'}, '0')));
  }

  setHand(hand) {
    this.stage.hand = hand;
    this.stage.node.classList.toggle('hand', hand);
    this.drawBar();
  }

  setMode(mode) {
    if (!this.page?.picture || this.onFiles) return;
    this.mode = this.mode === mode && mode !== 'edit' ? 'edit' : mode;
    this.stage.editable = this.mayEdit;
    this.layOut();
    this.shown = null;
    this.stage.fit();
    this.other.fit();
    this.drawPage();
  }

  // ---- places and masks ----

  changed(masks) {
    this.drafts.set(this.n, masks);
    if (this.mode === 'side') this.loadOther(this.shown?.size ?? 1000).catch((e) => this.app.fail(e));
    drawPanel(this);
  }

  resetMasks() {
    this.drafts.delete(this.n);
    this.stage.setMasks(this.masks, this.mayEdit);
    this.changedElsewhere();
  }

  changedElsewhere() {
    if (this.mode === 'side') this.loadOther(this.shown?.size ?? 1000).catch((e) => this.app.fail(e));
    this.drawPage();
  }

  showPlace(i) {
    this.place = i;
    this.stage.showPlace(i);
    drawPanel(this);
  }

  // The next doubtful place; after the last one of a page the next page that waits.
  nextPlace(by) {
    const places = this.onFiles ? [] : this.page.doubts;
    const to = this.place < 0 && by < 0 ? places.length - 1 : this.place + by;
    if (to >= 0 && to < places.length) {
      this.showPlace(to);
      return;
    }
    const n = this.nextWaiting(by);
    if (n >= 0 && n !== this.n) {
      this.open(n);
      if (this.page?.doubts.length) this.showPlace(by > 0 ? 0 : this.page.doubts.length - 1);
    } else if (places.length) this.showPlace(by > 0 ? 0 : places.length - 1);
  }

  maskPlace() {
    const place = this.page?.doubts[this.place];
    if (place) this.stage.add(place);
  }

  nextWaiting(by) {
    const count = this.pages.length;
    for (let i = 1; i <= count; i++) {
      const n = (this.n + by * i + count * i) % count;
      if (WAITS.includes(this.pages[n].state)) return n;
    }
    return -1;
  }

  // ---- deciding ----

  async decide(answer, more = {}) {
    const p = this.page;
    if (!p || this.onFiles || this.locked || this.deciding) return;
    if (answer === 'yes' && this.masks.length === 0) return void toast(t('error_masks_needed'), 'bad');
    if (answer === 'no' && this.masks.length > 0) return void toast(t('error_masks_left'), 'bad');
    if (answer !== 'return' && !p.picture) return void toast(t('error_no_picture'), 'bad');
    const note = more.note ?? this.panel.querySelector('#note')?.value.trim() ?? '';
    const body = {revision: p.revision, answer, masks: answer === 'return' ? [] : this.masks, reason: more.reason ?? '', note, accept: Boolean(more.accept)};
    await this.send(url.page(this.id, p.n, 'decide'), body, () => {
      this.drafts.delete(p.n);
      forgetPage(this.id, p.n);
    }, true);
  }

  async decideReturn() {
    if (this.onFiles || !this.page || this.locked) return;
    const why = await askReturn();
    if (why) await this.decide('return', why);
  }

  async overrule() {
    const note = await askReason(t('overrule_title'), t('overrule_why'), t('overrule_go'));
    if (note) await this.decide(this.masks.length ? 'yes' : 'no', {note, accept: true});
  }

  async undo() {
    const p = this.page;
    if (!p?.by || this.locked) return;
    await this.send(url.page(this.id, p.n, 'undo'), {revision: p.revision}, () => forgetPage(this.id, p.n), false);
  }

  async decideFile(file, answer) {
    let more = {reason: '', note: ''};
    if (answer === 'return') {
      const why = await askReturn();
      if (!why) return;
      more = why;
    }
    await this.send(url.file(this.id, file.index, 'decide'), {revision: file.revision, answer, ...more}, () => {}, false);
  }

  async finish() {
    if (!['ready', 'to-return'].includes(this.data.state) || this.locked) return;
    await this.send(`${url.package(this.id)}/finish`, {}, () => {}, false);
    if (this.data && !this.data.job) this.settled();
  }

  async send(path, body, done, goOn) {
    if (this.deciding) return;
    this.deciding = true;
    const n = this.n;
    try {
      this.take(await post(path, body));
      done();
      if (goOn && this.n === n) this.onward();
      else if (this.n === n && !this.onFiles) this.open(n);
      else this.drawPage();
      this.watch();
    } catch (error) {
      this.app.fail(error);
      if (error.status === 409) await this.reload();
    } finally {
      this.deciding = false;
    }
  }

  // Somebody else was faster: shows what they did; the own draft stays.
  async reload() {
    try {
      this.take(await get(url.package(this.id)));
      this.drawPage();
    } catch (error) {
      this.app.fail(error);
    }
  }

  // After a decision: the next page that waits, then files that wait, then the button that finishes.
  onward() {
    const next = this.nextWaiting(1);
    if (next >= 0) this.open(next);
    else if (this.filesWait) this.open(this.pages.length);
    else {
      this.drawPage();
      this.panel.querySelector('.finish button')?.focus();
    }
  }

  // ---- keys ----

  key(e) {
    const onControl = document.activeElement?.closest('button, a, [role="button"]');
    if ((e.key === 'Enter' || e.key === ' ') && onControl) return false;
    if (e.key.startsWith('Arrow')) return this.arrow(e);
    const keys = {
      y: () => this.decide('yes'), n: () => this.decide('no'), r: () => this.decideReturn(), u: () => this.undo(), f: () => this.finish(),
      d: () => this.nextPlace(1), D: () => this.nextPlace(-1), m: () => this.maskPlace(), a: () => this.stage.addInView(),
      j: () => this.open(this.n + 1), k: () => this.open(this.n - 1), PageDown: () => this.open(this.n + 1), PageUp: () => this.open(this.n - 1),
      w: () => { const n = this.nextWaiting(1); if (n >= 0) this.open(n); }, g: () => this.app.go('#/'),
      b: () => this.setMode('side'), o: () => this.setMode('after'), h: () => this.setHand(!this.stage.hand),
      '+': () => this.stage.zoom(1.25), '=': () => this.stage.zoom(1.25), '-': () => this.stage.zoom(0.8), 0: () => this.stage.fit(),
      Delete: () => this.stage.remove(), Backspace: () => this.stage.remove(), Escape: () => this.escape(),
    };
    const act = keys[e.key] ?? (e.shiftKey ? undefined : keys[e.key.toLowerCase()]);
    if (!act) return false;
    act();
    return true;
  }

  escape() {
    this.stage.select(-1);
    document.activeElement?.blur();
    if (this.place >= 0) {
      this.showPlace(-1);
      this.stage.fit();
    }
  }

  arrow(e) {
    const [dx, dy] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[e.key];
    if (this.stage.selected >= 0) this.stage.nudge(dx, dy, e.shiftKey);
    else if (!this.stage.fitted) this.stage.pan(-dx * 80, -dy * 80);
    else if (dx) this.open(this.n + dx);
    else return false;
    return true;
  }

  leave() {
    this.left = true;
  }
}

export async function showDesk(main, app, to) {
  const desk = new Desk(main, app, to);
  await desk.start(to.page);
  return desk;
}
