// The log, searched.
import { Alerts } from './alerts.js';
import { archiveAddress, get, query } from './api.js';
import { fault, fill, h, note } from './dom.js';
import { angle, day, degrees, place } from './format.js';
import { ROLES, select, streamNames } from './sky.js';

const PAGES = ['100', '500'];

/** A radius in degrees out of 2, 2d, 30', 20"; or null. */
function radius(text) {
  const found = /^(\d+(?:\.\d+)?)\s*(°|d|deg|'|′|m|arcmin|"|″|s|arcsec)?$/.exec(text.trim());
  if (!found) {
    return null;
  }
  const parts = { "'": 60, '′': 60, m: 60, arcmin: 60, '"': 3600, '″': 3600, s: 3600, arcsec: 3600 };
  const value = Number(found[1]) / (parts[found[2]] ?? 1);
  return value > 0 && value <= 180 ? value : null;
}

/** A time in UTC out of 2026-11-22, 2026-11-22 10:30, 2026-11-22T10:30:00Z; or null. */
function time(text) {
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?Z?$/.exec(text.trim());
  const at = found && new Date(`${found[1]}T${found[2] ?? '00:00'}${found[3] ?? ''}Z`);
  return at && !Number.isNaN(at.getTime()) ? at : null;
}

/** To a microdegree, as the API takes it. */
function cone(at, size) {
  return [at.longitude, at.latitude, size].map((each) => Number(each.toFixed(6))).join(',');
}

/** The address of what was typed into the one search field. */
export function addressOf(text) {
  const words = text.split(/[\s,]+/);
  if (time(text)) {
    const from = time(text);
    const length = text.includes(':') ? 3_600_000 : 86_400_000;
    return `#/events?${query({ since: from.toISOString(), until: new Date(from.getTime() + length).toISOString() })}`;
  }
  const whole = place(words.join(' '));
  const size = words.length > 2 ? radius(words[words.length - 1]) : null;
  const part = size && place(words.slice(0, -1).join(' '));
  // "1 2 3 4 5 6" is a place as a whole; "83.6 22 2" one with a radius
  const at = whole ?? part;
  if (at) {
    return `#/events?${query({ cone: cone(at, whole ? 1 : size) })}`;
  }
  return `#/events?${query({ [/^ivo:\/\//i.test(text) ? 'prefix' : 'part']: text })}`;
}

export async function showFind(main, { search }, signal) {
  const asked = Object.fromEntries(['part', 'prefix', 'stream', 'role', 'since', 'until', 'cone', 'cites', 'before', 'limit']
    .map((name) => [name, search.get(name) ?? '']).filter(([, value]) => value));
  const limit = PAGES.includes(asked.limit) ? asked.limit : PAGES[0];
  const circle = asked.cone?.split(',').map(Number);
  const alerts = new Alerts({ caption: 'Events found', empty: () => (asked.before ? h('p', {}, 'There are no older ones.') : [h('p', {}, 'Nothing in the log is like that.'),
    note('A search looks at what the broker still keeps. Times are when an event was received, in UTC.')]) });
  signal.addEventListener('abort', () => alerts.close());
  const problem = h('div', {});
  const streams = h('span', {});
  const form = searchForm(asked, limit, circle, problem, streams);
  fill(main, h('div', { class: 'bar' }, h('h1', {}, 'Find')), form, problem, alerts.element);
  if (circle) {
    alerts.map.showCone({ longitude: circle[0], latitude: circle[1], radius: circle[2] });
  }
  alerts.say('');
  try {
    const found = await get(`events?${query({ ...asked, limit })}`, signal);
    alerts.show(found.events);
    alerts.say(found.next ? ', and older ones' : asked.before ? ', the oldest of all' : '', coneText(circle), found.events.length > 0 && exportLinks(asked));
    const address = (before) => `#/events?${query({ ...asked, limit: limit === PAGES[0] ? '' : limit, before })}`;
    alerts.setAfter(asked.before && h('a', { class: 'more', id: 'newest', href: address('') }, 'Newest'),
      found.next && h('a', { class: 'more', id: 'older', href: address(found.next) }, 'Older events'));
    fillStreams(streams, await streamNames(found.events, signal), asked.stream);
  } catch (e) {
    if (e.name !== 'AbortError') {
      fill(problem, fault(e.message));
      alerts.stopReading();
      fillStreams(streams, [], asked.stream);
    }
    throw e;
  }
}

/** What was found, all of it, to take home; the archive does not know when an event was received. */
function exportLinks(asked) {
  if (asked.since || asked.until || asked.before) {
    return '';
  }
  const selection = query({
    ivorn_contains: asked.part, ivorn_prefix: asked.prefix, stream: asked.stream, role: asked.role, cone: asked.cone && `[${asked.cone}]`, ref_exact: asked.cites,
  });
  return ['. Save all as ', h('a', { href: archiveAddress('export.vot', selection), download: 'events.vot' }, 'VOTable'), ' or ',
    h('a', { href: archiveAddress('export.tar', selection), download: 'events.tar' }, 'XML in a tar')];
}

function coneText(circle) {
  return circle ? `, within ${angle(circle[2])} of ${degrees({ longitude: circle[0], latitude: circle[1] })}` : '';
}

function fillStreams(holder, names, chosen) {
  const all = chosen && !names.includes(chosen) ? [chosen, ...names] : names;
  fill(holder, select('find-stream', 'Stream', [['', 'all'], ...all.map((name) => [name, name.replace(/^ivo:\/\//, '')])], chosen ?? '',
    () => holder.closest('form').requestSubmit()));
}

function field(id, label, value, hint, size) {
  return h('label', {}, label, ' ', h('input', { id, value: value ?? '', placeholder: hint, size, spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off' }));
}

function shownTime(value) {
  const at = value && new Date(value);
  if (!at || Number.isNaN(at.getTime())) {
    return value;
  }
  return at.getTime() % 86_400_000 === 0 ? day(at) : at.toISOString().slice(0, 19).replace('T', ' ');
}

function searchForm(asked, limit, circle, problem, streams) {
  const value = (id) => document.getElementById(id)?.value.trim() ?? '';
  const wrong = (id, text) => {
    fill(problem, fault(text));
    document.getElementById(id).setAttribute('aria-invalid', 'true');
    document.getElementById(id).focus();
  };
  const submit = (e) => {
    e.preventDefault();
    form.querySelectorAll('[aria-invalid]').forEach((element) => element.removeAttribute('aria-invalid'));
    const next = { stream: value('find-stream'), role: value('find-role'), cites: asked.cites, limit: limit === value('find-limit') || value('find-limit') !== PAGES[0] ? value('find-limit') : '' };
    const name = value('find-part');
    next[/^ivo:\/\//i.test(name) ? 'prefix' : 'part'] = name;
    for (const [id, key] of [['find-since', 'since'], ['find-until', 'until']]) {
      if (value(id)) {
        const at = time(value(id));
        if (!at) {
          return wrong(id, `"${value(id)}" is no time. Write 2026-11-22 or 2026-11-22 10:30, in UTC.`);
        }
        next[key] = at.toISOString();
      }
    }
    if (value('find-place')) {
      const at = place(value('find-place'));
      const size = radius(value('find-radius') || '1');
      if (!at) {
        return wrong('find-place', `"${value('find-place')}" is no place. Write RA and Dec: 83.63 22.01 in degrees, or 05:34:32 +22:00:52.`);
      }
      if (!size) {
        return wrong('find-radius', `"${value('find-radius')}" is no radius. Write degrees above 0, up to 180, or 30' or 20".`);
      }
      next.cone = cone(at, size);
    }
    const address = `#/events?${query(next)}`;
    if (address === location.hash) {
      dispatchEvent(new Event('hashchange'));
    }
    location.hash = address;
    return undefined;
  };
  fillStreams(streams, [], asked.stream);
  const form = h('form', { class: 'find', id: 'find', onsubmit: submit, autocomplete: 'off' },
    field('find-part', 'IVOID', asked.prefix ?? asked.part, 'a part, or ivo://…', 28), streams,
    select('find-role', 'Role', [['', 'all'], ...ROLES.map((role) => [role, role])], asked.role ?? '', () => form.requestSubmit()),
    field('find-place', 'RA, Dec', circle ? `${circle[0]} ${circle[1]}` : '', '83.63 22.01 or 05:34:32 +22:00:52', 28),
    field('find-radius', 'Radius', circle ? String(circle[2]) : '', '1', 5),
    field('find-since', 'Received since', shownTime(asked.since), '2026-11-22 10:30', 16),
    field('find-until', 'before', shownTime(asked.until), 'UTC', 16),
    select('find-limit', 'A page', PAGES.map((size) => [size, size]), limit, () => form.requestSubmit()),
    h('button', { class: 'primary' }, 'Find'), h('a', { href: '#/events' }, 'Clear'));
  if (asked.cites) {
    form.append(h('span', { class: 'quiet' }, `that cite ${asked.cites}`));
  }
  return form;
}
