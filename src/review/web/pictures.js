// Pictures of pages, as decoded image elements, so that one that was fetched ahead is on the screen at once. The newest are kept in memory, and
// nowhere else: the server forbids storing them.
import {picture, url} from './api.js';

const KEPT = 24;
const kept = new Map(); // key -> Promise of an image

async function decoded(blob) {
  const image = new Image();
  image.draggable = false;
  image.src = URL.createObjectURL(blob);
  await image.decode();
  return image;
}

const release = (image) => URL.revokeObjectURL(image.src);

function forget() {
  for (const key of kept.keys()) {
    if (kept.size <= KEPT) return;
    kept.get(key).then(release, () => {});
    kept.delete(key);
  }
}

function load(key, fetchBlob) {
  let found = kept.get(key);
  if (found) kept.delete(key); // to the end: it was used last
  else {
    found = fetchBlob().then(decoded);
    found.catch(() => kept.delete(key));
  }
  kept.set(key, found);
  forget();
  return found;
}

// The size in pixels of the long side, of those that the server has.
export function sizeFor(pixels) {
  for (const size of [240, 1000, 2000]) if (pixels <= size) return size;
  return 0;
}

export const original = (id, n, size) => load(`${id}/${n}/before/${size}`, () => picture(url.picture(id, n, 'before', size)));

export const finished = (id, n, size) => load(`${id}/${n}/final/${size}`, () => picture(url.picture(id, n, 'final', size)));

// The page as it will be with these masks, made by the same code as the package.
export const masked = (id, n, size, masks) => load(`${id}/${n}/after/${size}/${JSON.stringify(masks)}`,
  () => picture(url.picture(id, n, 'after', size), {masks}));

export function forgetPage(id, n) {
  for (const key of [...kept.keys()]) {
    if (!key.startsWith(`${id}/${n}/final/`)) continue;
    kept.get(key).then(release, () => {});
    kept.delete(key);
  }
}
