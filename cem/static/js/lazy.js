// Parts of a page that take their time: <section data-lazy="/desk/cases/7/similar"> holds a link to a page of
// its own, and is filled with that page's part once somebody comes near it. What was fetched once is put back
// when the page around it was fetched again, with what a person had opened.

const known = new Map(); // address -> html
const asked = new Set();
const open = new Set(); // keys of what a person has opened

function fill(place, html) {
  place.innerHTML = html;
  for (const summary of place.querySelectorAll('details > summary[data-key]')) {
    if (open.has(summary.dataset.key)) summary.parentElement.setAttribute('open', '');
    summary.parentElement.addEventListener('toggle', (event) => {
      if (event.target.open) open.add(summary.dataset.key);
      else open.delete(summary.dataset.key);
    });
  }
}

async function load(address) {
  if (asked.has(address)) return;
  asked.add(address);
  try {
    const answer = await fetch(address, { headers: { 'X-Fragment': '1' }, redirect: 'manual' });
    if (!answer.ok) return; // the link stays, and its page says why
    known.set(address, await answer.text());
    for (const place of document.querySelectorAll('[data-lazy]')) {
      if (place.dataset.lazy === address) fill(place, known.get(address));
    }
  } catch {
    asked.delete(address); // offline: the next time it comes into sight
  }
}

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) load(target.dataset.lazy);
}, { rootMargin: '200px' });

function look(root) {
  for (const place of root.querySelectorAll('[data-lazy]')) {
    if (known.has(place.dataset.lazy)) fill(place, known.get(place.dataset.lazy));
    else near.observe(place);
  }
}

addEventListener('live:changed', (event) => look(event.target));
look(document);
