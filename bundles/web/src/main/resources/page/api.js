// The JSON API under api/v1, and whether the broker is there at all.

const BASE = 'api/v1/';
const RETRY_MILLIS = 3000;

/** A refusal of the API; status 0 if the broker did not answer. */
export class ApiError extends Error {
  constructor(status, message, offset) {
    super(message);
    this.status = status;
    this.offset = offset;
  }
}

/** Events "away" and "back"; "session" when somebody has logged in or out. Known: resolved when it was asked for at first. */
export const broker = Object.assign(new EventTarget(), { awaySince: null, known: null, session: { mayLook: false, mayChange: false } });

function setAway() {
  if (!broker.awaySince) {
    broker.awaySince = new Date();
    broker.dispatchEvent(new Event('away'));
    setTimeout(tryAgain, RETRY_MILLIS);
  }
}

async function tryAgain() {
  await lookWhetherThere();
  if (broker.awaySince) {
    setTimeout(tryAgain, RETRY_MILLIS);
  }
}

/** Asks the broker for something small: whether it answers is what counts. */
export async function lookWhetherThere() {
  try {
    await get('session');
  } catch (e) {
    console.info(e.message);
  }
}

function setThere() {
  if (broker.awaySince) {
    broker.awaySince = null;
    broker.dispatchEvent(new Event('back'));
  }
}

export async function request(method, path, { body, type = 'application/json', headers = {}, signal } = {}) {
  let response;
  let text;
  try {
    response = await fetch(BASE + path, {
      method, signal, credentials: 'same-origin', cache: 'no-store',
      headers: body === undefined ? headers : { 'Content-Type': type, ...headers }, body,
    });
    text = await response.text();
  } catch (e) {
    if (e.name === 'AbortError') {
      throw e;
    }
    setAway();
    throw new ApiError(0, 'The broker does not answer. This page tries again.');
  }
  setThere();
  let answer = {};
  if ((response.headers.get('Content-Type') ?? '').includes('json') && text) {
    answer = JSON.parse(text);
  } else if (text) {
    answer = { text };
  }
  if (!response.ok) {
    throw new ApiError(response.status, answer.error ?? `The broker answered ${response.status} ${response.statusText}.`, answer.offset);
  }
  return answer;
}

export const get = (path, signal) => request('GET', path, { signal });
export const post = (path, value, signal) => request('POST', path, { body: JSON.stringify(value), signal });

/** The bytes of an event as they came. */
export async function content(sequence, signal) {
  const response = await fetch(contentAddress(sequence), { signal, cache: 'no-store' }).catch((e) => {
    if (e.name === 'AbortError') {
      throw e;
    }
    setAway();
    throw new ApiError(0, 'The broker does not answer. This page tries again.');
  });
  setThere();
  if (!response.ok) {
    throw new ApiError(response.status, `The broker answered ${response.status} ${response.statusText}.`);
  }
  return response.arrayBuffer();
}

export const contentAddress = (sequence) => `${BASE}events/${sequence}/content`;
export const archiveAddress = (name, search) => `apiv1/${name}${search && `?${search}`}`;
export const watchAddress = (query) => `${BASE}watch?${query}`;

export function query(parameters) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of [value].flat()) {
      if (each !== undefined && each !== null && each !== '') {
        search.append(name, each);
      }
    }
  }
  return search.toString();
}

export async function loadSession() {
  setSession(await get('session'));
}

export async function logIn(user, password) {
  await post('session', { user, password });
  await loadSession();
}

export async function logOut() {
  await request('DELETE', 'session');
  await loadSession();
}

function setSession(session) {
  broker.session = session;
  broker.dispatchEvent(new Event('session'));
}
