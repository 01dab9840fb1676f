// The second pair of eyes: finished pages, drawn at random, looked at once more.
import {get, post} from './api.js';
import {h, fill, kbd, toast} from './dom.js';
import {askReason} from './dialogs.js';
import {spotSentence} from './list.js';
import {finished, sizeFor} from './pictures.js';
import {Stage} from './stage.js';
import {t, time} from './text.js';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

class Spot {
  constructor(main, app) {
    this.app = app;
    this.stage = new Stage({needs: (px) => this.needs(px)});
    this.stage.node.classList.add('viewing');
    this.panel = h('aside', {class: 'panel', 'aria-label': t('panel')});
    this.well = h('div', {class: 'well'});
    this.strip = h('nav', {class: 'strip', 'aria-label': t('pages_of')});
    fill(main, h('div', {class: 'desk'}, this.strip, h('section', {class: 'middle', 'aria-label': t('picture')}, h('div', {class: 'views'}, this.well)), this.panel));
  }

  async start() {
    this.data = await get('/api/spot');
    const open = this.data.list.findIndex((i) => i.state === 'open' || i.recall === 'failed');
    this.open(open >= 0 ? open : 0);
    this.watch();
  }

  // While a package is taken back, until it is known whether that was done.
  async watch() {
    if (this.watching) return;
    this.watching = true;
    try {
      let doing = this.data.list.filter((i) => i.recall === 'doing');
      while (doing.length && !this.left) {
        await pause(350);
        if (this.left) return;
        const was = this.item;
        this.data = await get('/api/spot');
        const of = (item) => this.data.list.findIndex((i) => i.id === item.id && i.page === item.page);
        const ended = doing.map((i) => this.data.list[of(i)]).filter((i) => i && i.recall !== 'doing');
        if (ended.some((i) => i.recall === 'failed')) toast(t('spot_not_recalled'), 'bad');
        else if (ended.length) toast(t('spot_recalled'));
        doing = this.data.list.filter((i) => i.recall === 'doing');
        if (was && of(was) < 0) this.open(0); // its package is not released any more
        else {
          if (was) this.n = of(was);
          this.draw();
        }
      }
    } catch (error) {
      if (!this.left) this.app.fail(error);
    } finally {
      this.watching = false;
    }
  }

  leave() {
    this.left = true;
  }

  get item() { return this.data.list[this.n]; }

  open(n) {
    this.n = Math.max(0, Math.min(n, this.data.list.length - 1));
    this.shown = null;
    this.draw();
    if (!this.item) return;
    this.stage.setLoading();
    this.stage.show({w: this.item.w, h: this.item.h, masks: [], places: [], editable: false, label: t('after')});
  }

  async needs(pixels) {
    const item = this.item;
    if (!item) return;
    const size = sizeFor(Math.min(pixels, Math.max(item.w, item.h)));
    const full = (s) => s || Infinity;
    if (this.shown && full(this.shown.size) >= full(size)) return;
    const shown = (this.shown = {size});
    try {
      const src = await finished(item.id, item.page, size);
      if (this.shown === shown) await this.stage.setPicture(src);
    } catch (error) {
      if (this.shown === shown) this.app.fail(error);
    }
  }

  draw() {
    const {list} = this.data;
    fill(this.strip, list.map((item, i) => h('button', {class: 'thumb', 'aria-current': i === this.n ? 'true' : undefined, onclick: () => this.open(i)},
      h('span', {class: 'under'}, `${item.id} · ${item.page + 1}`, h('span', {class: `dot ${item.state}`})))));
    this.strip.querySelector('[aria-current]')?.scrollIntoView({block: 'nearest'});
    fill(this.well, this.item ? this.stage.node : h('div', {class: 'none'}, h('b', {}, t('spot_none'))));
    const item = this.item, open = item?.state === 'open', again = item?.recall === 'failed';
    const saying = {doing: 'spot_recalling', failed: 'spot_not_recalled'}[item?.recall] ?? `spot_said_${item?.state}`;
    fill(this.panel, h('div', {class: 'scroll'},
      h('section', {}, h('h2', {}, t('spot_title')), h('p', {}, spotSentence(this.data)), h('p', {class: 'muted'}, t('spot_seed', {seed: this.data.seed, percent: this.data.percent}))),
      item ? h('section', {}, h('h2', {}, t('spot_question')), h('p', {}, t('spot_question_why'))) : null,
      item?.by ? h('section', {class: `said ${item.state === 'missed' ? 'return' : ''}`}, h('b', {}, t(saying)), t('said_by', {who: item.by.who, time: time(item.by.time)}),
        again && item.failure ? h('div', {}, t(`failure_${item.failure}`)) : null) : null),
    item ? h('div', {class: 'decide'},
      h('button', {class: 'primary', disabled: !open, onclick: () => this.answer('fine')}, t('spot_fine'), kbd('N')),
      h('button', {class: 'danger', disabled: !open && !again, onclick: () => this.missed()}, t(again ? 'spot_again' : 'spot_missed'), kbd('Y'))) : null);
  }

  async missed() {
    if (this.item?.recall === 'failed') return void await this.answer('missed');
    if (this.item?.state !== 'open') return;
    const note = await askReason(t('spot_missed'), t('spot_missed_why'), t('spot_missed_go'));
    if (note) await this.answer('missed', note);
  }

  async answer(answer, note = '') {
    if ((this.item?.state !== 'open' && !(answer === 'missed' && this.item?.recall === 'failed')) || this.busy) return;
    this.busy = true;
    try {
      this.data = await post('/api/spot', {id: this.item.id, page: this.item.page, answer, note});
      const next = this.data.list.findIndex((i) => i.state === 'open');
      if (next >= 0) this.open(next);
      else this.draw();
      this.watch();
    } catch (error) {
      this.app.fail(error);
    } finally {
      this.busy = false;
    }
  }

  key(e) {
    const act = {n: () => this.answer('fine'), y: () => this.missed(), j: () => this.open(this.n + 1), k: () => this.open(this.n - 1), g: () => this.app.go('#/'),
      '+': () => this.stage.zoom(1.25), '-': () => this.stage.zoom(0.8), 0: () => this.stage.fit()}[e.key.toLowerCase()];
    if (!act) return false;
    act();
    return true;
  }
}

export async function showSpot(main, app) {
  const spot = new Spot(main, app);
  await spot.start();
  return spot;
}
