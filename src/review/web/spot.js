// The second pair of eyes: finished pages, drawn at random, looked at once more.
import {get, post} from './api.js';
import {h, fill, kbd, toast} from './dom.js';
import {askReason} from './dialogs.js';
import {spotSentence} from './list.js';
import {finished, sizeFor} from './pictures.js';
import {Stage} from './stage.js';
import {t, time} from './text.js';

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
    const open = this.data.list.findIndex((i) => i.state === 'open');
    this.open(open >= 0 ? open : 0);
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
    const item = this.item, open = item?.state === 'open';
    fill(this.panel, h('div', {class: 'scroll'},
      h('section', {}, h('h2', {}, t('spot_title')), h('p', {}, spotSentence(this.data)), h('p', {class: 'muted'}, t('spot_seed', {seed: this.data.seed, percent: this.data.percent}))),
      item ? h('section', {}, h('h2', {}, t('spot_question')), h('p', {}, t('spot_question_why'))) : null,
      item?.by ? h('section', {class: `said ${item.state === 'missed' ? 'return' : ''}`}, h('b', {}, t(`spot_said_${item.state}`)), t('said_by', {who: item.by.who, time: time(item.by.time)})) : null),
    item ? h('div', {class: 'decide'},
      h('button', {class: 'primary', disabled: !open, onclick: () => this.answer('fine')}, t('spot_fine'), kbd('N')),
      h('button', {class: 'danger', disabled: !open, onclick: () => this.missed()}, t('spot_missed'), kbd('Y'))) : null);
  }

  async missed() {
    if (this.item?.state !== 'open') return;
    const note = await askReason(t('spot_missed'), t('spot_missed_why'), t('spot_missed_go'));
    if (note) await this.answer('missed', note);
  }

  async answer(answer, note = '') {
    if (this.item?.state !== 'open' || this.busy) return;
    this.busy = true;
    try {
      this.data = await post('/api/spot', {id: this.item.id, page: this.item.page, answer, note});
      if (answer === 'missed') toast(t('spot_recalled'));
      const next = this.data.list.findIndex((i) => i.state === 'open');
      if (next >= 0) this.open(next);
      else this.draw();
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
