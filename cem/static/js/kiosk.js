// One touch: thanks at once, the tap into the outbox, back to the start after five seconds.

import { eventId, Outbox } from './outbox.js';

const STAY = 5;
const frame = document.querySelector('[data-kiosk]');
const panels = [...frame.querySelectorAll('[data-panel]')];
const home = document.documentElement.lang;
const ahead = Date.parse(document.documentElement.dataset.now) - Date.now();

let shown = null; // the tap that is being thanked for
let leaves = 0;
let timer = 0;

const outbox = new Outbox(frame.dataset.kiosk, frame.dataset.taps, { changed, acknowledged });

function panel() {
  return panels.find((one) => !one.hidden);
}

function speak(language) {
  for (const one of panels) one.hidden = one.dataset.panel !== language;
  document.documentElement.lang = language;
}

function touch(key) {
  const tap = {
    event_id: eventId(),
    value: Number(key.value),
    occurred_at: new Date(Date.now() + (ahead || 0)).toISOString(),
    language: panel().dataset.panel,
  };
  thank(key, tap.event_id);
  outbox.add(tap);
}

function thank(key, id) {
  shown = { id, then: key.dataset.then };
  const place = panel();
  place.querySelector('[data-face]').replaceChildren(key.querySelector('svg').cloneNode(true));
  place.querySelector('[data-words]').textContent = key.dataset.touched;
  place.querySelector('[data-outcome]').textContent = '';
  place.querySelector('[data-ask]').hidden = true;
  place.querySelector('[data-thanks]').hidden = false;
  leaves = performance.now() + STAY * 1000;
  count();
}

function count() {
  const left = Math.max(0, leaves - performance.now());
  if (!left) return start();
  const back = panel().querySelector('[data-back]');
  back.textContent = back.dataset.back.replace('{n}', Math.ceil(left / 1000));
  const at = `${(left / STAY / 10).toFixed(1)}%`;
  panel().querySelector('.stick .left').setAttribute('x2', at);
  panel().querySelector('.stick .ember').setAttribute('cx', at);
  timer = setTimeout(count, Math.min(250, left));
}

function start() {
  clearTimeout(timer);
  shown = null;
  for (const one of panels) {
    one.querySelector('[data-ask]').hidden = false;
    one.querySelector('[data-thanks]').hidden = true;
  }
  speak(home);
}

function acknowledged(id) {
  if (shown?.id === id) outcome(shown.then);
}

function outcome(name) {
  const place = panel().querySelector('[data-outcome]');
  place.textContent = place.dataset[name];
}

function changed({ waiting, refused, offline }) {
  if (shown && offline && waiting) outcome('kept');
  for (const one of panels) {
    tell(one.querySelector('[data-backlog]'), one.querySelector('[data-waiting]'), 'waiting', offline ? waiting : 0);
    const place = one.querySelector('[data-refused]');
    tell(place, place, 'refused', refused);
  }
}

function tell(badge, words, name, number) {
  badge.hidden = !number;
  words.textContent = words.dataset[name].replace('{n}', number);
}

frame.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!shown && event.submitter) touch(event.submitter);
});

frame.addEventListener('click', (event) => {
  const language = event.target.closest('[data-language]');
  if (language) {
    event.preventDefault();
    speak(language.dataset.language);
    leaveAlone();
  }
  if (event.target.closest('[data-next]')) start();
});

// A person who chose a language and walked away must not leave it to the next one.
let idle = 0;
function leaveAlone() {
  clearTimeout(idle);
  idle = setTimeout(() => { if (!shown) speak(home); }, 30_000);
}
