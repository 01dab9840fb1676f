// Small helpers to build the page. Text always goes in as text, never as markup.

// h('button', {class: 'x', onclick: f, disabled: true, 'aria-label': '...'}, 'text', node, ...)
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'class') node.className = value;
    else if (key === 'value') node.value = value;
    else node.setAttribute(key, value === true ? '' : value);
  }
  add(node, children);
  return node;
}

function add(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

export function fill(node, ...children) {
  node.replaceChildren();
  add(node, children);
  return node;
}

export const kbd = (key) => h('kbd', {'aria-hidden': 'true'}, key);

let toastTimer;
export function toast(text, kind = '') {
  const node = document.getElementById('toast');
  node.className = `shown ${kind}`;
  node.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.className = ''; }, kind === 'bad' ? 8000 : 3500);
}

// A modal dialog that is gone when it is closed. build(close) gives its content; resolves with what close was given.
export function ask(label, build) {
  return new Promise((resolve) => {
    const dialog = h('dialog', {'aria-label': label});
    let answer;
    const close = (value) => { answer = value; dialog.close(); };
    dialog.addEventListener('close', () => { dialog.remove(); resolve(answer); });
    fill(dialog, build(close));
    document.body.append(dialog);
    dialog.showModal();
  });
}
