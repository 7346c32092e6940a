// Alerts as they come. EventSource reconnects and resumes by itself; this begins anew only where it has given up.
import { lookWhetherThere, query, watchAddress } from './api.js';

const RETRY_MILLIS = 5000;

/**
 * Watches from a place in the log on. onalerts(events, missed), newest first, and how many expired before they could be looked at;
 * onstate({state, since}) with the states connecting, live, reconnecting and ended; onfilter({name, fault}) when the broker takes a
 * filter away: it ends with the last one. Returns a function that ends it.
 */
export function watch({ filters = [], after, onalerts, onstate, onfilter = () => {} }) {
  const names = new Set(filters);
  let place = after;
  let source;
  let timer;
  let state;

  const set = (name) => {
    if (name !== state) {
      state = name;
      onstate({ state, since: new Date() });
    }
  };
  const open = () => {
    source = new EventSource(watchAddress(query({ filter: [...names], after: place })));
    source.onopen = () => set('live');
    source.onerror = () => {
      set(state === undefined || state === 'connecting' ? 'connecting' : 'reconnecting');
      lookWhetherThere();
      if (source.readyState === EventSource.CLOSED) {
        timer = setTimeout(open, RETRY_MILLIS);
      }
    };
    source.addEventListener('alerts', (message) => {
      const told = JSON.parse(message.data);
      place = told.place;
      onalerts(told.events.sort((a, b) => b.sequence - a.sequence), told.missed ?? 0);
    });
    source.addEventListener('filter', (message) => {
      const lost = JSON.parse(message.data);
      names.delete(lost.name);
      onfilter(lost);
      if (names.size === 0) {
        source.close();
        set('ended');
      }
    });
  };
  const close = () => {
    clearTimeout(timer);
    source.close();
  };
  // Browsers keep a page that was left, and with it one of the few connections that they make to a host.
  const reopen = (shown) => {
    if (shown.persisted && state !== 'ended') {
      open();
    }
  };
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', reopen);
  set('connecting');
  open();
  return () => {
    close();
    window.removeEventListener('pagehide', close);
    window.removeEventListener('pageshow', reopen);
  };
}
