// The filters that are there, and a form for another one that is tried before it is saved.
import { Alerts } from './alerts.js';
import { ApiError, broker, get, post, query, request } from './api.js';
import { confirmed, copyButton, fault, fill, h, note } from './dom.js';
import { count, number, utc } from './format.js';
import { choice } from './sky.js';

const CHECK_AFTER_MILLIS = 300;
const DAYS = 30;

const EXAMPLES = [
  ['observations, no tests', '@role="observation"'],
  ['first notices: no follow-ups, no corrections', '@role="observation" and not(//Citations)'],
  ['Swift, positions of bursts', 'starts-with(@ivorn, "ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos")'],
  ['Fermi GBM, no tests', 'contains(@ivorn, "#GBM_") and @role="observation"'],
  ['what can rise here', '@role="observation" and sky:dec() > -30 and sky:dec() < 60'],
  ['a good position', 'sky:error-radius() > 0 and sky:error-radius() <= 0.05'],
  ['within 5 degrees of the galactic centre', 'sky:in-cone(266.417, -29.008, 5)'],
  ['away from Sun and Moon', 'sky:sun-separation() > 40 and sky:moon-separation() > 30'],
  ['brighter than magnitude 19.5', '//Param[@name="magnitude" and @value < 19.5]'],
  ['a position that is really known', 'sky:dec() > -91 and not(sky:ra() = 0 and sky:dec() = 0)'],
  ['a pattern of names', 'matches(/*/@ivorn, "#(BAT|XRT|UVOT)_.*Pos")', 'xquery'],
  ['a number, if it is one', 'let $m := //Param[@name = "magnitude"]/@value\nreturn $m castable as xs:double and xs:double($m) lt 18', 'xquery'],
];

const keyOf = (name) => `bolide.filter-key.${name}`;
export const addressOf = (names) => `${location.href.split('#')[0]}#/filter/${names.map(encodeURIComponent).join(',')}`;

export function rememberedKey(name) {
  try {
    return localStorage.getItem(keyOf(name));
  } catch (e) {
    console.info('This browser keeps nothing.', e);
    return null;
  }
}

function rememberKey(name, key) {
  try {
    if (key) {
      localStorage.setItem(keyOf(name), key);
    } else {
      localStorage.removeItem(keyOf(name));
    }
  } catch (e) {
    console.info('This browser keeps nothing: an administrator must delete the filter.', e);
  }
}

/** The broker that a filter listens to as well, and how that does. */
export function remoteText({ remote, remoteState: state }) {
  if (!remote) {
    return '';
  }
  return `, also listens to ${remote}${!state ? '' : state.connected ? ', connected' : `, not connected${state.lastFailure ? `: ${state.lastFailure}` : ''}`}`;
}

/** Asks, then deletes; resolves to whether it is gone. */
export async function deleteFilter(name) {
  if (!await confirmed(`Delete the filter ${name}?`, 'Whoever watches it is told that it is gone, and its address leads nowhere. Events stay in the log.', 'Delete it')) {
    return false;
  }
  const key = rememberedKey(name);
  await request('DELETE', `filters/${encodeURIComponent(name)}`, { headers: key ? { 'Bolide-Filter-Key': key } : {} });
  rememberKey(name, null);
  return true;
}

export async function showFilters(main, { search }, signal) {
  const list = h('section', { class: 'part', 'aria-label': 'Filters', id: 'filter-list' });
  const result = trialView(signal);
  const form = filterForm(search, result, signal);
  fill(main, h('div', { class: 'bar' }, h('h1', {}, 'Filters')), list, form, result.element);
  await showList(list, signal);
}

async function showList(list, signal) {
  try {
    const { filters } = await get('filters', signal);
    const watchBoth = h('a', { class: 'button primary', id: 'watch-chosen', hidden: true }, 'Watch them together');
    const boxes = filters.map((each) => h('input', { type: 'checkbox', value: each.name, 'aria-label': `Choose ${each.name}`, onchange: () => {
      const names = boxes.filter((box) => box.checked).map((box) => box.value);
      watchBoth.hidden = names.length < 2;
      watchBoth.href = `#/filter/${names.map(encodeURIComponent).join(',')}`;
      watchBoth.textContent = `Watch ${names.length} together`;
    } }));
    const problem = h('div', {});
    fill(list, filters.length === 0 ? note('There is no filter yet. Write one below, or begin with an example.')
      : h('ul', { class: 'filters', 'data-steps': true }, filters.map((each, i) => h('li', { 'data-name': each.name },
        filters.length > 1 && boxes[i],
        h('span', { class: 'filter-what' }, h('a', { class: 'step', href: `#/filter/${encodeURIComponent(each.name)}` }, h('b', {}, each.name)), ' ',
          h('code', {}, each.text), h('span', { class: 'sub' }, each.language === 'xquery' ? 'XQuery' : 'XPath', remoteText(each),
            each.createdAt && [', since ', utc(each.createdAt)]), each.fault && fault(`Does not pass anything: ${each.fault}`)),
        h('span', { class: 'acts' }, copyButton('Copy address', () => addressOf([each.name])),
          (rememberedKey(each.name) || broker.session.mayChange) && h('button', { type: 'button', class: 'small', 'aria-label': `Delete ${each.name}`, onclick: async () => {
            try {
              if (await deleteFilter(each.name)) {
                await showList(list, signal);
              }
            } catch (e) {
              fill(problem, fault(e.message));
            }
          } }, 'Delete'))))), watchBoth, problem);
  } catch (e) {
    if (e.name === 'AbortError') {
      throw e;
    }
    fill(list, fault(e.message));
  }
}

/** A text field that underlines the place of an error; the text behind it is the same, invisible but for the line. */
function editor(text, onedit) {
  const behind = h('pre', { 'aria-hidden': 'true' });
  const area = h('textarea', {
    id: 'filter-text', rows: 3, spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', required: true, maxlength: 8192, 'aria-describedby': 'filter-error',
    oninput: () => {
      setError(null);
      onedit();
    },
  });
  const message = h('p', { class: 'fault', id: 'filter-error', role: 'alert', hidden: true });
  function setError(error) {
    const value = area.value;
    message.hidden = !error;
    if (!error) {
      area.removeAttribute('aria-invalid');
      fill(behind, `${value}\n`);
      return;
    }
    area.setAttribute('aria-invalid', 'true');
    if (Number.isInteger(error.offset)) {
      const from = Math.max(0, Math.min(error.offset, value.length));
      const to = Math.max(from + 1, from + (/^[\w:.-]+/.exec(value.slice(from))?.[0].length ?? 1));
      fill(behind, value.slice(0, from), h('mark', {}, value.slice(from, to) || ' '), `${value.slice(to)}\n`);
      fill(message, h('button', { type: 'button', class: 'small', id: 'go-to-error', onclick: () => {
        area.focus();
        area.setSelectionRange(from, Math.min(to, value.length));
      } }, from >= value.length ? 'At the end' : `At character ${from + 1}`), ' ', h('span', {}, error.message));
    } else {
      fill(behind, `${value}\n`);
      fill(message, error.message);
    }
  }
  area.value = text;
  setError(null);
  return { element: h('div', { class: 'editor' }, behind, area), area, message, setError };
}

function filterForm(search, result, signal) {
  let language = search.get('language') === 'xquery' ? 'xquery' : 'xpath';
  let asked = 0;
  const problem = h('div', { id: 'filter-problem' });
  let timer;
  const value = (id) => document.getElementById(id).value.trim();
  const wish = () => ({ language, text: text.area.value });

  const attempt = async (act) => {
    clearTimeout(timer);
    fill(problem);
    const mine = ++asked;
    try {
      return await act();
    } catch (e) {
      if (e.name !== 'AbortError' && mine === asked) {
        if (Number.isInteger(e.offset)) {
          text.setError(e);
        } else {
          fill(problem, fault(e.message));
        }
      }
      return null;
    }
  };
  const check = () => attempt(async () => {
    const mine = asked;
    if (text.area.value.trim()) {
      const answer = await post('filters/check', wish(), signal);
      if (mine === asked) {
        text.setError(answer.error ? new ApiError(200, answer.error, answer.offset) : null);
      }
    }
  });
  const edited = () => {
    asked++;
    clearTimeout(timer);
    timer = setTimeout(check, CHECK_AFTER_MILLIS);
  };
  const text = editor(search.get('text') ?? '', edited);
  const tryIt = async () => {
    // So that the way back from an event leads to this trial
    history.replaceState(history.state, '', `#/filters?${query({ name: value('filter-name'), ...wish(), remote: value('filter-remote') })}`);
    result.say('Looking through the log …');
    if (!matchMedia('(min-width: 1100px)').matches) {
      examples.open = false;
    }
    const found = await attempt(() => post('filters/trial', { ...wish(), days: DAYS }, signal));
    if (found) {
      text.setError(null);
      result.show(found);
    } else {
      result.say();
    }
  };
  const save = async (e) => {
    e.preventDefault();
    const filter = { name: value('filter-name'), ...wish() };
    if (value('filter-remote')) {
      filter.remote = value('filter-remote');
    }
    const saved = await attempt(() => post('filters', filter, signal));
    if (saved) {
      rememberKey(filter.name, saved.key);
      location.hash = `#/filter/${encodeURIComponent(filter.name)}`;
    }
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  if (text.area.value) {
    queueMicrotask(tryIt);
  }
  const examples = h('details', { class: 'examples', open: true }, h('summary', {}, 'Examples'), h('ul', {}, EXAMPLES.map(([name, example, its = 'xpath']) => h('li', {},
    h('button', { type: 'button', class: 'example', onclick: () => {
      text.area.value = example;
      text.setError(null);
      text.area.focus();
      edited();
      if (language !== its) {
        document.querySelector(`[data-key=${its}]`).click();
      }
    } }, h('code', {}, example)), h('span', { class: 'sub' }, name, its === 'xquery' && ' (XQuery)')))));
  return h('form', { class: 'filter-form', id: 'filter-form', onsubmit: save, autocomplete: 'off', 'aria-label': 'A new filter' },
    h('h2', {}, 'A new filter'),
    h('div', { class: 'wish' },
      h('div', { class: 'line' }, h('label', {}, 'Name ', h('input', {
        id: 'filter-name', required: true, maxlength: 64, pattern: '[A-Za-z0-9._\\-]+', size: 20, spellcheck: 'false', autocapitalize: 'off', value: search.get('name'), placeholder: 'fermi-bursts',
        oninvalid: (e) => e.target.setCustomValidity(e.target.validity.patternMismatch ? 'Letters, digits, and . _ - only' : ''), oninput: (e) => e.target.setCustomValidity(''),
      })), choice('Language', [['xpath', 'XPath'], ['xquery', 'XQuery']], language, (chosen) => {
        language = chosen;
        edited();
      })),
      h('label', { for: 'filter-text' }, 'Which events'), text.element, text.message,
      h('details', { class: 'remote', open: Boolean(search.get('remote')) }, h('summary', {}, 'Also listen to another broker'),
        h('label', {}, 'Address ', h('input', { id: 'filter-remote', size: 30, value: search.get('remote'), placeholder: 'voevent.example.org:8099', spellcheck: 'false', autocapitalize: 'off' })),
        note('This broker subscribes to it for as long as a filter names it. What comes enters the log as from any remote broker.')),
      h('p', { class: 'acts' }, h('button', { type: 'button', id: 'try', onclick: tryIt }, `Try it on the last ${DAYS} days`), h('button', { class: 'primary', id: 'save' }, 'Save and watch')), problem,
      !broker.session.local && !broker.session.mayChange && note('To save it, ', h('a', { href: '#/broker/login' }, 'log in'), ' as an administrator.')),
    examples);
}

/** What came of a trial, in words. */
export function trialText({ events, passed, failed, overran, complete, since }) {
  const matched = h('b', {}, `${number(passed)} of ${count(events, 'event')}`);
  return [complete === false ? ['It would have matched ', matched, since ? [', the newest, since ', utc(since)] : ', the newest', ': there was no time to look at the older ones.']
    : [`In the last ${DAYS} days it would have matched `, matched, '.'],
    failed > 0 && ` It failed on ${number(failed)}: what it compares is not there as it expects.`,
    overran > 0 && ` On ${number(overran)} it cost too much and was stopped.`];
}

/** Where the result of a trial is shown. */
function trialView(signal) {
  const text = h('p', { id: 'trial-text', class: 'trial', role: 'status' });
  const list = h('div', {});
  let alerts;
  const clear = () => {
    alerts?.close();
    alerts = null;
    fill(list);
  };
  signal.addEventListener('abort', clear);
  return {
    element: h('section', { 'aria-label': 'What it would have matched', id: 'trial' }, text, list),
    say(...words) {
      clear();
      fill(text, words);
    },
    show(found) {
      this.say(trialText(found));
      alerts = new Alerts({ caption: 'Events that it would have matched', empty: () => h('p', {}, 'None. Look at an event of the stream that you want: only there you see how its author names things.') });
      fill(list, alerts.element);
      alerts.show(found.newest);
      alerts.say(found.passed > found.newest.length ? ', the newest' : '');
    },
  };
}
