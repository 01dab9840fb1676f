// The right side: why the page waits, where to look, what was decided, and the answers.
import {h, fill, kbd} from './dom.js';
import {reasonAdvice, reasonLabel, returnLabel, t, time} from './text.js';

const same = (a, b) => a.length === b.length && a.every((m, i) => ['x', 'y', 'w', 'h'].every((k) => m[k] === b[i][k]));

function title(desk, page) {
  return h('div', {}, h('div', {class: 'title'}, h('b', {class: 'number'}, t('page_label', {n: page.n + 1, of: desk.pages.length})),
    h('span', {class: `chip ${page.state}`}, t(`page_${page.state}`))), h('div', {class: 'entry'}, page.entry));
}

function why(page) {
  if (!page.reasons.length || page.by) return null;
  return h('section', {}, h('h2', {}, t('why')), h('ul', {class: 'why-list'},
    page.reasons.map((r) => h('li', {}, h('b', {}, reasonLabel(r)), reasonAdvice(r)))));
}

function places(desk, page) {
  if (!page.doubts.length) return null;
  return h('section', {}, h('h2', {}, t('places')), h('div', {class: 'places'}, page.doubts.map((d, i) =>
    h('button', {'aria-pressed': String(desk.place === i), onclick: () => desk.showPlace(i)}, h('b', {}, i + 1), reasonLabel(d.reason)))),
  desk.place >= 0 && desk.mayEdit ? h('div', {class: 'places'}, h('button', {onclick: () => desk.maskPlace()}, t('mask_place'), kbd('M'))) : null);
}

// Masks on the screen that are not those which were decided about, and checked.
const changed = (desk, page) => desk.drafts.has(page.n) && !same(desk.masks, page.masks);

function objection(desk, page) {
  if (page.state !== 'objection') return null;
  const visible = page.objection === 'name-still-visible';
  return h('section', {class: 'objection-box', role: 'alert'}, h('b', {}, t(visible ? 'objection_visible' : 'objection_file')),
    visible ? t('objection_visible_why') : reasonLabel(page.objection),
    visible && !desk.locked && !changed(desk, page) ? h('div', {}, h('button', {class: 'danger', onclick: () => desk.overrule()}, t('overrule'))) : null);
}

function masks(desk, page) {
  if (!page.picture) return null;
  const now = desk.masks;
  return h('section', {}, h('div', {class: 'mask-line'}, h('h2', {}, now.length ? t('masks_n', {n: now.length}) : t('masks_none')),
    changed(desk, page) && desk.mayEdit ? h('button', {class: 'quiet', onclick: () => desk.resetMasks()}, t('masks_reset')) : null),
  desk.mayEdit ? h('p', {class: 'muted'}, t('masks_how')) : null);
}

function said(page) {
  if (!page.by) return null;
  const what = page.by.decision === 'return' ? t('said_return', {why: returnLabel(page.by.reason)})
    : page.by.decision.startsWith('masked') ? t('said_masked') : t('said_clear');
  return h('section', {class: `said ${page.by.decision === 'return' ? 'return' : ''}`}, h('b', {}, what), t('said_by', {who: page.by.who, time: time(page.by.time)}),
    page.by.decision.endsWith('-override') ? h('div', {}, t('said_override')) : null, page.by.note ? h('div', {}, page.by.note) : null);
}

function answers(desk, page) {
  if (desk.locked) return null;
  const blocked = !page.picture;
  const hasMasks = desk.masks.length > 0 || page.state === 'objection';
  const yes = h('button', {class: hasMasks ? 'primary' : '', disabled: blocked, onclick: () => desk.decide('yes')}, t('answer_yes'), kbd('Y'));
  const no = h('button', {class: hasMasks || blocked ? '' : 'primary', disabled: blocked, onclick: () => desk.decide('no')}, t('answer_no'), kbd('N'));
  return h('div', {class: 'decide'}, yes, no, h('div', {class: 'pair'},
    h('button', {onclick: () => desk.decideReturn()}, t('send_back'), kbd('R')),
    h('button', {disabled: !page.by, onclick: () => desk.undo()}, t('undo'), kbd('U'))));
}

function finish(desk) {
  const {data} = desk;
  const settled = data.pages.filter((p) => !['waiting', 'objection', 'checking'].includes(p.state)).length + data.files.filter((f) => f.state !== 'waiting').length;
  const all = data.pages.length + data.files.length;
  if (data.state === 'released' || data.state === 'failed')
    return h('div', {class: 'finish'}, h('div', {class: 'progress-line'}, t(data.state === 'released' ? 'is_released' : 'is_failed')));
  const bar = h('div', {});
  bar.style.width = `${all ? 100 * settled / all : 0}%`;
  const label = data.job === 'finishing' ? 'finishing' : data.state === 'to-return' || data.state === 'returned' ? 'finish_return' : 'finish_release';
  const ready = ['ready', 'to-return'].includes(data.state) && !data.job && !data.problem;
  return h('div', {class: 'finish'}, h('div', {class: 'progress-line'}, h('span', {class: 'number'}, t('settled_of', {n: settled, all})),
    data.state === 'returned' ? h('span', {}, t('state_returned')) : null),
  h('div', {class: 'progress', 'aria-hidden': 'true'}, bar),
  h('button', {class: ready ? 'primary' : '', disabled: !ready, onclick: () => desk.finish()}, t(label), kbd('F')));
}

export function drawPanel(desk) {
  const page = desk.onFiles ? null : desk.page;
  const noteText = desk.panel.querySelector('#note')?.value ?? '';
  const notePage = desk.panel.dataset.page;
  const focused = desk.panel.contains(document.activeElement) ? document.activeElement.textContent : null;
  if (document.activeElement?.id === 'note' && notePage === String(desk.n)) return; // somebody is writing
  const note = page && !desk.locked ? h('section', {}, h('label', {for: 'note'}, h('h2', {}, t('note'))),
    h('textarea', {class: 'note', id: 'note', maxlength: '500', placeholder: t('note_how'), value: notePage === String(desk.n) ? noteText : ''})) : null;
  const problem = desk.data.problem ? h('section', {class: 'objection-box', role: 'alert'}, h('b', {}, t('problem_title')), t(`problem_${desk.data.problem.replaceAll('-', '_')}`)) : null;
  const failure = desk.data.failure && !desk.data.job ? h('section', {class: 'objection-box', role: 'alert'}, h('b', {}, t('failure_title')), t(`failure_${desk.data.failure.replaceAll('-', '_')}`)) : null;
  desk.panel.dataset.page = String(desk.n);
  fill(desk.panel, h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('panel')}, problem, failure,
    page ? [title(desk, page), objection(desk, page), said(page), why(page), places(desk, page), masks(desk, page), note] : h('p', {class: 'muted'}, t('files_help'))),
  page ? answers(desk, page) : null, finish(desk));
  if (focused) [...desk.panel.querySelectorAll('button')].find((b) => b.textContent === focused && !b.disabled)?.focus({preventScroll: true});
}
