// Keeps parts of a page fresh: <section data-live="/desk/queue"> is fetched again when the server says
// that something changed, and every few seconds where no stream can be had. Nothing moves under a
// finger: what came while a row was held waits until it is let go. Nothing is fetched while hidden.
//
//   <html data-stream="/stream">   the address of the events
//   data-live-on="case. ledger."   only after events whose names start so
//   [data-offline]                 shown while the hub can't be reached; [data-as-of] in it gets the time

import { setServerTime, tickAll } from './clock.js';

const EVENTS = ['case.opened', 'case.changed', 'case.acknowledged', 'case.breached', 'delivery.sent',
  'ledger.changed', 'feedback.stored'];
const POLL = 5_000;
const SLOW_POLL = 60_000; // also with a stream: an event that got lost costs a minute, not a case

const BREATH = 300;

const running = new Set(); // places that are being fetched
const stale = new Set(); // places to fetch again as soon as that is possible
const shown = new WeakMap(); // what each place was last filled with
let held = null; // the place under a finger
let poll = 0;
let streaming = false;

function concerned(place, name) {
  const starts = place.dataset.liveOn?.split(' ');
  return !name || !starts || starts.some((start) => name.startsWith(start));
}

export function refreshAll(name = '') {
  for (const place of document.querySelectorAll('[data-live]')) {
    if (concerned(place, name)) refresh(place);
  }
}

async function refresh(place) {
  stale.add(place);
  if (document.hidden || running.has(place) || isHeld(place)) return;
  running.add(place);
  stale.delete(place);
  try {
    await fetchInto(place);
    reached(true);
  } catch {
    reached(false);
  }
  setTimeout(rested, BREATH, place);
}

// In a storm every desk reads itself again a few times a second, not once for each event.
function rested(place) {
  running.delete(place);
  if (stale.has(place)) refresh(place);
}

async function fetchInto(place) {
  const answer = await fetch(place.dataset.live, { headers: { 'X-Fragment': '1' }, redirect: 'manual' });
  if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) {
    return location.reload(); // signed out, or no longer ours to see: the page itself will say so
  }
  if (!answer.ok) throw new Error(`${answer.status}`);
  if (answer.headers.has('X-Now')) setServerTime(answer.headers.get('X-Now'));
  const html = await answer.text();
  if (isHeld(place)) return stale.add(place);
  if (shown.get(place) !== html) fill(place, html);
}

function fill(place, html) {
  const key = place.contains(document.activeElement) && document.activeElement.closest('[data-key]')?.dataset.key;
  const open = [...place.querySelectorAll('details[open] > summary[data-key]')].map((one) => one.dataset.key);
  const written = [...place.querySelectorAll('[data-words]')].filter((field) => field.value);
  shown.set(place, html);
  place.innerHTML = html;
  for (const one of open) { // what a person had opened stays open
    place.querySelector(`details > summary[data-key="${CSS.escape(one)}"]`)?.parentElement.setAttribute('open', '');
  }
  for (const { id, value } of written) { // and what they wrote or marked stays written
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  tickAll();
  place.dispatchEvent(new CustomEvent('live:changed', { bubbles: true }));
}

function isHeld(place) {
  const typing = document.activeElement?.matches('input, textarea, select') && place.contains(document.activeElement);
  return held === place || typing;
}

function letGo() {
  held = null;
  for (const place of stale) refresh(place);
}

function reached(yes) {
  for (const notice of document.querySelectorAll('[data-offline]')) {
    if (notice.hidden && !yes) {
      const time = notice.querySelector('[data-as-of]');
      if (time) time.textContent = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    }
    notice.hidden = yes;
  }
}

function keepAsking() {
  clearTimeout(poll);
  if (document.hidden) return;
  poll = setTimeout(() => { refreshAll(); keepAsking(); }, streaming ? SLOW_POLL : POLL);
}

function listen(address) {
  const stream = new EventSource(address);
  stream.onopen = () => {
    if (!streaming) refreshAll(); // what happened while nobody listened
    streaming = true;
    keepAsking();
  };
  stream.onerror = () => {
    streaming = false;
    keepAsking();
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2 * POLL, address);
  };
  for (const name of EVENTS) stream.addEventListener(name, () => refreshAll(name));
}

addEventListener('pointerdown', (event) => { held = event.target.closest?.('[data-live]') ?? null; });
// The click comes after the finger is up; what it does must meet the row it was meant for.
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => setTimeout(letGo, 350));
addEventListener('focusout', () => setTimeout(letGo, 0));
addEventListener('online', () => refreshAll());
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return clearTimeout(poll);
  refreshAll();
  keepAsking();
});

if (document.documentElement.dataset.stream) listen(document.documentElement.dataset.stream);
keepAsking();
