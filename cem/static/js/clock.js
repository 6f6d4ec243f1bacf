// Every promise's clock on the page: rewrites the time left each second under ten minutes, else every
// half minute, and stops while nobody looks. The server's own clock is in <html data-now>.

const units = document.body.dataset.units.split('|');
const announcer = document.getElementById('announcer');
const SOON = 0.2;
const MINUTE = 60_000;

let ahead = offset();
let timer = 0;

function offset() {
  const server = Date.parse(document.documentElement.dataset.now);
  return Number.isNaN(server) ? 0 : server - Date.now();
}

export function now() {
  return Date.now() + ahead;
}

// The biggest two units; seconds under ten minutes only. Mirrors cem/http/clocks.py.
export function partsOf(span) {
  const seconds = Math.max(0, Math.floor(span / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days) return hours ? [[days, 0], [hours, 1]] : [[days, 0]];
  if (hours) return minutes ? [[hours, 1], [minutes, 2]] : [[hours, 1]];
  if (minutes >= 10) return [[minutes, 2]];
  return minutes ? [[minutes, 2], [seconds % 60, 3]] : [[seconds % 60, 3]];
}

function since(span) {
  const parts = partsOf(span);
  return parts[0][1] === 2 ? parts.slice(0, 1) : parts;
}

function write(place, parts) {
  const wanted = parts.map(([figure, unit]) => `${figure}${units[unit]}`).join('');
  if (place.dataset.shown === wanted) return;
  place.dataset.shown = wanted;
  place.replaceChildren(...parts.flatMap(([figure, unit], at) => {
    const pair = document.createElement('span');
    const small = document.createElement('small');
    pair.className = 'nb';
    small.textContent = units[unit];
    pair.append(at && unit === 3 ? String(figure).padStart(2, '0') : String(figure), small);
    return at ? [' ', pair] : [pair];
  }));
}

function state(clock, left, whole) {
  if (left <= 0) return 'overdue';
  return left <= whole * SOON ? 'soon' : '';
}

function burn(clock, percent) {
  const at = `${Math.max(0, Math.min(100, percent)).toFixed(1)}%`;
  clock.querySelector('.left')?.setAttribute('x2', at);
  clock.querySelector('.ember')?.setAttribute('cx', at);
}

function change(clock, next) {
  const before = ['soon', 'overdue'].find((name) => clock.classList.contains(`clock--${name}`)) ?? '';
  if (before === next) return;
  if (before) clock.classList.remove(`clock--${before}`);
  if (next) clock.classList.add(`clock--${next}`);
  clock.closest('.row')?.classList.toggle('row--overdue', next === 'overdue');
  if (next) announce(next, clock);
}

function announce(word, clock) {
  if (!announcer) return;
  const where = clock.closest('.row')?.querySelector('.where')?.textContent ?? '';
  const what = clock.querySelector('.clock__what')?.textContent ?? '';
  announcer.textContent = `${document.body.dataset[word]}: ${where} ${what}`.trim();
}

function tick(clock) {
  const due = Date.parse(clock.dataset.due);
  const whole = due - Date.parse(clock.dataset.start);
  const left = due - now();
  change(clock, state(clock, left, whole));
  burn(clock, whole > 0 ? (100 * left) / whole : 0);
  const place = clock.querySelector('[data-clock-left]');
  if (place) write(place, left > 0 ? partsOf(left) : since(-left));
  return Math.abs(left);
}

// Also called by live.js after it has put new rows in place.
export function tickAll() {
  clearTimeout(timer);
  if (document.hidden) return;
  const nearest = Math.min(...[...document.querySelectorAll('[data-due]')].map(tick), Infinity);
  if (nearest === Infinity) return;
  timer = setTimeout(tickAll, nearest < 10 * MINUTE ? 1000 - (now() % 1000) : MINUTE / 2);
}

// The sandbox moves the server's clock, a suspended laptop its own: whoever hears the server's time says so.
export function setServerTime(iso) {
  const server = Date.parse(iso);
  if (!Number.isNaN(server)) ahead = server - Date.now();
}

document.addEventListener('visibilitychange', tickAll);
tickAll();
