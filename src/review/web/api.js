// Talks to the server. Every answer is JSON; what goes wrong is an error whose message is a key of strings.js.

export class Refused extends Error {
  constructor(status, key) {
    super(key);
    this.status = status;
  }
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, {credentials: 'same-origin', cache: 'no-store', ...options});
  } catch {
    throw new Refused(0, 'error_gone');
  }
  if (response.ok) return response;
  let key = response.status === 403 ? 'error_session' : 'error_server';
  try {
    key = `error_${(await response.json()).error}`;
  } catch { /* no JSON: keep what the status says */ }
  throw new Refused(response.status, key);
}

export async function get(path) {
  return (await call(path)).json();
}

export async function post(path, body = {}) {
  const response = await call(path, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  return response.json();
}

export async function picture(path, body) {
  const options = body ? {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)} : undefined;
  return (await call(path, options)).blob();
}

const part = encodeURIComponent;
export const url = {
  package: (id) => `/api/packages/${part(id)}`,
  page: (id, n, what) => `/api/packages/${part(id)}/pages/${n}/${what}`,
  file: (id, index, what) => `/api/packages/${part(id)}/files/${index}/${what}`,
  picture: (id, n, kind, size) => `/img/${part(id)}/${n}/${kind}/${size}`,
};
