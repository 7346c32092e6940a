// Times are UTC and say so; angles are degrees or sexagesimal, in ICRS.
import { h } from './dom.js';

const two = (number) => String(number).padStart(2, '0');

/** 2026-11-22 */
export function day(time) {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10);
}

/** 10:38:11 */
export function clock(time) {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(11, 19);
}

/** 2026-11-22 10:38:11 UTC, to be read by people and machines; what is no time stays as it is. */
export function utc(time, withZone = true) {
  if (!time) {
    return null;
  }
  const text = day(time) && `${day(time)} ${clock(time)}`;
  return text ? h('time', { datetime: time }, withZone ? `${text} UTC` : text) : String(time);
}

const UNITS = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]];

/** 3 d 2 h; 12 min; 5 s */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first < 0) {
    return '0 s';
  }
  const [unit, size] = UNITS[first];
  const count = Math.floor(whole / size);
  const next = UNITS[first + 1];
  const rest = next && count < 10 ? Math.floor((whole - count * size) / next[1]) : 0;
  return `${count} ${unit}${rest ? ` ${rest} ${next[0]}` : ''}`;
}

export function since(time) {
  return time ? duration((Date.now() - new Date(time)) / 1000) : null;
}

export function ago(time) {
  return time ? `${since(time)} ago` : '-';
}

export function number(value) {
  return value === null || value === undefined ? '-' : Number(value).toLocaleString('en');
}

export function count(value, thing, things = `${thing}s`) {
  return `${number(value)} ${value === 1 ? thing : things}`;
}

export function bytes(value) {
  if (value === null || value === undefined) {
    return '-';
  }
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

function decimal(value) {
  const text = String(Number(value.toFixed(6)));
  const digits = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  return digits < 4 ? value.toFixed(4) : text;
}

/** 83.6331 +22.0145, in degrees */
export function degrees({ longitude, latitude }) {
  return `${decimal(longitude)} ${latitude < 0 ? '−' : '+'}${decimal(Math.abs(latitude))}`;
}

function sixty(value, decimals) {
  const scale = 10 ** decimals;
  const units = Math.round(value * 3600 * scale);
  const seconds = (units % (60 * scale)) / scale;
  const minutes = Math.floor(units / (60 * scale)) % 60;
  return [Math.floor(units / (3600 * scale)), two(minutes), seconds.toFixed(decimals).padStart(decimals + 3, '0')];
}

/** 05:34:31.94 +22:00:52.2 */
export function sexagesimal({ longitude, latitude }) {
  const [hours, ...right] = sixty((((longitude % 360) + 360) % 360) / 15, 2);
  const [whole, ...up] = sixty(Math.abs(latitude), 1);
  return `${two(hours % 24)}:${right.join(':')} ${latitude < 0 ? '−' : '+'}${two(whole)}:${up.join(':')}`;
}

/** An angle in the unit that suits it: 12°, 4.0′, 3.6″ */
export function angle(value) {
  if (value === 0) {
    return '0';
  } else if (value >= 1) {
    return `${Number(value.toFixed(2))}°`;
  }
  return value >= 1 / 60 ? `${(value * 60).toFixed(1)}′` : `${(value * 3600).toFixed(1)}″`;
}

/** Right ascension and declination as numbers of degrees, out of "83.63 22.01", "05:34:32 +22:00:52" or "05h34m32s +22d00m52s"; or null. */
export function place(text) {
  const clean = text.trim().replaceAll('−', '-').replace(/,/g, ' ');
  const plain = /^([+-]?\d+(?:\.\d+)?)°?\s+([+-]?\d+(?:\.\d+)?)°?$/.exec(clean);
  let right;
  let up;
  if (plain) {
    right = Number(plain[1]);
    up = Number(plain[2]);
  } else {
    const parts = /^(\d{1,2})\s*[:h\s]\s*(\d{1,2})\s*(?:[:m\s]\s*(\d{1,2}(?:\.\d*)?)\s*s?)?\s*m?\s*([+-]?)\s*(\d{1,2})\s*[:d°\s]\s*(\d{1,2})\s*(?:[:m'′\s]\s*(\d{1,2}(?:\.\d*)?)\s*[s"″]?)?['′m]?$/.exec(clean);
    if (!parts || Number(parts[2]) >= 60 || Number(parts[3] ?? 0) >= 60 || Number(parts[6]) >= 60 || Number(parts[7] ?? 0) >= 60) {
      return null;
    }
    right = 15 * (Number(parts[1]) + Number(parts[2]) / 60 + Number(parts[3] ?? 0) / 3600);
    up = (parts[4] === '-' ? -1 : 1) * (Number(parts[5]) + Number(parts[6]) / 60 + Number(parts[7] ?? 0) / 3600);
  }
  return right >= 0 && right <= 360 && Math.abs(up) <= 90 ? { longitude: right, latitude: up } : null;
}

/** The stream without what all have in common: SWIFT of ivo://nasa.gsfc.gcn/SWIFT */
export function shortStream(stream) {
  return (stream ?? '').replace(/^ivo:\/\//i, '').replace(/\/+$/, '').split('/').pop() || stream;
}

/** What tells an event apart within its stream. */
export function shortName(event) {
  const id = event.identifier;
  if (!id) {
    return `event ${event.sequence}`;
  }
  return event.stream && id.length > event.stream.length && id.startsWith(event.stream) ? id.slice(event.stream.length + 1) : id;
}
