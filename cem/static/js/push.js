// Whether this browser rings: asked for on the account page, ended there too.

const place = document.querySelector('[data-push]');
const button = place.querySelector('[data-push-on]');

const able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

function say(name) {
  for (const each of place.querySelectorAll('[data-push-say]')) each.hidden = each.dataset.pushSay !== name;
}

function bytes(text) {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

async function subscription() {
  const registration = await navigator.serviceWorker.getRegistration('/');
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function keep(given) {
  const body = new FormData(place.querySelector('form'));
  body.set('subscription', JSON.stringify(given));
  const answer = await fetch(place.dataset.push, { method: 'POST', body });
  if (!answer.ok) throw new Error('not kept');
}

async function ring() {
  if ((await Notification.requestPermission()) !== 'granted') return say('denied');
  try {
    await navigator.serviceWorker.register('/push-worker.js', { scope: '/' });
    const registration = await navigator.serviceWorker.ready;
    const given = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(place.dataset.pushKey),
    });
    await keep(given);
    location.reload();
  } catch {
    say('failed');
  }
}

// One that was ended here rings no more at the browser's service either.
async function forget(event) {
  const given = await subscription();
  if (given && event.target.dataset.pushEnd === 'here') await given.unsubscribe();
}

if (!able) say('unable');
else if (Notification.permission === 'denied') say('denied');
else {
  button.hidden = false;
  button.addEventListener('click', ring);
}
for (const form of document.querySelectorAll('[data-push-end]')) form.addEventListener('submit', forget);
