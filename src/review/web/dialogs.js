// What is asked in a dialog: the reviewer's name, why a page goes back, a reason; and the list of keys.
import {post} from './api.js';
import {ask, h, kbd} from './dom.js';
import {returnAdvice, returnLabel, returnWords, t} from './text.js';

export function askName() {
  return ask(t('name_title'), (close) => {
    const input = h('input', {type: 'text', id: 'reviewer', maxlength: '60', autocomplete: 'off', required: true, autofocus: true});
    return h('form', {method: 'dialog', onsubmit: (e) => { e.preventDefault(); if (input.value.trim()) close(input.value.trim()); }},
      h('h2', {}, t('name_title')), h('p', {}, t('name_why')), h('label', {for: 'reviewer'}, t('name_label')), input,
      h('div', {class: 'buttons'}, h('button', {class: 'primary', type: 'submit'}, t('name_go'))));
  });
}

// Why a page or a file goes back to the applicant: {reason, note}, or undefined. A digit chooses and answers at once.
export function askReturn() {
  return ask(t('return_title'), (close) => {
    let chosen = '';
    const note = h('textarea', {id: 'return-note', maxlength: '500', rows: '2'});
    const hint = h('p', {class: 'hint'}, t('return_hint'));
    const send = h('button', {class: 'primary', type: 'submit', disabled: true}, t('return_go'));
    const words = returnWords();
    const buttons = words.map((word, i) => h('button', {type: 'button', 'aria-pressed': 'false', onclick: () => choose(i)}, kbd(i + 1), returnLabel(word)));
    function choose(i) {
      chosen = words[i];
      buttons.forEach((b, k) => b.setAttribute('aria-pressed', String(k === i)));
      hint.textContent = returnAdvice(chosen);
      send.disabled = false;
      if (chosen === 'other') note.focus();
    }
    function submit() {
      if (chosen === 'other' && !note.value.trim()) note.focus();
      else if (chosen) close({reason: chosen, note: note.value.trim()});
    }
    return h('form', {
      method: 'dialog', onsubmit: (e) => { e.preventDefault(); submit(); },
      onkeydown: (e) => {
        const i = Number(e.key) - 1;
        if (e.target === note || !(i in words)) return;
        e.preventDefault();
        choose(i);
        if (chosen !== 'other') submit();
      },
    },
    h('h2', {}, t('return_title')), h('div', {class: 'choices'}, buttons), hint,
    h('label', {for: 'return-note'}, t('return_note')), note,
    h('div', {class: 'buttons'}, h('button', {type: 'button', onclick: () => close()}, t('cancel')), send));
  });
}

// A reason that must be given; undefined when it is not.
export function askReason(title, why, go) {
  return ask(title, (close) => {
    const note = h('textarea', {id: 'reason', maxlength: '500', rows: '3', required: true, autofocus: true});
    return h('form', {method: 'dialog', onsubmit: (e) => { e.preventDefault(); if (note.value.trim()) close(note.value.trim()); }},
      h('h2', {}, title), h('p', {}, why), h('label', {for: 'reason'}, t('reason_label')), note,
      h('div', {class: 'buttons'}, h('button', {type: 'button', onclick: () => close()}, t('cancel')), h('button', {class: 'danger', type: 'submit'}, go)));
  });
}

export async function showInvitation() {
  const {url} = await post('/api/invite');
  await ask(t('invite'), (close) => h('form', {method: 'dialog', onsubmit: () => close()}, h('h2', {}, t('invite')), h('p', {}, t('invite_why')),
    h('output', {class: 'link'}, url), h('div', {class: 'buttons'}, h('button', {class: 'primary', type: 'submit'}, t('close')))));
}

const KEYS = [['Y', 'key_yes'], ['N', 'key_no'], ['R', 'key_return'], ['U', 'key_undo'], ['D  Shift+D', 'key_place'], ['M', 'key_mask'], ['A', 'key_add'],
  ['Tab', 'key_tab'], ['← ↑ ↓ →', 'key_move'], ['Shift+← ↑ ↓ →', 'key_size'], ['Delete', 'key_delete'], ['J  K', 'key_pages'], ['W', 'key_waiting'],
  ['B', 'key_side'], ['O', 'key_after'], ['+  −  0', 'key_zoom'], ['H', 'key_hand'], ['F', 'key_finish'], ['G', 'key_list'], ['?', 'key_help']];

export function showKeys() {
  return ask(t('keys'), (close) => h('form', {method: 'dialog', onsubmit: () => close()}, h('h2', {}, t('keys')),
    h('div', {class: 'keys'}, KEYS.map(([key, text]) => h('div', {}, h('span', {}, kbd(key)), t(text)))),
    h('div', {class: 'buttons'}, h('button', {class: 'primary', type: 'submit', autofocus: true}, t('close')))));
}
