// One event: what it says, what it cites, to whom it went, its bytes.
import { content, contentAddress, get, query } from './api.js';
import { copyButton, facts, fault, fill, h, note, table } from './dom.js';
import { angle, bytes, degrees, sexagesimal, shortName, shortStream, utc } from './format.js';
import { SkyMap } from './map.js';
import { decode, sheets } from './voevent.js';

const SHOWN_CHARACTERS = 300_000;

export async function showEvent(main, { name }, signal) {
  fill(main, h('p', { class: 'quiet' }, `Event ${name} …`));
  let event;
  try {
    event = await get(`events/${name}`, signal);
  } catch (e) {
    if (e.name !== 'AbortError') {
      fill(main, h('h1', {}, `Event ${name}`), fault(e.message),
        h('p', {}, h('a', { href: '#/events' }, 'Find another')));
    }
    throw e;
  }
  document.title = `${shortName(event)} · Bolide`;
  const at = event.position;
  const parts = h('div', { class: 'parts', id: 'parts' }, h('p', { class: 'quiet' }, 'Reading its XML …'));
  const raw = h('div', {});
  fill(main,
    h('div', { class: 'bar event-bar' }, h('h1', {}, h('span', { class: 'quiet' }, `${shortStream(event.stream)} `), shortName(event)),
      h('span', { class: `role-name ${event.role}` }, event.role ?? 'no role')),
    h('div', { class: 'head' },
      facts([['IVOID', event.identifier && h('span', { class: 'ivoid' }, event.identifier)],
        ['Stream', event.stream && h('a', { href: `#/events?${query({ stream: event.stream })}` }, event.stream)],
        ['Author', event.author],
        ['Position (ICRS)', at && at.equatorial !== false && h('span', { class: 'numbers', id: 'position' }, degrees(at), h('br'), sexagesimal(at))],
        ['Position', at && at.equatorial === false && `${at.longitude} ${at.latitude} degrees, in ${at.frame || 'an unknown system'}`],
        ['Error radius', at && at.errorRadius !== undefined && (at.errorRadius === 0 ? '0 (as GCN writes where it knows none)' : `${angle(at.errorRadius)} = ${Number(at.errorRadius.toPrecision(6))} degrees`)],
        ['Coordinate system', at?.frame],
        ['Observed', utc(event.observedAt)], ['Authored', utc(event.authoredAt)], ['Received', utc(event.receivedAt)],
        ['From', event.source], ['In the log', `${event.sequence}, ${bytes(event.bytes)}`],
        ['Near it', at && at.equatorial !== false && h('a', { href: `#/events?${query({ cone: `${at.longitude},${at.latitude},${Math.max(1, at.errorRadius ?? 0)}` })}` },
          `Events within ${angle(Math.max(1, at.errorRadius ?? 0))}`)]]),
      place(event, signal)),
    faults(event), citations(event), deliveries(event), parts, raw);
  try {
    const received = await content(event.sequence, signal);
    const text = decode(received);
    fill(parts, sheets(text));
    fill(raw, rawSection(event, text));
  } catch (e) {
    if (e.name !== 'AbortError') {
      fill(parts, fault(`Its bytes cannot be shown. ${e.message}`));
    }
    throw e;
  }
}

function place(event, signal) {
  if (!event.position || event.position.equatorial === false) {
    return note(event.position ? 'Its position is not equatorial and is not on the map.' : 'It has no position on the sky.');
  }
  const map = new SkyMap({ label: `Its place on the sky: ${degrees(event.position)} degrees`, small: true });
  map.show([event]);
  map.mark(event);
  get(`sky?${query({ at: event.observedAt ?? event.receivedAt })}`, signal).then((bodies) => map.showBodies(bodies),
    (e) => console.info('Sun and Moon are not drawn.', e));
  signal.addEventListener('abort', () => map.close());
  return h('figure', { class: 'place' }, map.element, h('figcaption', { class: 'quiet' }, 'The whole sky, with Sun and Moon at the time of the event'));
}

function faults(event) {
  return (event.faults ?? []).length > 0 && h('section', { class: 'part problems' }, h('h2', {}, 'Faults'),
    h('ul', {}, event.faults.map((text) => h('li', {}, text))), note('It came from another broker, so it was taken as it is.'));
}

function citations(event) {
  const cites = event.cites ?? event.citations ?? [];
  const citedBy = event.citedBy ?? [];
  return (cites.length > 0 || citedBy.length > 0) && h('section', { class: 'part', id: 'citations', 'data-steps': true }, h('h2', {}, 'Citations'),
    cites.length > 0 && table('Events that it cites', [
      { heading: 'It cites as', value: (each) => each.relation || '-' },
      { heading: 'Event', value: (each) => (each.sequence ? h('a', { class: 'step', href: `#/event/${each.sequence}` }, each.identifier)
        : [each.identifier, h('span', { class: 'quiet' }, ' not in this log')]) }], cites),
    citedBy.length > 0 && table('Events that cite it', [
      { heading: 'Cited as', value: (each) => (each.citations ?? []).filter((one) => one.identifier === event.identifier).map((one) => one.relation).join(', ') || '-' },
      { heading: 'By', value: (each) => h('a', { class: 'step', href: `#/event/${each.sequence}` }, each.identifier ?? `event ${each.sequence}`) },
      { heading: 'Received (UTC)', value: (each) => utc(each.receivedAt, false) }], citedBy));
}

function deliveries(event) {
  if (!event.deliveries) {
    return h('section', { class: 'part' }, h('h2', {}, 'To whom it went'), note(h('a', { href: '#/broker/login' }, 'Log in'), ' to see it.'));
  }
  const answers = { none: 'not answered', acknowledged: 'acknowledged', refused: 'refused', settled: 'answered a later one', buried: 'given up: a dead letter' };
  return h('section', { class: 'part', id: 'deliveries' }, h('h2', {}, 'To whom it went'),
    event.deliveries.length > 0 ? table('To whom it went', [
      { heading: 'Receiver', header: true, value: (each) => each.receiver },
      { heading: 'Through', value: (each) => each.component },
      { heading: 'Sent (UTC)', value: (each) => utc(each.sentAt, false) },
      { heading: 'Answer', value: (each) => answers[String(each.answer).toLowerCase()] ?? each.answer },
      { heading: 'Answered (UTC)', value: (each) => utc(each.answeredAt, false) ?? '-' }], event.deliveries) : h('p', {}, 'To nobody that is remembered.'),
    event.deliveriesSince && note('Deliveries are remembered since ', utc(event.deliveriesSince), '; older ones are forgotten.'));
}

function rawSection(event, text) {
  return h('section', { class: 'part', id: 'raw' }, h('h2', {}, 'XML as it came'),
    h('p', { class: 'acts' }, copyButton('Copy', () => text),
      h('a', { class: 'small', href: contentAddress(event.sequence), download: `${shortName(event).replace(/[^A-Za-z0-9._+-]/g, '_')}.xml` }, 'Download')),
    text.length > SHOWN_CHARACTERS && note(`The first ${SHOWN_CHARACTERS} characters of ${text.length}; the download has all.`),
    h('pre', { class: 'xml', tabindex: '0', 'aria-label': 'XML' }, text.slice(0, SHOWN_CHARACTERS)));
}
