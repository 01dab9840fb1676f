// All packages: what waits, and why.
import {h, fill} from './dom.js';
import {reasonLabel, t} from './text.js';

const TABS = ['waiting', 'ready', 'to-return', 'returned', 'released', 'failed', 'all'];
const remembered = {tab: '', text: ''};

const key = (word) => word.replace('-', '_');
const busy = (p) => p.state === 'waiting' || p.state === 'ready' || p.state === 'to-return';

export function firstToDo(state, after) {
  const from = state.packages.findIndex((p) => p.id === after) + 1;
  const order = [...state.packages.slice(from), ...state.packages.slice(0, from)];
  return order.find((p) => p.state === 'waiting' && p.id !== after) ?? order.find((p) => busy(p) && p.id !== after);
}

const link = (p) => `#/p/${encodeURIComponent(p.id)}`;

function row(p) {
  const why = p.state === 'released' ? '' : p.reasons.map(reasonLabel).join(' · ');
  return h('a', {class: 'row', href: link(p)},
    h('span', {class: 'id'}, p.id), h('span', {}, h('span', {class: `chip ${p.state}`}, t(`state_${key(p.state)}`))),
    h('span', {class: 'number'}, p.waiting ? t('pages_wait', {n: p.waiting}) : ''), h('span', {class: 'why', title: why}, why),
    h('span', {class: 'end number muted'}, p.read ? t('pages', {n: p.pages}) : '…'));
}

function spotCard(spot) {
  if (!spot) return null;
  const left = spot.items - spot.looked;
  return h('section', {class: 'spot-card', 'aria-label': t('spot_title')},
    h('div', {}, h('h2', {}, t('spot_title')), h('p', {}, spotSentence(spot))),
    h('a', {class: 'button', href: '#/spot'}, left ? t('spot_go', {n: left}) : t('spot_see')));
}

export function spotSentence(spot) {
  const percent = (x) => `${(100 * x).toFixed(x < 0.1 ? 2 : 1)}%`;
  if (!spot.items) return t('spot_none');
  if (!spot.looked) return t('spot_not_yet', {n: spot.items, percent: spot.percent});
  return t('spot_rate', {looked: spot.looked, items: spot.items, missed: spot.missed, rate: percent(spot.rate), low: percent(spot.low), high: percent(spot.high)});
}

function lead(state, todo) {
  const waiting = state.packages.filter((p) => p.state === 'waiting');
  const pages = waiting.reduce((sum, p) => sum + p.waiting, 0);
  const ready = state.packages.filter((p) => p.state === 'ready' || p.state === 'to-return').length;
  const sentence = state.reading ? t('lead_reading', {packages: waiting.length}) : waiting.length ? t('lead_waiting', {packages: waiting.length, pages}) : ready ? t('lead_ready', {n: ready}) : t('lead_done');
  return h('div', {class: 'lead'}, h('div', {}, h('h1', {}, sentence), h('p', {}, t('lead_of', {n: state.packages.length}))),
    todo ? h('a', {class: 'button primary', href: link(todo)}, waiting.length ? t('start') : t('go_on'), h('kbd', {'aria-hidden': 'true'}, 'Enter')) : null);
}

export function showList(main, app) {
  const {packages, spot} = app.state;
  const todo = firstToDo(app.state);
  const counts = Object.fromEntries(TABS.map((tab) => [tab, tab === 'all' ? packages.length : packages.filter((p) => p.state === tab).length]));
  if (!counts[remembered.tab]) remembered.tab = TABS.find((tab) => counts[tab]) ?? 'all';
  const rows = h('div', {class: 'rows'});
  const tabs = h('div', {class: 'tabs', role: 'group', 'aria-label': t('filter')});
  const search = h('input', {class: 'search', type: 'search', placeholder: t('search'), 'aria-label': t('search'), value: remembered.text,
    oninput: () => { remembered.text = search.value; draw(); }});

  function draw() {
    const text = remembered.text.trim().toLowerCase();
    const shown = packages.filter((p) => (remembered.tab === 'all' || p.state === remembered.tab) && p.id.toLowerCase().includes(text));
    fill(tabs, TABS.filter((tab) => counts[tab] || tab === remembered.tab).map((tab) => h('button', {
      'aria-pressed': String(tab === remembered.tab), onclick: () => { remembered.tab = tab; draw(); },
    }, t(tab === 'all' ? 'all' : `state_${key(tab)}`), h('span', {class: 'number'}, counts[tab]))));
    const head = h('div', {class: 'row head', 'aria-hidden': 'true'}, ...['col_id', 'col_state', 'col_waiting', 'col_why'].map((k) => h('span', {}, t(k))),
      h('span', {class: 'end'}, t('col_pages')));
    fill(rows, shown.length ? [head, shown.map(row)] : h('div', {class: 'empty'}, h('b', {}, t(packages.length ? 'none_here' : 'none_at_all')),
      t(packages.length ? 'none_here_why' : 'none_at_all_why')));
  }

  draw();
  const returned = packages.some((p) => p.state === 'returned');
  fill(main, h('div', {class: 'list'}, lead(app.state, todo), spotCard(spot),
    h('div', {class: 'tools'}, tabs, returned ? h('a', {class: 'button', href: '/returns.html', target: '_blank', rel: 'noopener'}, t('return_list')) : null,
      returned ? h('a', {class: 'button', href: '/returns.csv', download: 'returns.csv'}, 'CSV') : null, search),
    rows));
  main.scrollTop = 0;
  let left = false;

  // The server is still reading reports: what it knows is shown, and the rest when it knows it.
  async function waitForCounts() {
    while (!left && app.state.reading) {
      await new Promise((done) => setTimeout(done, 400));
      if (left) return;
      try {
        await app.refresh();
      } catch (error) {
        app.fail(error);
        return;
      }
    }
    if (left) return;
    const on = document.activeElement?.getAttribute('href'), searching = document.activeElement === search;
    view.become(showList(main, app));
    if (searching) main.querySelector('.search').focus();
    else if (on) [...main.querySelectorAll('a.row')].find((a) => a.getAttribute('href') === on)?.focus();
  }

  const view = {
    become(next) {
      left = true;
      if (app.view === view) app.view = next;
    },
    leave() {
      left = true;
    },
    key(e) {
      const onLink = document.activeElement?.closest('a, button');
      if (e.key === 'Enter' && !onLink && todo) app.go(link(todo));
      else if (e.key === 'ArrowDown' || e.key === 'j') step(1);
      else if (e.key === 'ArrowUp' || e.key === 'k') step(-1);
      else if (e.key === '/') search.focus();
      else return false;
      return true;
    },
  };
  if (app.state.reading) waitForCounts();
  return view;

  function step(by) {
    const links = [...rows.querySelectorAll('a.row')];
    const at = links.indexOf(document.activeElement);
    links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  }
}
