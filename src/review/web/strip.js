// The pages of a package as a strip of thumbnails, and the files that are no pages.
import {picture, url} from './api.js';
import {h, fill} from './dom.js';
import {reasonAdvice, reasonLabel, returnLabel, t} from './text.js';

const stateText = (state) => t(`page_${state}`);

export class Strip {
  constructor(open) {
    this.open = open;
    this.buttons = [];
    this.node = h('nav', {class: 'strip', 'aria-label': t('pages_of')});
    // A thumbnail is fetched when it comes near the visible part.
    this.observer = new IntersectionObserver((entries) => {
      for (const entry of entries)
        if (entry.isIntersecting) {
          this.observer.unobserve(entry.target);
          this.fetch(entry.target);
        }
    }, {root: this.node, rootMargin: '300px'});
  }

  async fetch(shot) {
    try {
      const src = URL.createObjectURL(await picture(url.picture(this.id, shot.dataset.n, 'before', 240)));
      const img = h('img', {alt: '', src});
      img.addEventListener('load', () => URL.revokeObjectURL(src));
      fill(shot, img);
    } catch {
      fill(shot, '–');
    }
  }

  build(data) {
    this.id = data.id;
    this.buttons = data.pages.map((p) => {
      const shot = h('span', {class: 'shot', 'data-n': p.n}, p.picture ? '' : t('no_picture_short'));
      if (p.picture) this.observer.observe(shot);
      return h('button', {class: 'thumb', onclick: () => this.open(p.n)}, shot, h('span', {class: 'under'}, p.n + 1, h('span', {class: 'dot'})));
    });
    if (data.files.length)
      this.buttons.push(h('button', {class: 'thumb', onclick: () => this.open(data.pages.length)}, h('span', {class: 'under'}, t('files_short', {n: data.files.length}), h('span', {class: 'dot'}))));
    fill(this.node, this.buttons);
  }

  update(data, current) {
    if (this.buttons.length !== data.pages.length + (data.files.length ? 1 : 0)) this.build(data);
    this.buttons.forEach((button, i) => {
      const page = data.pages[i];
      const state = page ? page.state : data.files.some((f) => f.state === 'waiting') ? 'waiting' : 'decided';
      button.querySelector('.dot').className = `dot ${state}`;
      button.setAttribute('aria-label', page ? `${t('page_label', {n: i + 1, of: data.pages.length})}, ${stateText(state)}` : t('files_short', {n: data.files.length}));
      if (i === current) {
        if (button.getAttribute('aria-current') !== 'true') button.scrollIntoView({block: 'nearest'});
        button.setAttribute('aria-current', 'true');
      } else button.removeAttribute('aria-current');
    });
  }
}

function fileCard(desk, file) {
  const act = (answer, key, kind) => h('button', {class: kind, disabled: desk.locked, onclick: () => desk.decideFile(file, answer)}, t(key));
  const decided = {decided: 'file_left_out', return: 'file_returned'}[file.state];
  return h('div', {class: 'card'},
    h('div', {}, h('b', {}, file.entry), h('p', {}, `${reasonLabel(file.reason)}。${reasonAdvice(file.reason)}`),
      decided ? h('p', {}, t(decided, {who: file.by.who}), file.state === 'return' ? ` ${returnLabel(file.by.reason)} ${file.by.note}` : '') : null),
    file.state === 'waiting' ? [act('leave-out', 'file_leave_out', ''), act('return', 'send_back', '')] : null,
    decided && !desk.locked ? act('undo', 'undo', 'quiet') : null);
}

export function drawFiles(desk) {
  return h('div', {class: 'files'}, h('h2', {}, t('files_title')), desk.data.files.map((f) => fileCard(desk, f)));
}
