// A letter to a customer: <div data-letter="/desk/cases/7/reply-draft" data-field="reply"> is replaced by the same
// part with a draft in it, or with what stood there before; what is amiss is told while somebody writes.
// Without this script, or where it fails, the buttons send the form and the whole page comes back.

const PAUSE = 700;
let waiting = 0;
let asking = 0; // only the answer to the last question counts

async function ask(place, want) {
  const sent = new FormData(place.closest('form'));
  sent.set('want', want);
  const answer = await fetch(place.dataset.letter, {
    method: 'POST', body: sent, headers: { 'X-Fragment': '1' }, redirect: 'manual',
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
}

async function check(place) {
  const mine = asking += 1;
  try {
    const html = await ask(place, 'check');
    if (mine === asking && place.isConnected) place.querySelector('[data-amiss]').innerHTML = html;
  } catch {
    // offline: it is told as soon as somebody writes again
  }
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-letter] button[name=want]');
  if (!button || button.dataset.plain) return;
  event.preventDefault();
  const place = button.closest('[data-letter]');
  const { field } = place.dataset;
  clearTimeout(waiting);
  asking += 1;
  button.disabled = true;
  const words = button.dataset.wait && button.querySelector('span');
  if (words) words.textContent = button.dataset.wait; // it takes some seconds
  try {
    place.outerHTML = await ask(place, button.value);
    document.getElementById(field)?.focus();
  } catch {
    button.disabled = false;
    button.dataset.plain = 'yes';
    button.click();
  }
});

document.addEventListener('input', (event) => {
  const place = event.target.closest('[data-letter]');
  if (!place || event.target.name !== place.dataset.field) return;
  clearTimeout(waiting);
  waiting = setTimeout(check, PAUSE, place);
});
