// Punching without a network: a punch is signed by a key of this browser, kept here, and sent when the network is back.
import * as kept from "./kept.js";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const AT_ONCE = 50;
const WAIT_MS = 8000;
const CURRENT = "current";
const encoder = new TextEncoder();

const page = JSON.parse(document.getElementById("phone")?.textContent ?? "null");
// Where something of it is missing (plain HTTP, an old browser) punching goes on as a plain form.
const possible = Boolean(
  window.isSecureContext && window.crypto?.subtle && window.indexedDB && navigator.locks && AbortSignal.timeout,
);

export const isShell = Boolean(page?.isShell);
export const addresses = page?.addresses ?? {};
let owner = page?.owner ?? "";
// When the server last spoke: its stamp and time, what this device's clock showed, and the clock that nobody can set.
// That clock stands still while a device sleeps, so it counts only while the page stays in sight.
let contact = null;
let canKeep = false;

/** Return a sentence about punching, its blanks filled. */
export function word(name, values = {}) {
  return (page?.words[name] ?? "").replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
}

const bytesToText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const stale = () => {
  if (contact) contact.steady = null;
};
document.addEventListener("visibilitychange", () => document.hidden && stale());
document.addEventListener("freeze", stale);
window.addEventListener("pagehide", stale);

/** Get ready on a page that punches; say how things stand, as `state`. */
export async function start() {
  if (!page || !possible) return state();
  if (isShell) {
    const current = await kept.note(CURRENT);
    owner = current?.owner ?? "";
    contact = current ? { ...current, steady: null } : null;
  } else {
    const arrived = performance.getEntriesByType("navigation")[0]?.responseStart || performance.now();
    await spoke(page, arrived);
  }
  canKeep = Boolean(owner && (await kept.keyOf(owner)));
  return state();
}

/** Say whether punches can be kept, whose, where, and by how many milliseconds this device's clock is behind. */
export const state = () => ({
  canKeep,
  owner,
  zone: contact?.zone ?? "",
  needsPlace: Boolean(contact?.needsPlace),
  behind: contact ? contact.now - contact.met : null,
});

async function spoke(answer, steady) {
  contact = {
    stamp: answer.stamp,
    now: answer.now,
    met: Math.round(Date.now() - (performance.now() - steady)),
    zone: page.zone ?? contact?.zone ?? "",
    needsPlace: isShell ? contact?.needsPlace : "needsPlace" in (document.querySelector("[data-punch]")?.dataset ?? {}),
    steady: document.hidden ? null : steady,
  };
  await kept.keepNote({ name: CURRENT, owner, ...contact, steady: null });
}

/** Sign a punch made now and keep it; `id` is what the server will know it by. Return when it was made. */
export async function keep(id, place) {
  const made = Date.now();
  const elapsed = contact.steady === null ? null : Math.round(performance.now() - contact.steady);
  const { stamp, met } = contact;
  for (;;) {
    const key = await kept.keyOf(owner);
    const sequence = key.sequence + 1;
    const payload = JSON.stringify({ key: key.id, seq: sequence, id, stamp, met, made, elapsed, place });
    const signature = bytesToText(await crypto.subtle.sign(SIGNING, key.pair.privateKey, encoder.encode(payload)));
    if (await kept.keepWaiting({ id, owner, key: key.id, sequence, payload, signature, made: made + contact.now - met })) return;
  }
}

const asked = (address, options = {}) =>
  fetch(address, {
    headers: { Accept: "application/json", ...options.headers },
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(WAIT_MS),
    ...options.more,
  });

const post = (address, csrf, body) =>
  asked(address, {
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    more: { method: "POST", body: JSON.stringify(body) },
  });

const read = (answer) => answer.json().catch(() => ({}));

/** Make a key that cannot leave this browser, and have the server know its public half. */
async function addKey(csrf) {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  const answer = await post(addresses.key, csrf, { key: bytesToText(await crypto.subtle.exportKey("spki", pair.publicKey)) });
  const said = await read(answer);
  if (!answer.ok) return said.message ?? "away";
  await kept.keepKey({ owner, id: said.id, sequence: said.sequence, pair });
  canKeep = true;
  return "";
}

/** Send what waits, if the server can be reached. Return "sent", "nothing", "signIn", "away", or what went wrong. */
export function send() {
  if (!page || !possible || !owner) return Promise.resolve("nothing");
  // Of several windows one sends.
  return navigator.locks.request("zhiren-punches", { ifAvailable: true }, (lock) => (lock ? sendNow() : "nothing"));
}

async function sendNow() {
  try {
    const key = await kept.keyOf(owner);
    const answer = await asked(`${addresses.contact}?key=${key?.id ?? ""}`);
    if (answer.type === "opaqueredirect") return "signIn";
    if (!answer.ok) return "away";
    const arrived = performance.now();
    const said = await answer.json();
    if (said.owner !== owner) return "signIn";
    await spoke(said, arrived);
    const rows = await kept.waitingOf(owner);
    if (key && !said.key) {
      canKeep = false;
      await kept.settle(rows, rows.map(() => ({ state: "refused", message: word("revoked"), told: said.now })), { lostKeyOf: owner });
    }
    if (!key || !said.key) return (await addKey(said.csrf)) || (rows.length ? "sent" : "nothing");
    for (let from = 0; from < rows.length; from += AT_ONCE) {
      const some = rows.slice(from, from + AT_ONCE);
      const entries = some.map(({ payload, signature }) => ({ payload, signature }));
      const taken = await post(addresses.punches, said.csrf, { key: key.id, shown: Date.now(), entries });
      if (taken.type === "opaqueredirect") return "signIn";
      const told = await read(taken);
      if (!taken.ok) return told.message ?? "away";
      await kept.settle(some, told.outcomes.map((outcome) => ({ ...outcome, told: said.now })));
    }
    return rows.length ? "sent" : "nothing";
  } catch (error) {
    if (error instanceof TypeError || error.name === "TimeoutError") return "away"; // no network
    throw error;
  }
}

export const waiting = () => (possible && owner ? kept.waitingOf(owner) : Promise.resolve([]));
export const told = () => (possible && owner ? kept.toldTo(owner) : Promise.resolve([]));
export const putAway = () => kept.putAway(owner);

/** Keep the page for when there is no network. */
export async function keepPage() {
  if (!page || isShell || !possible || !("serviceWorker" in navigator)) return;
  await (await navigator.serviceWorker.register(addresses.worker)).update(); // at once: the language may be another
}

/** Forget on this device whose page it was. What waits stays, and is sent when the same person signs in again. */
export async function forget() {
  const registrations = await navigator.serviceWorker.getRegistrations();
  if (!registrations.length) return;
  const pages = (await caches.keys()).filter((name) => name.startsWith("zhiren-punch-"));
  await Promise.all([
    kept.forgetNote(CURRENT),
    ...pages.map((name) => caches.delete(name)),
    ...registrations.map((registration) => registration.unregister()),
  ]);
}
