// Alerts as they come. EventSource reconnects and resumes by itself; this begins anew only where it has given up.
import { query, watchAddress } from './api.js';

const RETRY_MILLIS = 5000;

/**
 * Watches from a place in the log on. onalerts(events, place), newest first; onstate({state, since}) with the states connecting,
 * live and reconnecting; onfilter(told) when the broker takes a filter away. Returns a function that ends it.
 */
export function watch({ filters = [], after, onalerts, onstate, onfilter = () => {} }) {
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
    source = new EventSource(watchAddress(query({ filter: filters, after: place })));
    source.onopen = () => set('live');
    source.onerror = () => {
      set(state === undefined || state === 'connecting' ? 'connecting' : 'reconnecting');
      if (source.readyState === EventSource.CLOSED) {
        timer = setTimeout(open, RETRY_MILLIS);
      }
    };
    source.addEventListener('alerts', (message) => {
      const told = JSON.parse(message.data);
      place = told.place;
      onalerts(told.events.sort((a, b) => b.sequence - a.sequence), place);
    });
    source.addEventListener('filter', (message) => onfilter(JSON.parse(message.data)));
  };
  set('connecting');
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
