// The whole sky, equal-area (Hammer), ICRS, right ascension increasing to the left, 12 h in the middle.
import { h } from './dom.js';
import { angle, degrees, sexagesimal, shortName, shortStream } from './format.js';

const { geoAzimuthalEqualAreaRaw, geoCircle, geoGraticule, geoPath, geoProjection } = globalThis.d3;
const SIZES = [2, 3.2]; // pixels; the smallest an event is drawn, on a phone and on a desk
const REACH = 14; // pixels; how near one must point
const RADIANS = Math.PI / 180;

function hammer(longitude, latitude) {
  const [x, y] = geoAzimuthalEqualAreaRaw(longitude / 2, latitude);
  return [2 * x, y];
}
hammer.invert = (x, y) => {
  const [longitude, latitude] = geoAzimuthalEqualAreaRaw.invert(x / 2, y);
  return [2 * longitude, latitude];
};

/** ICRS of a galactic position, degrees; pole and centre as the Hipparcos catalogue defines them (volume 1, section 1.5.3). */
export function fromGalactic(longitude, latitude) {
  const [l, b, pole, poleUp, node] = [longitude, latitude, 192.85948, 27.12825, 122.93192].map((each) => each * RADIANS);
  const up = Math.asin(Math.sin(b) * Math.sin(poleUp) + Math.cos(b) * Math.cos(poleUp) * Math.cos(node - l));
  const right = pole + Math.atan2(Math.cos(b) * Math.sin(node - l),
    Math.sin(b) * Math.cos(poleUp) - Math.cos(b) * Math.sin(poleUp) * Math.cos(node - l));
  return [(right / RADIANS + 360) % 360, up / RADIANS];
}

const GALACTIC_PLANE = { type: 'LineString', coordinates: Array.from({ length: 181 }, (_, i) => fromGalactic(2 * i, 0)) };
const GRATICULE = geoGraticule().step([30, 30]).extentMajor([[-180, -90], [180, 90]])();

/** The event's place, if it is one on this map. */
export function placed(event) {
  const at = event.position;
  return at && at.equatorial !== false && Number.isFinite(at.longitude) && Number.isFinite(at.latitude) ? at : null;
}

/** Draws a symbol of a role, centred. Tests are hollow. */
function symbol(context, role, x, y, size) {
  context.beginPath();
  if (role === 'prediction') {
    context.moveTo(x, y - size * 1.3);
    context.lineTo(x + size * 1.3, y);
    context.lineTo(x, y + size * 1.3);
    context.lineTo(x - size * 1.3, y);
    context.closePath();
  } else if (role === 'utility') {
    context.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  } else {
    context.arc(x, y, size, 0, 2 * Math.PI);
  }
}

/**
 * A map. Options: label for screen readers; small, without labels and without a pointer; onmark(event or null) when one points at
 * another event; onpick(event) when one clicks it.
 */
export class SkyMap {
  constructor({ label, small = false, onmark = () => {}, onpick = () => {} }) {
    this.small = small;
    this.onmark = onmark;
    this.onpick = onpick;
    this.events = [];
    this.bodies = null;
    this.cone = null;
    this.marked = null;
    this.ground = h('canvas', { 'aria-hidden': 'true' });
    this.canvas = h('canvas', { role: 'img', 'aria-label': label });
    this.tip = h('p', { class: 'tip', hidden: true });
    this.element = h('div', { class: small ? 'map small-map' : 'map' }, this.ground, this.canvas, this.tip);
    this.projection = geoProjection(hammer).rotate([-180, 0]).reflectX(true).precision(0.3);
    if (!small) {
      this.canvas.addEventListener('pointermove', (e) => this.#point(this.#near(e)));
      this.canvas.addEventListener('pointerleave', () => this.#point(null));
      this.canvas.addEventListener('click', (e) => {
        const event = this.#near(e);
        if (event) {
          this.onpick(event);
        }
      });
    }
    this.sizes = new ResizeObserver(() => this.#resize());
    this.sizes.observe(this.element);
    this.recolour = () => this.#resize();
    addEventListener('bolide-night', this.recolour);
  }

  close() {
    this.sizes.disconnect();
    removeEventListener('bolide-night', this.recolour);
    cancelAnimationFrame(this.frame);
  }

  /** Newest first; with a label for who does not see them. */
  show(events, label) {
    this.events = events;
    if (label) {
      this.canvas.setAttribute('aria-label', label);
    }
    this.#redraw();
  }

  showBodies(bodies) {
    this.bodies = bodies;
    this.#drawGround();
  }

  /** A circle that was searched: {longitude, latitude, radius}, or null. */
  showCone(cone) {
    this.cone = cone;
    this.#redraw();
  }

  /** Rings an event, or none. */
  mark(event) {
    if (this.marked !== event) {
      this.marked = event;
      this.#redraw();
    }
    if (!event) {
      this.tip.hidden = true;
    }
  }

  #point(event) {
    this.canvas.style.cursor = event ? 'pointer' : '';
    if (event !== this.marked) {
      this.mark(event);
      this.onmark(event);
      if (event) {
        this.#explain(event);
      }
    }
  }

  #explain(event) {
    const at = placed(event);
    const [x, y] = this.projection([at.longitude, at.latitude]);
    const here = this.events.filter((other) => placed(other) && this.#distance(other, x, y) < this.size).length;
    this.tip.replaceChildren(`${shortStream(event.stream)} ${shortName(event)}`, h('br'), `${degrees(at)}  ${sexagesimal(at)}`,
      at.errorRadius ? `  ± ${angle(at.errorRadius)}` : '', here > 1 ? h('span', {}, h('br'), `and ${here - 1} more here`) : '');
    this.tip.hidden = false;
    const left = Math.min(Math.max(x + 12, 0), this.width - this.tip.offsetWidth);
    const below = y + 14 + this.tip.offsetHeight < this.height;
    this.tip.style.left = `${Math.max(0, left)}px`;
    this.tip.style.top = `${below ? y + 14 : y - 14 - this.tip.offsetHeight}px`;
  }

  #distance(event, x, y) {
    const at = placed(event);
    const [ex, ey] = this.projection([at.longitude, at.latitude]);
    return Math.hypot(ex - x, ey - y);
  }

  #near(pointer) {
    const box = this.canvas.getBoundingClientRect();
    const x = pointer.clientX - box.left;
    const y = pointer.clientY - box.top;
    let best = null;
    let least = REACH;
    for (const event of this.events) {
      if (placed(event)) {
        const distance = this.#distance(event, x, y);
        if (distance < least) {
          least = distance;
          best = event;
        }
      }
    }
    return best;
  }

  #resize() {
    this.width = this.element.clientWidth;
    if (this.width === 0) {
      return;
    }
    const [across, up] = this.small ? [4, 4] : [this.width > 600 ? 34 : 26, 14];
    this.height = Math.round((this.width - 2 * across) / 2 + 2 * up);
    this.size = Math.min(SIZES[1], Math.max(SIZES[0], this.width / 170));
    this.element.style.height = `${this.height}px`;
    const dense = devicePixelRatio || 1;
    for (const canvas of [this.ground, this.canvas]) {
      canvas.width = Math.round(this.width * dense);
      canvas.height = Math.round(this.height * dense);
    }
    this.projection.fitExtent([[across, up], [this.width - across, this.height - up]], { type: 'Sphere' });
    const style = getComputedStyle(document.documentElement);
    this.colours = Object.fromEntries(['ink', 'quiet', 'line', 'sky', 'galaxy', 'observation', 'test', 'mark', 'sun']
      .map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.#drawGround();
    this.#draw();
  }

  #context(canvas) {
    const context = canvas.getContext('2d');
    const dense = devicePixelRatio || 1;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    return context;
  }

  #drawGround() {
    if (!this.width) {
      return;
    }
    const context = this.#context(this.ground);
    const path = geoPath(this.projection, context);
    const stroke = (shape, colour, width) => {
      context.beginPath();
      path(shape);
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    };
    context.beginPath();
    path({ type: 'Sphere' });
    context.fillStyle = this.colours.sky;
    context.fill();
    stroke(GRATICULE, this.colours.line, 0.7);
    stroke(GALACTIC_PLANE, this.colours.galaxy, this.small ? 1 : 1.6);
    stroke({ type: 'Sphere' }, this.colours.quiet, 1);
    context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    context.textBaseline = 'middle';
    this.#cross(context, fromGalactic(0, 0));
    if (!this.small) {
      this.#labels(context);
    }
    if (this.bodies) {
      this.#body(context, this.bodies.sun, 'Sun');
      this.#body(context, this.bodies.moon, 'Moon');
    }
  }

  #labels(context) {
    context.fillStyle = this.colours.quiet;
    context.textAlign = 'center';
    const every = this.width > 480 ? 2 : 4;
    for (let hour = every; hour < 24; hour += every) {
      const [x, y] = this.projection([hour * 15, 0]);
      context.fillText(this.width > 700 ? `${hour}h ${hour * 15}°` : `${hour}h`, x, y + 7);
    }
    for (const up of [-60, -30, 0, 30, 60]) {
      for (const [right, align, shift] of [[359.999, 'right', -3], [0.001, 'left', 3]]) {
        const [x, y] = this.projection([right, up]);
        context.textAlign = align;
        context.fillText(`${up > 0 ? '+' : up < 0 ? '−' : ''}${Math.abs(up)}°`, x + shift, y);
      }
    }
    if (this.width > 480) {
      const [x, y] = this.projection(fromGalactic(0, 0));
      context.textAlign = 'left';
      context.fillText('galactic centre', x + 7, y);
    }
  }

  #cross(context, place) {
    const [x, y] = this.projection(place);
    context.beginPath();
    context.moveTo(x - 4, y);
    context.lineTo(x + 4, y);
    context.moveTo(x, y - 4);
    context.lineTo(x, y + 4);
    context.strokeStyle = this.colours.galaxy;
    context.lineWidth = 1.5;
    context.stroke();
  }

  #body(context, body, name) {
    if (!body) {
      return;
    }
    const [x, y] = this.projection([body.longitude, body.latitude]);
    const size = this.small ? 4 : 6;
    context.strokeStyle = this.colours.sun;
    context.fillStyle = this.colours.sun;
    context.lineWidth = 1.4;
    context.beginPath();
    if (name === 'Sun') {
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.stroke();
      context.beginPath();
      context.arc(x, y, 1.4, 0, 2 * Math.PI);
      context.fill();
    } else {
      context.arc(x, y, size, Math.PI * 0.5, Math.PI * 1.5);
      context.bezierCurveTo(x - size * 0.1, y - size * 0.5, x - size * 0.1, y + size * 0.5, x, y + size);
      context.fill();
    }
    if (!this.small) {
      context.textAlign = 'left';
      context.fillText(name, x + size + 3, y);
    }
  }

  #redraw() {
    if (!this.frame) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.#draw();
      });
    }
  }

  #draw() {
    if (!this.width) {
      return;
    }
    const context = this.#context(this.canvas);
    const path = geoPath(this.projection, context);
    if (this.cone) {
      context.setLineDash([5, 4]);
      this.#circle(context, path, this.cone, this.cone.radius, this.colours.mark, 1.2, 0);
      context.setLineDash([]);
    }
    const scale = this.projection.scale() * RADIANS;
    for (let i = this.events.length - 1; i >= 0; i--) {
      this.#event(context, path, this.events[i], scale);
    }
    if (this.marked && placed(this.marked)) {
      const at = placed(this.marked);
      const [x, y] = this.projection([at.longitude, at.latitude]);
      if (at.errorRadius > 0) {
        this.#circle(context, path, at, at.errorRadius, this.colours.mark, 2, 0);
      }
      context.beginPath();
      context.arc(x, y, 9, 0, 2 * Math.PI);
      context.strokeStyle = this.colours.mark;
      context.lineWidth = 2.4;
      context.stroke();
    }
  }

  #event(context, path, event, scale) {
    const at = placed(event);
    if (!at) {
      return;
    }
    const isTest = event.role === 'test';
    const colour = isTest ? this.colours.test : this.colours.observation;
    if (at.errorRadius > 0 && at.errorRadius * scale > this.size) {
      this.#circle(context, path, at, at.errorRadius, colour, isTest ? 0.6 : 0.8, isTest ? 0 : 0.05);
    }
    const [x, y] = this.projection([at.longitude, at.latitude]);
    symbol(context, event.role, x, y, this.small ? 4 : this.size);
    context.globalAlpha = 0.85;
    if (isTest) {
      context.strokeStyle = colour;
      context.lineWidth = 1.2;
      context.stroke();
    } else {
      context.fillStyle = colour;
      context.fill();
    }
    context.globalAlpha = 1;
  }

  #circle(context, path, at, radius, colour, width, opacity) {
    context.beginPath();
    path(geoCircle().center([at.longitude, at.latitude]).radius(Math.min(radius, 180)).precision(3)());
    if (opacity) {
      context.globalAlpha = opacity;
      context.fillStyle = colour;
      context.fill();
      context.globalAlpha = 1;
    }
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }
}

/** What the symbols mean. */
export function legend() {
  return h('ul', { class: 'legend', 'aria-label': 'Legend' },
    [['dot', 'observation'], ['diamond', 'prediction'], ['square', 'utility'], ['ring', 'test'], ['disc', 'error circle, to scale'], ['band', 'galactic plane']]
      .map(([sign, text]) => h('li', {}, h('i', { class: `sign ${sign}`, 'aria-hidden': 'true' }), text)),
    h('li', {}, 'Hammer, equal-area, ICRS'));
}
