// One touch on a phone: the action is sent, and the parts of the page that it changed are fetched again.
// Where it is refused, the form is sent once more the plain way, so that the page of the refusal is shown.

import { refreshAll } from './live.js';

addEventListener('submit', async (event) => {
  const form = event.target.closest('form[data-act]');
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector('button');
  if (button.disabled) return;
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form), redirect: 'manual' });
    if (answer.type !== 'opaqueredirect') return form.submit();
    button.blur();
    refreshAll();
  } catch {
    button.disabled = false; // the offline note says why; nothing was lost
    refreshAll();
  }
});
