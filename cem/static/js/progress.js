// Keeps <div data-progress="/address"> true while something is worked on: asks every second, not while the
// tab is hidden, and opens the page anew when it has ended (what comes then has no [data-running] in it).

const EVERY = 1_000;
const place = document.querySelector('[data-progress]');

async function look() {
  if (!document.hidden && !place.contains(document.activeElement)) {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { 'X-Fragment': '1' }, redirect: 'manual' });
      const html = answer.ok ? await answer.text() : '';
      if (!html.includes('data-running')) return location.reload();
      place.innerHTML = html;
    } catch { /* the hub can't be reached: the next second asks again */ }
  }
  setTimeout(look, EVERY);
}

if (place?.querySelector('[data-running]')) setTimeout(look, EVERY);
