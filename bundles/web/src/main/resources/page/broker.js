// How the broker does, as its commands show it, and the few things that an administrator may do.
import { ApiError, broker, get, logIn, logOut, post, request } from './api.js';
import { confirmed, facts, fault, fill, h, note, table } from './dom.js';
import { ago, bytes, clock, count, duration, number, since, utc } from './format.js';

const EVERY_MILLIS = 5000;

const SECTIONS = [
  ['status', 'Status', 'status', statusView],
  ['clients', 'Clients', 'clients', clientsView],
  ['remotes', 'Remotes', 'remotes', remotesView],
  ['handlers', 'Handlers', 'handlers', handlersView],
  ['streams', 'Streams', 'streams', streamsView],
  ['refused', 'Refused', 'refusals', refusalsView],
  ['dead-letters', 'Dead letters', 'dead-letters', deadLettersView],
  ['rules', 'Rules', 'rules', rulesView],
];

export async function showBroker(main, { name = 'status' }, signal) {
  const holder = h('div', { id: 'section' });
  fill(main, h('div', { class: 'bar' }, h('h1', {}, 'Broker'),
    h('nav', { class: 'tabs', 'aria-label': 'About the broker' }, [...SECTIONS, ['submit', 'Submit']].map(([id, title]) =>
      h('a', { href: id === 'status' ? '#/broker' : `#/broker/${id}`, 'aria-current': id === name ? 'page' : null }, title)))), holder);
  if (name === 'login') {
    showLogin(holder, '#/broker');
  } else if (name === 'submit') {
    showSubmit(holder, signal);
  } else {
    const section = SECTIONS.find(([id]) => id === name);
    if (!section) {
      fill(holder, fault('There is nothing of that name.'));
      return;
    }
    document.title = `${section[1]} · Bolide`;
    await keepShowing(holder, section, signal);
  }
}

/** Shows it, again every few seconds while it is looked at; what is there stays while the broker is away. */
async function keepShowing(holder, [, , path, view], signal) {
  const body = h('div', { id: 'state' });
  const said = h('div', { id: 'said', role: 'status' });
  const trouble = h('div', {});
  fill(holder, trouble, said, body);
  let isShown = false;
  const refresh = async () => {
    try {
      const answer = await get(path, signal);
      // What somebody is about to press or to copy stays under his hands.
      const isHeld = body.contains(document.activeElement) || body.contains(getSelection().anchorNode) && !getSelection().isCollapsed;
      if (!isHeld || !isShown) {
        isShown = true;
        fill(trouble);
        fill(body, view(answer, { said, refresh }), h('p', { class: 'note' }, `As of ${clock(new Date())} UTC`));
      }
    } catch (e) {
      if (e instanceof ApiError && (e.status === 401 || e.status === 403)) {
        fill(trouble, note(e.message));
        showLogin(body, location.hash);
        return false;
      } else if (e.name !== 'AbortError' && !(e instanceof ApiError && e.status === 0 && isShown)) {
        fill(trouble, fault(e.message));
      }
    }
    return true;
  };
  fill(body, h('p', { class: 'quiet' }, 'Asking the broker …'));
  if (!await refresh()) {
    return;
  }
  const timer = setInterval(() => document.hidden || refresh(), EVERY_MILLIS);
  signal.addEventListener('abort', () => clearInterval(timer));
}

function showLogin(holder, then) {
  if (broker.session.user) {
    fill(holder, h('p', {}, `Logged in as ${broker.session.user}. `, h('button', { type: 'button', id: 'log-out', onclick: async () => {
      try {
        await logOut();
        showLogin(holder, then);
      } catch (e) {
        fill(holder, fault(e.message));
      }
    } }, 'Log out')));
    return;
  }
  const problem = h('div', {});
  const user = h('input', { id: 'user', autocomplete: 'username', required: true, spellcheck: 'false', autocapitalize: 'off' });
  const password = h('input', { id: 'password', type: 'password', autocomplete: 'current-password', required: true });
  fill(holder, h('form', { class: 'login', id: 'login', onsubmit: async (e) => {
    e.preventDefault();
    try {
      await logIn(user.value, password.value);
      if (location.hash === then) {
        dispatchEvent(new Event('hashchange'));
      }
      location.hash = then;
    } catch (failure) {
      fill(problem, fault(failure.message));
      password.value = '';
      password.focus();
    }
  } }, h('h2', {}, 'Log in'), h('label', {}, 'Name ', user), h('label', {}, 'Password ', password), h('button', { class: 'primary' }, 'Log in'), problem,
  note('The owner of the broker makes the first account with ', h('code', {}, 'bin/bolide user add NAME'), '.')));
}

/** A button that runs a command after asking. */
function act({ said, refresh }, label, words, what) {
  if (!broker.session.mayChange) {
    return null;
  }
  return h('button', { type: 'button', class: 'small', 'aria-label': `${label} ${words[words.length - 1]}`, onclick: async () => {
    if (await confirmed(`${label} ${words[words.length - 1]}?`, what, label, `bolide ${words.join(' ')}`)) {
      try {
        const answer = await post('commands', { words });
        const text = String(answer.text || answer.refusal || answer.error || 'Done.').trim();
        fill(said, answer.status ? fault(text) : note(text));
      } catch (e) {
        fill(said, fault(e.message));
      }
      document.activeElement?.blur();
      await refresh();
    }
  } }, label);
}

const mayActNote = () => !broker.session.mayChange && note(h('a', { href: '#/broker/login' }, 'Log in'), ' as an administrator to change something.');

const column = (heading, value, className) => ({ heading, value, className });
const right = (heading, value) => column(heading, value, 'right');
/** What an administrator may do with it; nobody else sees the column. */
const acts = (value) => (broker.session.mayChange ? [{ heading: h('span', { class: 'unseen' }, 'Acts'), value }] : []);
const named = (heading, value) => ({ heading, value, header: true });

function section(title, ...children) {
  return h('section', { class: 'part' }, h('h2', {}, title), children);
}

function problemsView(problems) {
  const weights = { 'not live': 'must be restarted', 'not ready': 'does not work', warning: 'look at it' };
  const where = { remotes: 'remotes', handlers: 'handlers', clients: 'clients', 'clients gone': 'clients', 'events refused': 'refused', 'dead-letters': 'dead-letters', streams: 'streams' };
  if (problems.length === 0) {
    return h('p', { class: 'well', id: 'problems' }, 'All is in order.');
  }
  return h('ul', { class: 'problems', id: 'problems' }, problems.map((each) => h('li', { class: each.weight.replace(' ', '-') },
    h('b', {}, `${each.subject}: ${weights[each.weight] ?? each.weight}`), each.since && h('span', { class: 'quiet' }, `, for ${since(each.since)}`),
    h('span', { class: 'sub' }, each.text, ' ', each.command && (where[each.command] ? h('a', { href: `#/broker/${where[each.command]}` }, 'Show') : h('code', {}, `bolide ${each.command}`))))));
}

function statusView(status) {
  const { log = null, received = null } = status;
  return [problemsView(status.problems ?? []),
    facts([['IVOID', status.identifier], ['Version', status.version], ['Running since', status.since && [utc(status.since), `, ${since(status.since)}`]],
      ['Received', received && `${number(received.lastMinute)} in a minute, ${number(received.lastHour)} in an hour, ${number(received.lastDay)} in a day`],
      ['Refused, last day', status.refusedLastDay && (Object.entries(status.refusedLastDay).map(([kind, times]) => `${kind}: ${number(times)}`).join(', ') || 'none')],
      ['Event log', log && [`${count(log.events, 'event')}, ${bytes(log.diskBytes)} in ${log.place} (${log.kind}), ${bytes(log.freeBytes)} free`]],
      ['Dead letters', status.deadLetters !== null && status.deadLetters !== undefined && h('a', { href: '#/broker/dead-letters' }, number(status.deadLetters))],
      ['Memory', status.heapUsedBytes && `${bytes(status.heapUsedBytes)} of ${bytes(status.heapMaxBytes)}`], ['Process', status.process && `${status.process}, Java ${status.java}`], ['Base', status.base]]),
    (status.listeners ?? []).length > 0 && section('Listeners', table('Listeners', [named('Name', (each) => each.name), column('Address', (each) => each.address), column('For', (each) => `${each.role}s`),
      right('Connected', (each) => number(each.connected)), right('Dropped, last day', (each) => number(each.droppedLastDay))], status.listeners)),
    (status.remotes ?? []).length > 0 && section('Remote brokers', table('Remote brokers', [named('Name', (each) => each.name), column('Address', (each) => each.address),
      column('State', (each) => `${each.connected ? 'connected' : 'DOWN'} for ${since(each.since)}`), right('Last heard', (each) => ago(each.lastHeard)), right('Events', (each) => number(each.events))], status.remotes)),
    (status.handlers ?? []).length > 0 && section('Handlers', table('Handlers', [named('Name', (each) => each.name), column('State', (each) => each.state), right('Lag', (each) => number(each.lag)),
      right('Handled', (each) => number(each.handled)), column('Last failure', (each) => each.lastFailure ?? '-')], status.handlers)),
    silent(status.streams)];
}

function silent(streams) {
  const quiet = (streams ?? []).filter((each) => each.silent);
  return quiet.length > 0 && section('Silent streams', table('Silent streams', [named('Name', (each) => each.name), right('Last', (each) => ago(each.last)), right('Usual', (each) => rate(each.perDay))], quiet));
}

function clientsView(clients, tools) {
  const close = (each) => act(tools, 'Close', ['clients', 'close', each.address],
    `The connection of ${each.identifier ?? each.name ?? each.address} is closed. It may connect again at once${each.name ? ', and then goes on where it was' : ''}.`);
  const subscribers = clients.filter((each) => each.role === 'subscriber');
  const authors = clients.filter((each) => each.role === 'author');
  return [clients.length === 0 && h('p', {}, 'No subscriber and no author is connected.'),
    subscribers.length > 0 && section(count(subscribers.length, 'subscriber'), table('Subscribers', [named('Address', (each) => each.address), right('Connected', (each) => since(each.since)),
      right('Sent', (each) => number(each.events)), right('Unacked', (each) => number(each.unacknowledged)), right('Lag', (each) => number(each.lag)),
      right('Last ack', (each) => (each.lastAcknowledged ? ago(each.lastAcknowledged) : '-')), column('Who, and what it wants', wants), acts(close)], subscribers)),
    authors.length > 0 && section(count(authors.length, 'author'), table('Authors', [named('Address', (each) => each.address), right('Connected', (each) => since(each.since)),
      right('Accepted', (each) => number(each.events)), right('Duplicate', (each) => number(each.duplicates)), right('Refused', (each) => number(each.refused)),
      right('Last heard', (each) => ago(each.lastHeard)), column('At', (each) => each.component), acts(close)], authors)), mayActNote()];
}

function wants(each) {
  const filters = each.filters ?? [];
  return [[each.name && `"${each.name}"`, each.identifier].filter(Boolean).join(', '), ' ',
    each.filterFault && h('span', { class: 'fault' }, `filter refused: ${each.filterFault} `),
    filters.length > 0 ? filters.map((filter, i) => [i > 0 && ' or ', h('code', {}, filter)]) : h('span', { class: 'quiet' }, 'everything')];
}

function remotesView(remotes) {
  return remotes.length === 0 ? h('p', {}, 'This broker subscribes to no other.') : table('Remote brokers', [named('Remote', (each) => each.name),
    right('First', (each) => number(each.events)), right('Later', (each) => number(each.duplicates)), right('Refused', (each) => number(each.refused)),
    right('Heard', (each) => ago(each.lastHeard)), column('Address and state', (each) => [each.address, ', ', each.connected ? 'connected' : h('b', { class: 'bad' }, 'DOWN'),
      ` for ${since(each.since)}`, each.connects > 1 && `, ${count(each.connects - 1, 'reconnect')}`, !each.connected && each.lastFailure && `: ${each.lastFailure}`,
      each.filterFault && h('span', { class: 'fault' }, ` filter refused: ${each.filterFault}`),
      Math.abs(each.clockAheadSeconds ?? 0) >= 2 && `, its clock is ${duration(Math.abs(each.clockAheadSeconds))} ${each.clockAheadSeconds < 0 ? 'behind' : 'ahead'}`,
      (each.filters ?? []).map((filter) => [' ', h('code', {}, filter)])])], remotes);
}

function handlersView(handlers, tools) {
  return handlers.length === 0 ? h('p', {}, 'No handler runs.') : [table('Handlers', [named('Handler', (each) => each.handler), column('State', (each) => each.state),
    right('Place', (each) => number(each.place)), right('Lag', (each) => number(each.lag)), right('Handled', (each) => number(each.handled)), right('Disc.', (each) => number(each.discarded)),
    right('Retries', (each) => number(each.retries)), right('Dead', (each) => number(each.deadLetters)),
    column('Last call', (each) => [each.lastOutcome ? `${each.lastOutcome}, ${ago(each.lastAt)}` : '-', each.lastFailure && h('span', { class: 'sub' }, each.lastFailure)]), column('Bundle', (each) => each.bundle),
    acts((each) => (each.state === 'paused'
      ? act(tools, 'Resume', ['handlers', 'resume', each.handler], `${each.handler} goes on where it stands, with the ${count(each.lag ?? 0, 'event')} that wait.`)
      : act(tools, 'Pause', ['handlers', 'pause', each.handler], `${each.handler} handles nothing until it is resumed, also after a restart. Nothing is lost: its events wait in the log.`)))], handlers), mayActNote()];
}

function rate(perDay) {
  if (perDay === null || perDay === undefined) {
    return '-';
  } else if (perDay >= 1) {
    return `${perDay < 10 ? perDay.toFixed(1) : number(Math.round(perDay))} a day`;
  }
  return perDay * 7 >= 1 ? `${(perDay * 7).toFixed(1)} a week` : `${(perDay * 365.25).toFixed(1)} a year`;
}

function streamsView(streams, tools) {
  return streams.length === 0 ? h('p', {}, 'No stream is known yet: no event has come.') : [table('Streams', [
    column('State', (each) => (each.silent ? h('b', { class: 'bad' }, 'SILENT') : each.alarmAfterSeconds ? 'usual' : 'learning')), right('24 h', (each) => number(each.today)),
    right('In all', (each) => number(each.events)), right('Usual', (each) => rate(each.perDay)), right('Last', (each) => ago(each.last)),
    right('Alarm after', (each) => (each.alarmAfterSeconds ? duration(each.alarmAfterSeconds) : '-')),
    named('Name', (each) => (each.kind === 'stream' ? h('a', { href: `#/events?stream=${encodeURIComponent(each.name)}` }, each.name) : each.name)),
    acts((each) => act(tools, 'Forget', ['streams', 'forget', each.name], 'Its usual rate and its alarm are forgotten. If it comes again, it is learned anew. Its events stay.'))],
  [...streams].sort((a, b) => Number(b.silent) - Number(a.silent))), mayActNote()];
}

function refusalsView(refusals) {
  return refusals.length === 0 ? h('p', {}, 'Nothing has been refused.') : table('Refused events', [column('At (UTC)', (each) => utc(each.at, false)), column('Kind', (each) => each.kind),
    column('From', (each) => each.source), column('Event, and why', (each) => [h('b', {}, each.identifier ?? `without an IVOID, ${bytes(each.bytes)}`), `: ${each.reason}`])], refusals);
}

function deadLettersView(letters, tools) {
  return letters.length === 0 ? h('p', {}, 'There is no dead letter.') : [table('Dead letters', [right('ID', (each) => each.id), column('Handler', (each) => each.handler),
    column('Given up (UTC)', (each) => utc(each.at, false)), right('Tries', (each) => number(each.attempts)),
    column('Event, and why', (each) => [h('a', { href: `#/event/${each.sequence}` }, each.identifier ?? `event ${each.sequence}`), `: ${each.reason}`]),
    acts((each) => [act(tools, 'Retry', ['dead-letters', 'retry', String(each.id)], `${each.handler} is given the event again, now. If that fails, the dead letter stays.`), ' ',
      act(tools, 'Drop', ['dead-letters', 'drop', String(each.id)], `The dead letter is deleted; ${each.handler} never handles the event. The event itself stays in the log.`)])], letters), mayActNote()];
}

function rulesView(rules) {
  return rules.length === 0 ? h('p', {}, 'There is no rule: every author is heard, and every subscriber gets what he asks for.')
    : table('Rules', [column('On', (each) => each.kind), right('Order', (each) => each.order), named('Name', (each) => each.name), column('Verdict', (each) => (each.allow ? 'allow' : 'deny')),
      right('Matched', (each) => number(each.matched)), column('What', (each) => [each.fault && h('span', { class: 'fault' }, `does not decide: ${each.fault} `), h('code', {}, each.condition)])], rules);
}

function receiptText({ status, sequence, identifier = 'it', reason = '' }) {
  if (status === 'accepted') {
    return note(`Accepted: ${identifier} is in the log and on its way. `, h('a', { href: `#/event/${sequence}` }, `Event ${sequence}`));
  }
  return note(status === 'duplicate' ? `A duplicate: ${identifier} is in the log already, so nothing was done.` : `${status}. ${reason}`);
}

function showSubmit(holder, signal) {
  document.title = 'Submit · Bolide';
  const said = h('div', { id: 'receipt', role: 'status' });
  const text = h('textarea', { id: 'submit-text', rows: 16, required: true, spellcheck: 'false', class: 'mono', placeholder: '<?xml version="1.0" encoding="UTF-8"?>' });
  let bytesOfFile = null;
  text.addEventListener('input', () => { bytesOfFile = null; });
  const file = h('input', { id: 'submit-file', type: 'file', accept: '.xml,application/xml,text/xml', onchange: async () => {
    if (file.files[0]) {
      bytesOfFile = await file.files[0].arrayBuffer();
      text.value = new TextDecoder().decode(bytesOfFile);
    }
  } });
  fill(holder, !broker.session.mayChange && note(h('a', { href: '#/broker/login' }, 'Log in'), ' as an administrator to submit an event here. Authors submit by VTP.'),
    h('form', { class: 'submit', id: 'submit', onsubmit: async (e) => {
      e.preventDefault();
      fill(said, h('p', { class: 'quiet' }, 'Submitting …'));
      try {
        const receipt = await request('POST', 'events', { body: bytesOfFile ?? text.value, type: 'application/xml', signal });
        fill(said, receiptText(receipt));
      } catch (failure) {
        fill(said, fault(failure.message));
      }
    } }, h('label', {}, 'A file ', file), h('label', { for: 'submit-text' }, 'or its text'), text, h('p', { class: 'acts' }, h('button', { class: 'primary' }, 'Submit')), said,
    note('It enters the log and goes to every subscriber and handler that wants it. A test has role="test".')));
}
