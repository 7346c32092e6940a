// Elements are made here, never out of markup: whatever an event holds becomes text.

/**
 * An element. A property beginning with "on" is a listener, a true or false one an attribute that is there or not,
 * null or undefined is left out; children are elements, texts, arrays of these, or nothing.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false && child !== '') {
      element.append(child);
    }
  }
}

export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** A table with headings. A column is {heading, value(item) → text or element, className, header: whether it names the row}, or a list of such. */
export function table(caption, choices, items) {
  const columns = choices.flat();
  return h('div', { class: 'scroll' }, h('table', {},
    h('caption', { class: 'unseen' }, caption),
    h('thead', {}, h('tr', {}, columns.map((column) => h('th', { scope: 'col', class: column.className }, column.heading)))),
    h('tbody', {}, items.map((item) => h('tr', {}, columns.map((column) =>
      h(column.header ? 'th' : 'td', { class: column.className, scope: column.header ? 'row' : null }, column.value(item))))))));
}

/** Names and values; what has no value is left out. */
export function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

export function note(...children) {
  return h('p', { class: 'note' }, children);
}

function sentence(text) {
  return typeof text === 'string' ? text.replace(/^[a-z]/, (first) => first.toUpperCase()) + (/[.!?:…]$/.test(text) ? '' : '.') : text;
}

/** What went wrong, aloud. */
export function fault(message) {
  return h('p', { class: 'fault', role: 'alert' }, sentence(message));
}

/** Copies a text; says on the button what came of it. */
export function copyButton(label, text) {
  const button = h('button', { type: 'button', class: 'small', onclick: async () => {
    button.textContent = await copy(await text()) ? 'Copied' : 'Not copied: the browser forbids it';
    setTimeout(() => { button.textContent = label; }, 2500);
  } }, label);
  return button;
}

async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (e) {
      console.info('The clipboard is refused; trying the old way.', e);
    }
  }
  // Without https only this is left.
  const area = h('textarea', { class: 'unseen', readonly: true });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

/** Asks before something is changed. Resolves to whether to go on. */
export function confirmed(title, text, verb, command) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { 'aria-labelledby': 'confirm-title', id: 'confirm' },
      h('form', { method: 'dialog' },
        h('h2', { id: 'confirm-title' }, title),
        h('p', {}, text),
        command && h('p', { class: 'quiet' }, 'The same as ', h('code', {}, command)),
        h('p', { class: 'acts' },
          h('button', { value: 'yes', class: 'primary', id: 'confirm-yes' }, verb),
          h('button', { value: 'no', autofocus: true, id: 'confirm-no' }, 'Leave it'))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
