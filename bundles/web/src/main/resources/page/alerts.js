// The list of events and the map beside it, that point at each other.
import { append, fill, h } from './dom.js';
import { angle, clock, count, day, degrees, sexagesimal, shortName, shortStream } from './format.js';
import { SkyMap, legend, placed } from './map.js';
import { get } from './api.js';

/** As many as are kept, in the document and in memory. */
export const MAX_ALERTS = 500;

const SKY_EVERY_MILLIS = 600_000;

/** One row. Tagged: with the names of the filters that it passed. */
function row(event, tagged) {
  const at = event.position;
  const today = day(event.receivedAt);
  return h('tr', { 'data-sequence': event.sequence, role: 'row' },
    h('td', { class: 'when', role: 'cell' },
      h('time', { datetime: event.receivedAt }, h('span', { class: 'day' }, `${today} `), clock(event.receivedAt)),
      h('span', { class: 'sub' }, event.observedAt
        ? h('time', { datetime: event.observedAt }, day(event.observedAt) === today ? clock(event.observedAt) : `${day(event.observedAt)} ${clock(event.observedAt)}`) : '–')),
    h('th', { scope: 'row', class: 'what', role: 'rowheader' },
      h('b', {}, shortStream(event.stream) || 'no stream'),
      tagged && (event.filters ?? []).map((name) => h('span', { class: 'tag' }, name)),
      h('span', { class: 'role' }, h('i', { class: `sign ${sign(event.role)}`, 'aria-hidden': 'true' }), event.role ?? 'no role'),
      h('a', { href: `#/event/${event.sequence}` }, shortName(event))),
    h('td', { class: 'where', role: 'cell' }, at ? [h('span', { class: 'numbers' }, degrees(at)),
      h('span', { class: 'sub numbers' }, at.equatorial === false ? `in ${at.frame || 'an unknown system'}; not on the map` : sexagesimal(at))] : h('span', { class: 'quiet' }, 'no position')),
    h('td', { class: 'error numbers', role: 'cell' }, at && at.errorRadius !== undefined ? `${at.errorRadius > 0 ? '± ' : ''}${angle(at.errorRadius)}` : '–'));
}

const sign = (role) => ({ prediction: 'diamond', utility: 'square', test: 'ring' })[role] ?? 'dot';

export class Alerts {
  /** Options: caption of the list; empty(): what to show when there is nothing; tagged: whether the list is that of several filters. */
  constructor({ caption, empty, tagged = false }) {
    this.empty = empty;
    this.tagged = tagged;
    this.isLoaded = false;
    this.events = [];
    this.rows = new Map();
    this.map = new SkyMap({
      label: 'Map of the sky', onmark: (event) => this.#markRow(event), onpick: (event) => this.#pick(event),
    });
    this.body = h('tbody', { id: 'events', role: 'rowgroup' });
    this.summary = h('p', { class: 'summary', id: 'summary' });
    this.nothing = h('div', { class: 'nothing', id: 'nothing', hidden: true });
    this.advice = h('p', { class: 'note', hidden: true });
    this.after = h('div', { class: 'after' });
    const list = h('table', { class: 'events', role: 'table', 'aria-describedby': 'summary' },
      h('caption', { class: 'unseen' }, caption),
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' },
        h('th', { scope: 'col', class: 'when' }, 'Received', h('span', { class: 'sub' }, 'observed (UTC)')),
        h('th', { scope: 'col' }, 'Stream and event', h('span', { class: 'sub' }, 'role')),
        h('th', { scope: 'col' }, 'RA, Dec (deg)', h('span', { class: 'sub' }, 'ICRS')),
        h('th', { scope: 'col', class: 'error' }, 'Error'))),
      this.body);
    this.element = h('div', { class: 'alerts' },
      h('section', { class: 'sky', 'aria-label': 'Map' }, this.map.element, legend(), this.advice),
      h('section', { class: 'list', 'aria-label': caption }, this.summary, list, this.nothing, this.after));
    for (const [type, marks] of [['mouseover', true], ['focusin', true], ['mouseleave', false], ['focusout', false]]) {
      this.body.addEventListener(type, (e) => this.map.mark(marks ? this.#eventOf(e.target) : null));
    }
    this.#loadSky();
    this.skyTimer = setInterval(() => this.#loadSky(), SKY_EVERY_MILLIS);
  }

  close() {
    clearInterval(this.skyTimer);
    this.map.close();
  }

  async #loadSky() {
    try {
      this.map.showBodies(await get('sky'));
    } catch (e) {
      // The banner tells of a broker that is away; elsewhere the map does without Sun and Moon.
      this.map.showBodies(null);
      console.info('Sun and Moon are not drawn.', e);
    }
  }

  /** Replaces all; newest first. */
  show(events) {
    this.isLoaded = true;
    this.events = events.slice(0, MAX_ALERTS);
    this.rows = new Map();
    fill(this.body, this.events.map((event) => this.#row(event)));
    this.#shown();
  }

  /** Adds what is new, newest first; returns what was not there yet. The oldest go when there are too many. */
  add(events) {
    const added = events.filter((event) => !this.rows.has(event.sequence));
    if (added.length === 0) {
      return added;
    }
    this.events = [...added, ...this.events].sort((a, b) => b.sequence - a.sequence);
    const shown = added.slice(0, MAX_ALERTS).map((event) => this.#row(event));
    for (const element of this.body.querySelectorAll('tr.new')) {
      element.classList.remove('new');
    }
    for (const element of shown) {
      element.classList.add('new');
    }
    this.body.prepend(...shown);
    this.#drop(this.events.splice(MAX_ALERTS));
    this.#shown();
    return added;
  }

  /** Drops what was received before a time. */
  forgetBefore(time) {
    const first = this.events.findIndex((event) => new Date(event.receivedAt) < time);
    if (first >= 0) {
      this.#drop(this.events.splice(first));
      this.#shown();
    }
  }

  #drop(events) {
    for (const gone of events) {
      this.rows.get(gone.sequence)?.remove();
      this.rows.delete(gone.sequence);
    }
  }

  /** Adds older ones after the others. */
  append(events) {
    const older = events.filter((event) => !this.rows.has(event.sequence)).slice(0, MAX_ALERTS - this.events.length);
    this.events = [...this.events, ...older];
    this.body.append(...older.map((event) => this.#row(event)));
    this.#shown();
  }

  #row(event) {
    const element = row(event, this.tagged);
    this.rows.set(event.sequence, element);
    return element;
  }

  #shown() {
    const unplaced = this.events.filter((event) => !placed(event)).length;
    const zero = this.events.filter((event) => placed(event) && event.position.longitude === 0 && event.position.latitude === 0).length;
    const isReading = !this.isLoaded && this.events.length === 0;
    fill(this.summary, isReading ? 'Reading the log …' : [h('b', {}, count(this.events.length, 'event')), unplaced > 0 && `, ${unplaced} without a position`, this.more ?? '']);
    fill(this.advice, `${count(zero, 'event')} at 0, 0: some authors, as GCN, write this for a position that is not known. A filter leaves them out with `,
      h('code', {}, 'not(sky:ra() = 0 and sky:dec() = 0)'), '.');
    this.advice.hidden = zero === 0;
    this.nothing.hidden = isReading || this.events.length > 0;
    this.body.parentElement.hidden = this.events.length === 0;
    if (this.events.length === 0) {
      fill(this.nothing, this.empty());
    }
    this.map.show(this.events, `Map of the sky with ${count(this.events.length - unplaced, 'event')} of the list`);
  }

  /** Nothing more is to come at first: the reading is over, or has failed. */
  stopReading() {
    this.isLoaded = true;
    this.#shown();
  }

  /** Says more after the number of events. */
  say(...more) {
    this.more = more.flat();
    this.#shown();
  }

  setAfter(...children) {
    fill(this.after);
    append(this.after, children);
  }

  #eventOf(target) {
    const sequence = Number(target.closest('tr')?.dataset.sequence);
    return this.events.find((event) => event.sequence === sequence) ?? null;
  }

  #markRow(event) {
    this.body.querySelector('tr.marked')?.classList.remove('marked');
    if (event) {
      this.rows.get(event.sequence)?.classList.add('marked');
    }
  }

  #pick(event) {
    const element = this.rows.get(event.sequence);
    element?.querySelector('a').focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'nearest' });
  }
}

/** The next or the previous event of the list, for j and k. */
export function step(direction) {
  const links = [...document.querySelectorAll('#events th a, [data-steps] a.step')];
  const now = links.findIndex((link) => link === document.activeElement);
  const next = links[now < 0 ? (direction > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, now + direction))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

