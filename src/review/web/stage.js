// The picture with its masks and places: fit, zoom, pan; masks drawn, moved, resized and deleted with mouse or keys.
//
// Coordinates are pixels of the upright page at full size. Boxes are laid over the picture in screen pixels, so that their edges stay thin
// at any zoom.
import {h, fill} from './dom.js';
import {t, reasonLabel} from './text.js';

const MIN_SIDE = 4;
const STEP = 8;

export class Stage {
  // on: {change(masks), select(index), needs(pixels)}: masks were changed by the person; a box was selected; the picture is shown with this
  // many screen pixels along its long side.
  constructor(on) {
    this.on = on;
    this.page = {w: 1, h: 1};
    this.masks = [];
    this.places = [];
    this.selected = -1;
    this.current = -1;
    this.editable = false;
    this.hand = false;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.fitted = true;
    this.img = h('img', {alt: '', draggable: 'false'});
    this.layer = h('div', {class: 'layer'});
    this.node = h('div', {class: 'stage'}, this.img, this.layer);
    this.node.addEventListener('wheel', (e) => this.wheel(e), {passive: false});
    this.node.addEventListener('pointerdown', (e) => this.down(e));
    this.node.addEventListener('contextmenu', (e) => e.preventDefault());
    new ResizeObserver(() => this.resized()).observe(this.node);
  }

  show({w, h: height, masks, places, editable, label}) {
    this.page = {w, h: height};
    this.masks = masks.map((m) => ({...m}));
    this.places = places;
    this.editable = editable;
    this.selected = -1;
    this.current = -1;
    this.img.alt = label;
    this.fit();
  }

  setMasks(masks, editable) {
    this.masks = masks.map((m) => ({...m}));
    this.editable = editable;
    this.selected = Math.min(this.selected, masks.length - 1);
    this.draw();
  }

  // Takes a decoded image; one that another stage shows is copied.
  setPicture(image) {
    const next = image.parentNode && image !== this.img ? image.cloneNode() : image;
    next.alt = this.img.alt;
    if (next !== this.img) this.img.replaceWith(next);
    this.img = next;
    this.node.classList.remove('loading');
    this.place();
  }

  setLoading() {
    const none = h('img', {alt: this.img.alt, draggable: 'false'});
    this.img.replaceWith(none);
    this.img = none;
    this.node.classList.add('loading');
  }

  // ---- where the picture lies ----

  get view() {
    return {w: this.node.clientWidth || 1, h: this.node.clientHeight || 1};
  }

  get fitScale() {
    const margin = 16;
    return Math.min((this.view.w - margin) / this.page.w, (this.view.h - margin) / this.page.h);
  }

  fit() {
    this.fitted = true;
    this.scale = this.fitScale;
    this.x = (this.view.w - this.page.w * this.scale) / 2;
    this.y = (this.view.h - this.page.h * this.scale) / 2;
    this.place();
  }

  zoom(factor, cx = this.view.w / 2, cy = this.view.h / 2) {
    const to = Math.min(Math.max(this.scale * factor, this.fitScale), 4 / (window.devicePixelRatio || 1));
    const by = to / this.scale;
    this.x = cx - (cx - this.x) * by;
    this.y = cy - (cy - this.y) * by;
    this.scale = to;
    this.fitted = to <= this.fitScale * 1.001;
    if (this.fitted) this.fit();
    else this.place();
  }

  pan(dx, dy) {
    if (this.fitted) return;
    this.x += dx;
    this.y += dy;
    this.place();
  }

  // Brings a place into view, large enough to be read.
  look(rect) {
    const want = Math.min(this.view.w * 0.5 / rect.w, this.view.h * 0.35 / rect.h, 1.25);
    this.scale = Math.max(want, this.fitScale);
    this.fitted = this.scale <= this.fitScale * 1.001;
    this.x = this.view.w / 2 - (rect.x + rect.w / 2) * this.scale;
    this.y = this.view.h / 2 - (rect.y + rect.h / 2) * this.scale;
    if (this.fitted) this.fit();
    else this.place();
  }

  resized() {
    if (!this.node.clientWidth) return; // not on the page at the moment
    if (this.fitted) this.fit();
    else this.place();
  }

  keepInView() {
    const keep = (at, size, view) => size <= view ? (view - size) / 2 : Math.min(Math.max(at, view - size - 8), 8);
    this.x = keep(this.x, this.page.w * this.scale, this.view.w);
    this.y = keep(this.y, this.page.h * this.scale, this.view.h);
  }

  place() {
    this.keepInView();
    Object.assign(this.img.style, {left: `${this.x}px`, top: `${this.y}px`, width: `${this.page.w * this.scale}px`, height: `${this.page.h * this.scale}px`});
    this.on.needs?.(Math.max(this.page.w, this.page.h) * this.scale * (window.devicePixelRatio || 1));
    this.draw();
  }

  // ---- boxes ----

  css(rect) {
    return {left: `${this.x + rect.x * this.scale}px`, top: `${this.y + rect.y * this.scale}px`, width: `${rect.w * this.scale}px`, height: `${rect.h * this.scale}px`};
  }

  draw() {
    const focused = this.layer.contains(document.activeElement) ? document.activeElement.dataset.mask : undefined;
    const boxes = this.masks.map((mask, i) => this.maskBox(mask, i));
    const places = this.places.map((p, i) => this.placeBox(p, i));
    fill(this.layer, places, boxes);
    if (focused !== undefined) this.layer.querySelector(`[data-mask="${focused}"]`)?.focus({preventScroll: true});
  }

  maskBox(mask, i) {
    const box = h('div', {
      class: `mask${i === this.selected ? ' selected' : ''}${this.editable ? ' editable' : ''}`, 'data-mask': i, tabindex: this.editable ? 0 : undefined,
      role: this.editable ? 'button' : 'img', 'aria-label': t('mask_label', {n: i + 1, kind: t(`kind_${mask.kind}`)}),
      onfocus: () => this.select(i),
    });
    Object.assign(box.style, this.css(mask));
    if (this.editable && i === this.selected)
      for (const dir of ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w']) box.append(h('span', {class: `handle ${dir}`, 'data-dir': dir}));
    return box;
  }

  placeBox(place, i) {
    const box = h('div', {class: `place ${place.reason}${i === this.current ? ' current' : ''}`, title: reasonLabel(place.reason)}, h('span', {}, i + 1));
    const grown = {x: place.x - 4 / this.scale, y: place.y - 4 / this.scale, w: place.w + 8 / this.scale, h: place.h + 8 / this.scale};
    Object.assign(box.style, this.css(grown));
    return box;
  }

  select(i, focus = false) {
    if (this.selected === i && !focus) return;
    this.selected = i;
    this.draw();
    if (i >= 0 && focus) this.layer.querySelector(`[data-mask="${i}"]`)?.focus({preventScroll: true});
    this.on.select?.(i);
  }

  showPlace(i) {
    this.current = i;
    if (i >= 0) this.look(this.places[i]);
    else this.draw();
  }

  // ---- changing masks ----

  clip(rect) {
    const x0 = Math.max(0, Math.round(Math.min(rect.x, rect.x + rect.w))), y0 = Math.max(0, Math.round(Math.min(rect.y, rect.y + rect.h)));
    const x1 = Math.min(this.page.w, Math.round(Math.max(rect.x, rect.x + rect.w))), y1 = Math.min(this.page.h, Math.round(Math.max(rect.y, rect.y + rect.h)));
    return {x: x0, y: y0, w: x1 - x0, h: y1 - y0};
  }

  changed() {
    this.draw();
    this.on.change?.(this.masks.map((m) => ({...m})));
  }

  add(rect) {
    const clipped = this.clip(rect);
    if (!this.editable || clipped.w < MIN_SIDE || clipped.h < MIN_SIDE) return;
    this.masks.push({...clipped, kind: 'manual'});
    this.selected = this.masks.length - 1;
    this.changed();
    this.select(this.selected, true);
  }

  // A new mask in the middle of what is seen, for the keyboard.
  addInView() {
    const w = this.view.w * 0.2 / this.scale, height = Math.min(w / 4, this.page.h / 10);
    this.add({x: (this.view.w / 2 - this.x) / this.scale - w / 2, y: (this.view.h / 2 - this.y) / this.scale - height / 2, w, h: height});
  }

  remove() {
    if (!this.editable || this.selected < 0) return;
    this.masks.splice(this.selected, 1);
    this.selected = -1;
    this.changed();
  }

  // Moves (or with `grow` resizes at the right and lower edge) the selected mask by whole steps.
  nudge(dx, dy, grow) {
    const mask = this.masks[this.selected];
    if (!this.editable || !mask) return;
    const next = grow ? {x: mask.x, y: mask.y, w: Math.max(mask.w + dx * STEP, STEP), h: Math.max(mask.h + dy * STEP, STEP)}
      : {x: mask.x + dx * STEP, y: mask.y + dy * STEP, w: mask.w, h: mask.h};
    if (!grow) {
      next.x = Math.min(Math.max(next.x, 0), this.page.w - mask.w);
      next.y = Math.min(Math.max(next.y, 0), this.page.h - mask.h);
    }
    Object.assign(mask, this.clip(next), {kind: 'manual'});
    this.changed();
  }

  // ---- mouse, pen, finger ----

  wheel(e) {
    e.preventDefault();
    const box = this.node.getBoundingClientRect();
    this.zoom(Math.exp(-e.deltaY * (e.deltaMode ? 0.05 : 0.0015)), e.clientX - box.left, e.clientY - box.top);
  }

  down(e) {
    const box = e.target.closest('.mask');
    const pans = this.hand || e.button === 1 || e.button === 2 || this.spaceHeld;
    if (pans || !this.editable) this.track(e, this.panner(e));
    else if (e.button !== 0) return;
    else if (box) this.track(e, this.mover(e, Number(box.dataset.mask), e.target.dataset.dir));
    else this.track(e, this.drawer(e));
  }

  // Follows the pointer until it is let go; step(dx, dy) in screen pixels, end(moved).
  track(e, {step, end}) {
    e.preventDefault();
    let moved = false;
    const move = (m) => {
      const dx = m.clientX - e.clientX, dy = m.clientY - e.clientY;
      moved ||= Math.abs(dx) + Math.abs(dy) > 3;
      if (moved) step(dx, dy);
    };
    const stop = () => {
      this.node.removeEventListener('pointermove', move);
      this.node.removeEventListener('pointerup', stop);
      this.node.removeEventListener('pointercancel', stop);
      end?.(moved);
    };
    this.node.setPointerCapture(e.pointerId);
    this.node.addEventListener('pointermove', move);
    this.node.addEventListener('pointerup', stop);
    this.node.addEventListener('pointercancel', stop);
  }

  panner() {
    const from = {x: this.x, y: this.y};
    this.node.classList.add('panning');
    return {
      step: (dx, dy) => {
        this.x = from.x + dx;
        this.y = from.y + dy;
        this.place();
      },
      end: () => this.node.classList.remove('panning'),
    };
  }

  mover(e, i, dir) {
    this.select(i, true);
    const from = {...this.masks[i]};
    return {
      step: (sx, sy) => {
        const dx = sx / this.scale, dy = sy / this.scale;
        const next = dir ? this.resize(from, dir, dx, dy) : {
          ...from, x: Math.min(Math.max(from.x + dx, 0), this.page.w - from.w), y: Math.min(Math.max(from.y + dy, 0), this.page.h - from.h),
        };
        const clipped = this.clip(next);
        if (clipped.w < MIN_SIDE || clipped.h < MIN_SIDE) return;
        Object.assign(this.masks[i], clipped, {kind: 'manual'});
        this.draw();
      },
      end: (moved) => {
        if (moved) this.changed();
      },
    };
  }

  resize(from, dir, dx, dy) {
    const r = {...from};
    if (dir.includes('w')) Object.assign(r, {x: from.x + dx, w: from.w - dx});
    if (dir.includes('e')) r.w = from.w + dx;
    if (dir.includes('n')) Object.assign(r, {y: from.y + dy, h: from.h - dy});
    if (dir.includes('s')) r.h = from.h + dy;
    return r;
  }

  drawer(e) {
    const box = this.node.getBoundingClientRect();
    const x = (e.clientX - box.left - this.x) / this.scale, y = (e.clientY - box.top - this.y) / this.scale;
    const ghost = h('div', {class: 'mask ghost'});
    let rect = {x, y, w: 0, h: 0};
    this.select(-1);
    this.layer.append(ghost);
    return {
      step: (dx, dy) => {
        rect = this.clip({x, y, w: dx / this.scale, h: dy / this.scale});
        Object.assign(ghost.style, this.css(rect));
      },
      end: (moved) => {
        ghost.remove();
        if (moved) this.add(rect);
      },
    };
  }
}
