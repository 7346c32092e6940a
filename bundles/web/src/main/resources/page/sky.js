// What comes, live, after what came lately: all events, or those of some filters.
import { Alerts, MAX_ALERTS } from './alerts.js';
import { broker, get, query } from './api.js';
import { fault, fill, h } from './dom.js';
import { clock, count, degrees, shortName, shortStream } from './format.js';
import { watch } from './watch.js';

export const RANGES = [['24h', '24 h', 1], ['7d', '7 d', 7], ['30d', '30 d', 30]];
export const ROLES = ['observation', 'prediction', 'utility', 'test'];
const FIRST = 100;
const SAY_AT_MOST_EVERY_MILLIS = 5000;

export const daysAgo = (days) => new Date(Date.now() - days * 86_400_000).toISOString();

/** Streams to choose from: those that the broker knows, if it may be asked, and those that are seen. */
export async function streamNames(events, signal) {
  const names = new Set(events.map((event) => event.stream).filter(Boolean));
  await broker.known;
  if (broker.session.mayLook) {
    try {
      (await get('streams', signal)).filter((each) => each.kind === 'stream').forEach((each) => names.add(each.name));
    } catch (e) {
      console.info('Only the streams of the list can be chosen.', e);
    }
  }
  return [...names].sort();
}

export function select(id, label, choices, value, onchange) {
  const element = h('select', { id, onchange: () => onchange(element.value) },
    choices.map(([key, text]) => h('option', { value: key, selected: key === value }, text)));
  return h('label', {}, label, ' ', element);
}

/** Choices that exclude one another, as a row of buttons. */
export function choice(label, choices, value, onchange) {
  const group = h('span', { role: 'group', 'aria-label': label, class: 'choice' }, choices.map(([key, text]) =>
    h('button', { type: 'button', 'aria-pressed': String(key === value), 'data-key': key, onclick: (e) => {
      for (const button of group.children) {
        button.setAttribute('aria-pressed', String(button === e.target));
      }
      onchange(key);
    } }, text)));
  return group;
}

/** The element that says in words whether the page is live. */
export function liveSign() {
  const element = h('span', { class: 'live', id: 'live', role: 'status', 'data-state': 'connecting' }, 'connecting');
  return [element, ({ state, since }) => {
    element.dataset.state = state;
    element.textContent = `${state}${state === 'connecting' ? '' : ` since ${clock(since)} UTC`}`;
  }];
}

/** Tells of events that are lost to whoever was away for too long. */
export function sayMissed(holder, missed) {
  if (missed > 0) {
    holder.append(fault(`${count(missed, 'event')} came and expired before this page could look at them.`));
  }
}

/** Tells screen readers of what is new, not too often; counts in the title while nobody looks. */
export function announcer() {
  const news = document.getElementById('news');
  let waiting = 0;
  let newest;
  let timer;
  let unseen = 0;
  const title = document.title;
  const say = () => {
    timer = undefined;
    const at = newest.position;
    fill(news, h('p', {}, `${count(waiting, 'new alert')}: ${shortStream(newest.stream)} ${shortName(newest)}, ${newest.role ?? 'no role'}`
      + `${at ? `, at ${degrees(at)} degrees` : ', without a position'}`));
    waiting = 0;
  };
  const seen = () => {
    if (!document.hidden) {
      unseen = 0;
      document.title = title;
    }
  };
  document.addEventListener('visibilitychange', seen);
  return {
    tell(events) {
      waiting += events.length;
      newest = events[0];
      timer ??= setTimeout(say, SAY_AT_MOST_EVERY_MILLIS);
      if (document.hidden) {
        unseen += events.length;
        document.title = `(${unseen > 99 ? '99+' : unseen}) ${title}`;
      }
    },
    close() {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
      fill(news);
    },
  };
}

/** The newest events, and a place in the log after which nothing is missing: read before them, or that of the newest of all. */
async function newestWithPlace(asked, signal) {
  const list = () => get(`events?${query({ ...asked, limit: FIRST })}`, signal);
  if (!asked.role && !asked.stream) {
    const found = await list();
    if (found.events.length > 0) {
      return { found, place: found.events[0].sequence };
    }
  }
  const place = (await get('events?limit=1', signal)).events[0]?.sequence ?? 0;
  return { found: await list(), place };
}

/** The first view: every stream. */
export async function showSky(main, { search }, signal) {
  const wanted = { range: search.get('range') ?? '24h', role: search.get('role') ?? '', stream: search.get('stream') ?? '' };
  const alerts = new Alerts({ caption: 'Recent events', empty: () => emptyText(wanted) });
  const [sign, setState] = liveSign();
  const announce = announcer();
  const streams = h('span', {});
  const problem = h('div', {});
  let stop = () => {};
  const days = RANGES.find(([key]) => key === wanted.range)?.[2] ?? 1;
  const aging = setInterval(() => alerts.forgetBefore(new Date(daysAgo(days))), 60_000);
  const go = (change) => {
    const next = { ...wanted, ...change };
    location.hash = `#/?${query({ range: next.range === '24h' ? '' : next.range, role: next.role, stream: next.stream })}`.replace(/\?$/, '');
  };
  fill(main, h('div', { class: 'bar' }, h('h1', {}, 'Sky'), sign,
    choice('Received within', RANGES, wanted.range, (range) => go({ range })),
    select('role', 'Role', [['', 'all'], ...ROLES.map((role) => [role, role])], wanted.role, (role) => go({ role })), streams), problem, alerts.element);
  signal.addEventListener('abort', () => {
    stop();
    clearInterval(aging);
    alerts.close();
    announce.close();
  });

  const asked = { since: daysAgo(days), role: wanted.role, stream: wanted.stream };
  const matches = (event) => (!wanted.role || event.role === wanted.role) && (!wanted.stream || event.stream === wanted.stream);
  alerts.say('');
  try {
    const { found, place } = await newestWithPlace(asked, signal);
    alerts.show(found.events);
    const range = ` received within ${days === 1 ? '24 h' : `${days} d`}`;
    alerts.say(range, found.next ? ' …' : '');
    stop = watch({
      after: place, onstate: setState, onalerts: (events, missed) => {
        sayMissed(problem, missed);
        const added = alerts.add(events.filter(matches));
        if (added.length > 0) {
          announce.tell(added);
        }
      },
    });
    if (found.next) {
      const rest = await get(`events?${query({ ...asked, limit: MAX_ALERTS - FIRST, before: found.next })}`, signal);
      alerts.append(rest.events);
      alerts.say(range, rest.next ? '; older ones are not shown' : '');
      alerts.setAfter(rest.next && h('a', { class: 'more', id: 'older', href: `#/events?${query({ ...asked, before: rest.next })}` }, 'Older events'));
    }
    const names = await streamNames(found.events, signal);
    fill(streams, select('stream', 'Stream', [['', 'all'], ...names.map((name) => [name, name.replace(/^ivo:\/\//, '')])], wanted.stream, (stream) => go({ stream })));
  } catch (e) {
    if (e.name !== 'AbortError') {
      fill(problem, fault(e.message));
      sign.textContent = 'not live';
      alerts.stopReading();
    }
    throw e;
  }
}

function emptyText(wanted) {
  if (wanted.role || wanted.stream) {
    return h('p', {}, 'Nothing of that kind came in this time. New ones appear here by themselves. ', h('a', { href: '#/' }, 'Show all'));
  }
  return [h('p', {}, 'No event came in this time. New ones appear here by themselves.'),
    h('p', { class: 'quiet' }, 'Is the broker subscribed to another one? ', h('a', { href: '#/broker/remotes' }, 'Remotes'), ' · ',
      h('a', { href: '#/broker/submit' }, 'Submit an event'))];
}
