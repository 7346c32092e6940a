// The frame: which view the address names, the search, the clock, the night, the keys.
import { step } from './alerts.js';
import { broker, loadSession, lookWhetherThere } from './api.js';
import { fault, fill, h } from './dom.js';
import { clock, day } from './format.js';
import { showSky } from './sky.js';

const main = document.getElementById('main');
const views = [
  [/^\/?$/, 'sky', 'Sky', async () => showSky],
  [/^\/events$/, 'find', 'Find', async () => (await import('./find.js')).showFind],
  [/^\/event\/(\d+)$/, 'find', 'Event', async () => (await import('./event.js')).showEvent],
  [/^\/filters$/, 'filters', 'Filters', async () => (await import('./filters.js')).showFilters],
  [/^\/filter\/([^/]+)$/, 'filters', 'Filter', async () => (await import('./filter.js')).showFilter],
  [/^\/broker(?:\/([a-z-]+))?$/, 'broker', 'Broker', async () => (await import('./broker.js')).showBroker],
];
let current = new AbortController();
let isFirst = true;
let isIncomplete = false;
let saving;
history.scrollRestoration = 'manual';

/** Where one was on this page of the history: for the way back. */
function savePlace() {
  clearTimeout(saving);
  saving = setTimeout(() => history.replaceState({ top: scrollY, sequence: document.activeElement?.closest('tr')?.dataset.sequence }, ''), 150);
}

function restorePlace({ top, sequence }) {
  scrollTo(0, top);
  document.querySelector(`tr[data-sequence="${Number(sequence)}"] a`)?.focus({ preventScroll: true });
}

async function route() {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  const [path, query = ''] = location.hash.replace(/^#/, '').split('?');
  const found = views.map((view) => [view, view[0].exec(path)]).find(([, match]) => match);
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.view === found?.[0][1]) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  if (!found) {
    fill(main, h('h1', {}, 'Nothing here'), h('p', {}, 'This address names no view. ', h('a', { href: '#/' }, 'To the sky')));
    return;
  }
  const [[, , title, load], match] = found;
  document.title = `${title} · Bolide`;
  if (!isFirst) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  isFirst = false;
  isIncomplete = false;
  clearTimeout(saving);
  const was = history.state;
  try {
    const show = await load();
    // The first view shows the same to everybody; the others know who looks.
    if (show !== showSky) {
      await broker.known;
    }
    if (!signal.aborted) {
      await show(main, { name: match[1] && decodeURIComponent(match[1]), search: new URLSearchParams(query) }, signal);
    }
    if (was && !signal.aborted) {
      restorePlace(was);
    }
  } catch (e) {
    if (e.name !== 'AbortError') {
      isIncomplete = true;
      lookWhetherThere();
      console.warn('The view is not complete.', e);
      if (!main.hasChildNodes()) {
        fill(main, fault(e.message));
      }
    }
  }
}

function showNight() {
  document.getElementById('night').setAttribute('aria-pressed', String(bolideNight.on));
}

function toggleNight() {
  bolideNight.remember(!bolideNight.on);
  dispatchEvent(new Event('bolide-night'));
}

function tick() {
  const now = new Date();
  const element = document.getElementById('clock');
  element.textContent = `${day(now)} ${clock(now)} UTC`;
  element.dateTime = now.toISOString();
  setTimeout(tick, 1000 - now.getMilliseconds());
}

/** Where what was typed leads. */
async function search(text) {
  const { addressOf } = await import('./find.js');
  location.hash = addressOf(text);
}

function showAway() {
  const element = document.getElementById('away');
  element.hidden = !broker.awaySince;
  element.textContent = broker.awaySince ? `The broker has not answered since ${clock(broker.awaySince)} UTC. What is here stays; this page tries again by itself.` : '';
}

function showSession() {
  const { user, role } = broker.session;
  fill(document.getElementById('who'), user ? [`Logged in as ${user}`, role ? ` (${role}) ` : ' ', h('a', { href: '#/broker/login' }, 'Log out')]
    : h('a', { href: '#/broker/login' }, 'Log in'));
}

document.getElementById('night').addEventListener('click', toggleNight);
addEventListener('bolide-night', showNight);
document.getElementById('skip').addEventListener('click', (e) => {
  e.preventDefault();
  main.focus();
});
document.getElementById('search').addEventListener('submit', (e) => {
  e.preventDefault();
  const text = document.getElementById('search-text').value.trim();
  if (text) {
    search(text);
  }
});
document.addEventListener('keydown', (e) => {
  const isTyping = e.target.matches('textarea, select, input:not([type=checkbox]):not([type=radio])');
  if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) {
    return;
  }
  if (e.key === 'Escape' && isTyping) {
    e.target.blur();
  } else if (!isTyping && e.key === '/') {
    e.preventDefault();
    document.getElementById('search-text').focus();
  } else if (!isTyping && (e.key === 'j' || e.key === 'k')) {
    step(e.key === 'j' ? 1 : -1);
  } else if (!isTyping && e.key === 'n') {
    toggleNight();
  }
});
broker.addEventListener('away', showAway);
broker.addEventListener('back', () => {
  showAway();
  loadSession().then(() => isIncomplete && route(), (e) => console.warn(e));
});
broker.addEventListener('session', showSession);
addEventListener('hashchange', route);
addEventListener('scroll', savePlace, { passive: true });
addEventListener('focusin', savePlace);

showNight();
tick();
broker.known = loadSession().catch((e) => console.warn('Nobody is known to be logged in.', e));
await route();
// The other views are at hand when the broker is away.
(window.requestIdleCallback ?? setTimeout)(() => Promise.all(views.map(([, , , load]) => load())).catch((e) => console.info('Some views come later.', e)));
