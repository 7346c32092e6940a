// The alerts of one filter or several: what the log has of them, then live.
import { Alerts } from './alerts.js';
import { broker, get, post } from './api.js';
import { copyButton, fault, fill, h } from './dom.js';
import { announcer, liveSign, sayMissed } from './sky.js';
import { addressOf, deleteFilter, rememberedKey, remoteText, trialText } from './filters.js';
import { watch } from './watch.js';

const DAYS = 30;
const LOOK_BACK = 2000; // events

export async function showFilter(main, { name }, signal) {
  const names = [...new Set(name.split(',').filter(Boolean))];
  document.title = `${names.join(', ')} · Bolide`;
  const alerts = new Alerts({ tagged: names.length > 1, caption: `Alerts of ${names.join(', ')}`, empty: () => h('p', {}, 'Nothing in the log matches. What comes appears here by itself.') });
  const [sign, setState] = liveSign();
  const announce = announcer();
  const told = h('div', { class: 'definitions' });
  const problem = h('div', {});
  let stop = () => {};
  signal.addEventListener('abort', () => {
    stop();
    alerts.close();
    announce.close();
  });
  fill(main, h('div', { class: 'bar' }, h('h1', {}, names.join(', ')), sign, copyButton('Copy address', () => addressOf(names))), told, problem, alerts.element);
  alerts.say('');
  try {
    const { filters } = await get('filters', signal);
    const known = names.map((each) => filters.find((one) => one.name === each)).filter(Boolean);
    const unknown = names.filter((each) => !known.some((one) => one.name === each));
    if (unknown.length > 0) {
      fill(problem, fault(`${unknown.length === 1 ? 'There is no filter' : 'There are no filters'} ${unknown.join(', ')}; deleted, or of another broker.`),
        h('p', {}, h('a', { href: '#/filters' }, 'All filters')));
    }
    if (known.length === 0) {
      sign.remove();
      alerts.element.remove();
      return;
    }
    fill(told, known.map((filter) => definition(filter, problem)));
    const newest = await get('events?limit=1', signal);
    const place = newest.events[0]?.sequence ?? 0;
    // Who may not try filters sees what they pass of the last events.
    const mayTry = broker.session.local || broker.session.mayChange;
    stop = watch({
      filters: known.map((filter) => filter.name), after: mayTry ? place : Math.max(0, place - LOOK_BACK), onstate: setState,
      onalerts: (events, missed) => {
        sayMissed(problem, missed);
        const added = alerts.add(events);
        if (added.length > 0) {
          announce.tell(added);
        }
      },
      onfilter: (gone) => problem.append(fault(`${gone.name} is watched no more: ${gone.fault}`)),
    });
    const found = new Map();
    for (const filter of mayTry ? known.filter((each) => !each.fault) : []) {
      const trial = await post('filters/trial', { language: filter.language, text: filter.text, days: DAYS }, signal);
      fill(document.getElementById(`trial-${filter.name}`), trialText(trial));
      for (const event of trial.newest) {
        const merged = found.get(event.sequence) ?? { ...event, filters: [] };
        merged.filters.push(filter.name);
        found.set(event.sequence, merged);
      }
    }
    const live = alerts.events;
    alerts.show([...live, ...[...found.values()].filter((each) => !live.some((one) => one.sequence === each.sequence))].sort((a, b) => b.sequence - a.sequence));
  } catch (e) {
    if (e.name !== 'AbortError') {
      fill(problem, fault(e.message));
      alerts.stopReading();
    }
    throw e;
  }
}

function definition(filter, problem) {
  return h('div', { class: 'definition' },
    h('p', {}, h('b', {}, filter.name), ' ', h('code', {}, filter.text), filter.remote && h('span', { class: 'quiet' }, remoteText(filter)),
      (rememberedKey(filter.name) || broker.session.mayChange) && h('button', { type: 'button', class: 'small', 'aria-label': `Delete ${filter.name}`, onclick: async () => {
        try {
          if (await deleteFilter(filter.name)) {
            location.hash = '#/filters';
          }
        } catch (e) {
          fill(problem, fault(e.message));
        }
      } }, 'Delete')),
    h('p', { class: 'quiet', id: `trial-${filter.name}` }, filter.fault ? fault(`Does not pass anything: ${filter.fault}`)
      : broker.session.local || broker.session.mayChange ? 'Looking through the log …' : `From the last ${LOOK_BACK} events on.`));
}
