// An event's XML as tables. Any vocabulary can come; what is not known is shown as a plain tree.
import { h } from './dom.js';

const VOEVENT = /^http:\/\/www\.ivoa\.net\/xml\/VOEvent\//;
const PARTS = [['Who', who], ['What', what], ['WhereWhen', whereWhen], ['Why', why], ['How', how], ['Citations', citations], ['Description', tree], ['Reference', tree]];

/** The bytes as text, in the encoding that they name. */
export function decode(bytes) {
  const head = new TextDecoder('latin1').decode(bytes.slice(0, 200));
  const name = /^\s*(?:\u00EF\u00BB\u00BF)?<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1] ?? 'utf-8';
  const marks = new Uint8Array(bytes.slice(0, 2));
  const wide = marks[0] === 0xfe && marks[1] === 0xff ? 'utf-16be' : marks[0] === 0xff && marks[1] === 0xfe ? 'utf-16le' : null;
  try {
    return new TextDecoder(wide ?? name).decode(bytes);
  } catch (e) {
    console.info(`The encoding ${name} is not known to this browser; read as UTF-8.`, e);
    return new TextDecoder().decode(bytes);
  }
}

/** The event as elements to show. */
export function sheets(text) {
  const document = new DOMParser().parseFromString(text, 'application/xml');
  const root = document.documentElement;
  if (document.querySelector('parsererror')) {
    return [h('p', { class: 'note' }, 'This browser cannot read it as XML; see the bytes as they came.')];
  }
  if (root.localName !== 'VOEvent' || !VOEVENT.test(root.namespaceURI ?? '')) {
    return [section(root.localName, tree(root))];
  }
  const known = PARTS.flatMap(([name, show]) => children(root, name).filter((each) => each.childElementCount || each.textContent.trim() || each.attributes.length)
    .map(show).filter(Boolean).map((content) => section(title(name), content, name)));
  const others = [...root.children].filter((each) => !PARTS.some(([name]) => name === each.localName));
  return [...known, ...others.map((each) => section(each.localName, tree(each)))];
}

const title = (name) => ({ WhereWhen: 'Where and when' })[name] ?? name;

function section(name, content, part = '') {
  return h('section', { class: `part ${part === 'What' ? 'what-part' : ''}` }, h('h2', {}, name), content);
}

function children(element, name) {
  return [...element.children].filter((each) => each.localName === name);
}

function text(element, ...names) {
  let at = element;
  for (const name of names) {
    at = at && children(at, name)[0];
  }
  return at?.textContent.trim() ?? '';
}

function rows(pairs) {
  return h('table', { class: 'pairs' }, h('tbody', {}, pairs.filter(([, value]) => value && (!Array.isArray(value) || value.length))
    .map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value)))));
}

/** A link where it is one that a browser may follow; else the text. */
function link(address) {
  return /^https?:\/\//i.test(address) ? h('a', { href: address, rel: 'noreferrer noopener external', target: '_blank' }, address) : address;
}

function references(element) {
  return children(element, 'Reference').map((each) => h('p', {}, link(each.getAttribute('uri') ?? ''), each.textContent.trim() && ` ${each.textContent.trim()}`));
}

function who(element) {
  const author = children(element, 'Author')[0];
  const people = author ? [...author.children].map((each) => [spaced(each.localName), link(each.textContent.trim())]) : [];
  return [rows([['Author', text(element, 'AuthorIVORN')], ...people, ['Date (UTC)', text(element, 'Date')],
    ['Description', text(element, 'Description')], ['Reference', references(element)]]), leftOver(element, ['AuthorIVORN', 'Author', 'Date', 'Description', 'Reference'])];
}

const spaced = (name) => (name[0].toUpperCase() + name.slice(1)).replace(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);

function what(element) {
  const groups = children(element, 'Group');
  return [parameters(element), groups.map((group) => [
    h('h3', {}, group.getAttribute('name') ?? group.getAttribute('type') ?? 'Group'),
    texts(group), parameters(group), children(group, 'Table').map(dataTable), leftOver(group, ['Param', 'Table', 'Description', 'Reference'])]),
  children(element, 'Table').map(dataTable), texts(element), leftOver(element, ['Param', 'Group', 'Table', 'Description', 'Reference'])];
}

function texts(element) {
  return [children(element, 'Description').map((each) => h('p', {}, each.textContent.trim())), references(element)];
}

function parameters(element) {
  const all = children(element, 'Param');
  if (all.length === 0) {
    return null;
  }
  const has = (read) => all.some((each) => read(each));
  const columns = [['Name', (each) => each.getAttribute('name')], ['Value', (each) => link(each.getAttribute('value') ?? text(each, 'Value'))],
    ['Unit', (each) => each.getAttribute('unit')], ['UCD', (each) => each.getAttribute('ucd')],
    ['Description', (each) => [text(each, 'Description'), references(each)].flat().filter(Boolean)]]
    .filter(([name, read]) => name === 'Name' || name === 'Value' || has((each) => [read(each)].flat().filter(Boolean).length > 0));
  return h('div', { class: 'scroll' }, h('table', { class: 'params' }, h('thead', {}, h('tr', {}, columns.map(([name]) => h('th', { scope: 'col', class: name.toLowerCase() }, name)))),
    h('tbody', {}, all.map((each) => h('tr', {}, columns.map(([name, read]) =>
      h(name === 'Name' ? 'th' : 'td', { scope: name === 'Name' ? 'row' : null, class: name.toLowerCase() }, read(each) ?? '')))))));
}

function dataTable(element) {
  const fields = children(element, 'Field');
  const data = children(element, 'Data')[0];
  return [h('h3', {}, element.getAttribute('name') ?? 'Table'), texts(element), parameters(element),
    h('div', { class: 'scroll' }, h('table', { class: 'params' },
      h('thead', {}, h('tr', {}, fields.map((each) => h('th', { scope: 'col' }, each.getAttribute('name'), each.getAttribute('unit') && h('span', { class: 'sub' }, each.getAttribute('unit')))))),
      h('tbody', {}, data ? children(data, 'TR').map((line) => h('tr', {}, children(line, 'TD').map((cell) => h('td', { class: 'value' }, cell.textContent.trim())))) : [])))];
}

function whereWhen(element) {
  const location = children(element, 'ObsDataLocation')[0];
  const observation = location && children(location, 'ObservationLocation')[0];
  const coordinates = observation && children(observation, 'AstroCoords')[0];
  if (!coordinates) {
    return tree(element);
  }
  const observatory = children(location, 'ObservatoryLocation')[0];
  const scale = /^(UTC|TT|TDB|TAI|GPS)-/.exec(coordinates.getAttribute('coord_system_id') ?? '')?.[1];
  const time = children(coordinates, 'Time')[0];
  const flat = children(coordinates, 'Position2D')[0];
  const deep = children(coordinates, 'Position3D')[0];
  const spot = flat ?? deep;
  const names = spot ? [text(spot, 'Name1') || 'C1', text(spot, 'Name2') || 'C2'] : [];
  const values = flat ? 'Value2' : 'Value3';
  const unit = spot?.getAttribute('unit') ?? '';
  const value = (name) => (text(spot, values, name) ? `${text(spot, values, name)} ${unit}` : '');
  return [rows([
    [`Time${scale ? ` (${scale})` : ''}`, text(time ?? element, 'TimeInstant', 'ISOTime')], ['Time error', time && text(time, 'Error') && `${text(time, 'Error')} ${time.getAttribute('unit') ?? ''}`],
    ...(spot ? [[names[0], value('C1')], [names[1], value('C2')], [text(spot, 'Name3') || 'C3', value('C3')],
      ['Error radius', text(spot, 'Error2Radius') && `${text(spot, 'Error2Radius')} ${unit}`]] : []),
    ['Coordinate system', coordinates.getAttribute('coord_system_id')],
    ['Observatory', observatory?.getAttribute('id')], ['Description', text(element, 'Description')], ['Reference', references(element)]]),
  observatory?.childElementCount > 0 && h('details', {}, h('summary', {}, 'Observatory'), tree(observatory)),
  [...coordinates.children].filter((each) => !['Time', 'Position2D', 'Position3D'].includes(each.localName)).map((each) => section(each.localName, tree(each))),
  leftOver(element, ['ObsDataLocation', 'Description', 'Reference'])];
}

function why(element) {
  return [rows([['Importance', element.getAttribute('importance')], ['Expires', element.getAttribute('expires')],
    ['Concept', children(element, 'Concept').map((each) => h('p', {}, each.textContent.trim()))], ['Name', children(element, 'Name').map((each) => h('p', {}, each.textContent.trim()))],
    ['Description', text(element, 'Description')], ['Reference', references(element)]]),
  children(element, 'Inference').map((each) => [h('h3', {}, 'Inference'), rows([['Probability', each.getAttribute('probability')], ['Relation', each.getAttribute('relation')],
    ['Name', children(each, 'Name').map((one) => h('p', {}, one.textContent.trim()))], ['Concept', children(each, 'Concept').map((one) => h('p', {}, one.textContent.trim()))],
    ['Description', text(each, 'Description')], ['Reference', references(each)]])]),
  leftOver(element, ['Concept', 'Name', 'Description', 'Reference', 'Inference'])];
}

function how(element) {
  return [texts(element), leftOver(element, ['Description', 'Reference'])];
}

/** What an event cites stands above its XML; here is only what is said about it. */
function citations(element) {
  const others = [...element.children].filter((each) => each.localName !== 'EventIVORN');
  return others.length > 0 && others.map(tree);
}

function leftOver(element, names) {
  return [...element.children].filter((each) => !names.includes(each.localName)).map((each) => [h('h3', {}, each.localName), tree(each)]);
}

/** Names, attributes and texts, as they stand. */
function tree(element) {
  const parts = [...element.attributes].filter((each) => !each.name.startsWith('xmlns') && !each.name.startsWith('xsi:'))
    .map((each) => h('li', {}, h('span', { class: 'name' }, `@${each.name}`), ' ', link(each.value)));
  for (const node of element.childNodes) {
    if (node.nodeType === Node.ELEMENT_NODE) {
      const isLeaf = node.childElementCount === 0 && node.attributes.length === 0;
      parts.push(h('li', {}, h('span', { class: 'name' }, node.localName), ' ', isLeaf ? link(node.textContent.trim()) : tree(node)));
    } else if ((node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE) && node.data.trim()) {
      parts.push(h('li', {}, node.data.trim()));
    }
  }
  return parts.length > 0 ? h('ul', { class: 'tree' }, parts) : null;
}
