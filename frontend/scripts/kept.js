// What this browser keeps of punches made without a network: a key per person, what it signed, what became of it.
const NAME = "zhiren-punches";
const STORES = { keys: "owner", waiting: "id", told: "id", notes: "name" };
const MOST_TOLD = 20;

let database = null;

function opened() {
  database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) request.result.createObjectStore(store, { keyPath });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return database;
}

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Run `work` in one transaction over these stores; what it returns is there once all is written. */
async function within(stores, work) {
  const transaction = (await opened()).transaction(stores, "readwrite");
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
  const [result] = await Promise.all([work((name) => transaction.objectStore(name)), done]);
  return result;
}

export const keyOf = (owner) => within(["keys"], (store) => answered(store("keys").get(owner)));
export const keepKey = (key) => within(["keys"], (store) => answered(store("keys").put(key)));
export const note = (name) => within(["notes"], (store) => answered(store("notes").get(name)));
export const keepNote = (row) => within(["notes"], (store) => answered(store("notes").put(row)));
export const forgetNote = (name) => within(["notes"], (store) => answered(store("notes").delete(name)));

/** Return what waits of somebody, in the order in which it was made. */
export async function waitingOf(owner) {
  const rows = await within(["waiting"], (store) => answered(store("waiting").getAll()));
  return rows.filter((row) => row.owner === owner).sort((one, other) => one.sequence - other.sequence);
}

/** Put a signed punch among those that wait; false if its number was taken meanwhile by another window. */
export function keepWaiting(row) {
  return within(["keys", "waiting"], async (store) => {
    const key = await answered(store("keys").get(row.owner));
    if (!key || key.id !== row.key || key.sequence + 1 !== row.sequence) return false;
    store("keys").put({ ...key, sequence: row.sequence });
    store("waiting").put(row);
    return true;
  });
}

/** Move punches from those that wait to those of which somebody should be told; with `key` gone, forget it too. */
export function settle(rows, outcomes, { lostKeyOf = "" } = {}) {
  return within(["keys", "waiting", "told"], async (store) => {
    for (const [number, row] of rows.entries()) {
      store("waiting").delete(row.id);
      store("told").put({ id: row.id, owner: row.owner, made: row.made, ...outcomes[number] });
    }
    if (lostKeyOf) store("keys").delete(lostKeyOf);
  });
}

/** Return what became of somebody's punches, and nobody has put away yet. */
export async function toldTo(owner) {
  const rows = await within(["told"], (store) => answered(store("told").getAll()));
  return rows.filter((row) => row.owner === owner).sort((one, other) => one.made - other.made).slice(-MOST_TOLD);
}

/** Put away what somebody was told. */
export function putAway(owner) {
  return within(["told"], async (store) => {
    for (const row of await answered(store("told").getAll())) if (row.owner === owner) store("told").delete(row.id);
  });
}
