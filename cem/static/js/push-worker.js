// Runs without a page: shows what was sent to this browser, says that it came, and opens what it is about.

self.addEventListener('push', (event) => {
  const told = event.data?.json() ?? {};
  const shown = self.registration.showNotification('有应 Answered', {
    body: told.text,
    tag: told.id,
    data: { url: told.url },
    icon: '/static/icon.svg',
    requireInteraction: true,
  });
  const received = told.receipt ? fetch(told.receipt, { method: 'POST' }).catch(() => undefined) : undefined;
  event.waitUntil(Promise.all([shown, received]));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data?.url ?? '/', self.location.origin);
  if (wanted.origin === self.location.origin) event.waitUntil(open(wanted.href));
});

async function open(address) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((each) => each.url === address) ?? pages[0];
  if (!page) return self.clients.openWindow(address);
  await page.focus();
  return page.url === address ? page : page.navigate(address).catch(() => self.clients.openWindow(address));
}
