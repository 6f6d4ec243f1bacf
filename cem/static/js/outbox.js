// Taps wait here until the hub has acknowledged them: through lost networks, closed tabs and restarts.
// One sequence per device, never used twice. What the hub refuses for good is kept apart, not thrown away.

const RETRY = new Set([408, 425, 429]);
const LONGEST_WAIT = 30_000;
const PATIENCE = 10_000;

const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function open(name) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('taps', { keyPath: 'sequence', autoIncrement: true });
    request.result.createObjectStore('dead', { keyPath: 'event_id' });
  };
  return asked(request);
}

function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

class Shelf {
  constructor(database) { this.database = database; }

  async put(tap) {
    const writing = this.database.transaction('taps', 'readwrite', { durability: 'strict' });
    writing.objectStore('taps').add(tap);
    await done(writing);
  }

  async first() {
    const cursor = await asked(this.database.transaction('taps').objectStore('taps').openCursor());
    return cursor?.value;
  }

  async count(name) {
    return asked(this.database.transaction(name).objectStore(name).count());
  }

  async remove(tap, refusal) {
    const writing = this.database.transaction(['taps', 'dead'], 'readwrite');
    writing.objectStore('taps').delete(tap.sequence);
    if (refusal) writing.objectStore('dead').put({ ...tap, refusal });
    await done(writing);
  }
}

// Where a browser refuses to store anything (private windows), taps live as long as the page.
class Pocket {
  taps = [];
  dead = [];
  sequence = 0;
  async put(tap) { this.taps.push({ ...tap, sequence: ++this.sequence }); }
  async first() { return this.taps[0]; }
  async count(name) { return this[name].length; }
  async remove(tap, refusal) {
    this.taps = this.taps.filter((one) => one.sequence !== tap.sequence);
    if (refusal) this.dead.push({ ...tap, refusal });
  }
}

export function eventId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only on https and localhost; a hall's hub may be neither
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export class Outbox {
  // `changed({ waiting, refused, offline })` after every change; `acknowledged(event_id, answer)` for each tap.
  constructor(device, address, { changed, acknowledged }) {
    this.address = address;
    this.changed = changed;
    this.acknowledged = acknowledged;
    this.sending = false;
    this.wait = 0;
    this.timer = 0;
    this.offline = false;
    this.shelf = open(`answered-kiosk-${device}`).then((database) => new Shelf(database), () => new Pocket());
    navigator.storage?.persist?.();
    addEventListener('online', () => this.flush());
    this.flush();
  }

  async add(tap) {
    await (await this.shelf).put(tap);
    this.wait = 0;
    this.flush();
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.sending) return;
    this.sending = true;
    try {
      while (await this.sendFirst());
    } finally {
      this.sending = false;
    }
    await this.report();
  }

  // True when there may be another one to send at once.
  async sendFirst() {
    const shelf = await this.shelf;
    const tap = await shelf.first();
    if (!tap) return false;
    const answer = await this.post(tap);
    this.offline = answer === null;
    if (answer === null || answer.status >= 500 || RETRY.has(answer.status)) return this.later(answer);
    await shelf.remove(tap, answer.ok ? null : answer.status);
    this.wait = 0;
    if (answer.ok) this.acknowledged(tap.event_id, await answer.json().catch(() => ({})));
    await this.report();
    return true;
  }

  async post(tap) {
    try {
      return await fetch(this.address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(tap),
        signal: AbortSignal.timeout?.(PATIENCE),
      });
    } catch {
      return null;
    }
  }

  later(answer) {
    const asked = Number(answer?.headers.get('Retry-After')) * 1000;
    this.wait = Math.min(LONGEST_WAIT, this.wait ? this.wait * 2 : 1000);
    this.timer = setTimeout(() => this.flush(), Math.max(this.wait, asked || 0));
    return false;
  }

  async report() {
    const shelf = await this.shelf;
    this.changed({ waiting: await shelf.count('taps'), refused: await shelf.count('dead'), offline: this.offline });
  }
}
