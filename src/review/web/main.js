// Start, the bar on top, and which view is shown. The address after '#' says which: nothing, '/p/<id>', '/p/<id>/<page>', '/spot'.
import {get, post} from './api.js';
import {h, fill, toast} from './dom.js';
import {askName, showKeys, showInvitation} from './dialogs.js';
import {chooseLanguage, currentLanguage, hasText, saveLanguage, setWords, t} from './text.js';
import {showDesk} from './desk.js';
import {showList} from './list.js';
import {showSpot} from './spot.js';

const app = {state: null, view: null, refresh, go, fail, title: ''};

function go(hash) {
  if (location.hash === hash) route();
  else location.hash = hash;
}

// Tells a person what went wrong; the view goes on.
function fail(error) {
  console.debug(error);
  toast(t(hasText(error.message) ? error.message : 'error_server'), 'bad');
}

async function refresh() {
  app.state = await get('/api/state');
}

function drawTop() {
  const other = currentLanguage() === 'zh' ? 'en' : 'zh';
  const switchTo = () => {
    saveLanguage(other);
    route();
  };
  fill(document.getElementById('top'),
    h('a', {class: 'brand', href: '#/'}, h('img', {src: '/app/icon.svg', alt: ''}), t('brand')),
    app.title ? h('div', {class: 'crumb'}, h('h1', {}, app.title)) : null,
    h('div', {class: 'space'}),
    app.state?.reviewer ? h('span', {class: 'who'}, t('reviewer_is', {name: app.state.reviewer})) : null,
    h('button', {class: 'quiet', onclick: () => showInvitation().catch(fail)}, t('invite')),
    h('button', {class: 'quiet', onclick: showKeys}, t('keys'), h('kbd', {'aria-hidden': 'true'}, '?')),
    h('button', {class: 'quiet', lang: other === 'zh' ? 'zh-CN' : 'en', onclick: switchTo}, other === 'zh' ? '中文' : 'English'));
}

function parse(hash) {
  const parts = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  if (parts[0] === 'p' && parts[1]) return {name: 'desk', id: parts[1], page: parts[2] === undefined ? undefined : Number(parts[2])};
  return {name: parts[0] === 'spot' ? 'spot' : 'list'};
}

const views = {list: showList, desk: showDesk, spot: showSpot};

async function route() {
  const to = parse(location.hash);
  app.view?.leave?.();
  app.view = null;
  try {
    await refresh();
    app.title = to.name === 'desk' ? to.id : to.name === 'spot' ? t('spot_title') : '';
    document.title = app.title ? `${app.title} · ${t('brand')}` : t('brand');
    drawTop();
    app.view = await views[to.name](document.getElementById('main'), app, to);
  } catch (error) {
    showProblem(error);
  }
}

function showProblem(error) {
  console.debug(error);
  const key = hasText(error.message) ? error.message : 'error_server';
  drawTop();
  fill(document.getElementById('main'), h('div', {class: 'empty'}, h('b', {}, t('problem')), h('p', {}, t(key)),
    h('p', {}, h('a', {class: 'button', href: '#/'}, t('to_list')))));
}

function onKey(e) {
  if (document.querySelector('dialog[open]') || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.target.matches('input, textarea, select')) {
    if (e.key === 'Escape') e.target.blur();
    return;
  }
  if (e.key === '?') showKeys();
  else if (!app.view?.key?.(e)) return;
  e.preventDefault();
}

async function start() {
  chooseLanguage();
  try {
    setWords(await get('/api/words'));
    await refresh();
    drawTop();
    while (!app.state.reviewer) {
      const name = await askName();
      if (!name) continue;
      try {
        await post('/api/reviewer', {name});
      } catch (error) {
        fail(error);
      }
      await refresh();
    }
    window.addEventListener('hashchange', route);
    document.addEventListener('keydown', onKey);
    await route();
  } catch (error) {
    showProblem(error);
  }
}

start();
