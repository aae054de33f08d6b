// Punching: asks the phone for its place where the group needs one, keeps the punch where there is no network.
import * as offline from "./offline.js";
import { word } from "./offline.js";
import { say } from "./words.js";

const RETRY_MS = 20_000;
const form = document.querySelector("[data-punch]");
const clock = document.querySelector("[data-clock]");
const hours = (zone, more = {}) =>
  new Intl.DateTimeFormat(document.documentElement.lang, {
    ...(zone ? { timeZone: zone } : {}), hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more,
  });

/** Show a time that goes on: the server's, by how far the device's own clock is behind it. */
function tick(zone, behind) {
  const shown = clock.querySelector("time");
  const format = hours(zone, { second: "2-digit" });
  const show = () => {
    shown.textContent = format.format(new Date(Date.now() + behind));
  };
  show();
  setInterval(show, 1000);
}

// By how much this device's clock is behind the time that came with the page.
const told = (element) => new Date(element.querySelector("time").dateTime) - Date.now();

if (form) punching();
else if (clock) tick(clock.dataset.clockZone, told(clock));

async function punching() {
  const state = document.querySelector("[data-punch-state]");
  const box = document.querySelector("[data-kept]");
  const fields = form.elements;
  const renew = () => {
    fields.key.value = crypto.randomUUID?.() ?? String(Date.now());
  };
  renew();
  let ready = offline.state();

  form.addEventListener("submit", async (event) => {
    const needsPlace = "needsPlace" in form.dataset || ready.needsPlace;
    if (!needsPlace && !ready.canKeep && !offline.isShell) return;
    event.preventDefault();
    event.submitter?.setAttribute("disabled", "");
    try {
      // On the network of a place of work the server knows where this is.
      const isKnown = "nearby" in form.dataset && navigator.onLine && !offline.isShell;
      if (needsPlace && !isKnown && !(await locate())) return;
      if (ready.canKeep || offline.isShell) await punch(needsPlace);
      else form.submit();
    } finally {
      event.submitter?.removeAttribute("disabled");
    }
  });

  async function locate() {
    state.textContent = say("askingPlace");
    const found = await new Promise((resolve) => {
      if (!navigator.geolocation) return resolve(null);
      navigator.geolocation.getCurrentPosition(resolve, () => resolve(null), {
        enableHighAccuracy: true, timeout: 15000, maximumAge: 30000,
      });
    });
    state.textContent = found ? "" : say("noPlace");
    if (!found) return false;
    fields.latitude.value = found.coords.latitude;
    fields.longitude.value = found.coords.longitude;
    fields.accuracy.value = found.coords.accuracy;
    return true;
  }

  async function punch(needsPlace) {
    if (!offline.isShell && navigator.onLine) {
      state.textContent = word("sending");
      try {
        const answer = await fetch(form.action, {
          method: "POST", body: new FormData(form), redirect: "manual", signal: AbortSignal.timeout(8000),
        });
        if (answer.type === "opaqueredirect") return location.assign(offline.addresses.home);
        return form.submit(); // the server has something to say, and a page to say it; one key is one punch
      } catch (error) {
        if (!(error instanceof TypeError) && error.name !== "TimeoutError") throw error;
      }
    }
    if (!ready.canKeep) {
      state.textContent = word(offline.isShell && !ready.owner ? "noOwner" : "noNetworkNotKept");
      return;
    }
    if (needsPlace && !fields.latitude.value && !(await locate())) return;
    const place = fields.latitude.value
      ? { lat: Number(fields.latitude.value), lon: Number(fields.longitude.value), acc: Number(fields.accuracy.value) }
      : null;
    await offline.keep(fields.key.value, place);
    state.textContent = word("noNetwork", { time: hours(ready.zone, { second: "2-digit" }).format(new Date(Date.now() + (ready.behind ?? 0))) });
    renew();
    await show();
  }

  async function show(problem = "") {
    const [waiting, settled] = await Promise.all([offline.waiting(), offline.told()]);
    const time = (moment) => hours(ready.zone, { month: "numeric", day: "numeric", second: "2-digit" }).format(new Date(moment));
    const lines = [];
    if (waiting.length) {
      const count = waiting.length === 1 ? word("waitingOne") : word("waitingMany", { n: waiting.length });
      lines.push(line(`${count}: ${waiting.map((row) => time(row.made)).join(", ")}`, "font-medium"));
    }
    if (problem) lines.push(line(problem, "text-bad"));
    for (const row of settled) {
      const values = { made: time(row.at || row.made), told: time(row.told), why: row.message };
      const name = { kept: "tookOver", doubted: "toBeChecked" }[row.state] ?? "notRecorded";
      lines.push(line(word(name, values), row.state === "refused" ? "text-bad" : "text-muted-foreground"));
    }
    if (settled.length) lines.push(button());
    box.replaceChildren(...lines);
    box.hidden = !lines.length;
    return waiting.length;
  }

  function line(text, look) {
    const element = document.createElement("p");
    element.className = look;
    element.textContent = text;
    return element;
  }

  function button() {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "link mt-1 inline-flex min-h-11 items-center";
    element.textContent = say("close");
    element.addEventListener("click", async () => {
      await offline.putAway();
      await show();
    });
    return element;
  }

  async function send() {
    const outcome = await offline.send();
    if (outcome === "sent" || (offline.isShell && outcome !== "away")) return location.reload(); // with what counts now
    ready = offline.state();
    await show({ nothing: "", away: "", signIn: word("signInToSend") }[outcome] ?? outcome);
  }

  ready = await offline.start();
  if (offline.isShell) document.querySelector("[data-zone-name]").textContent = ready.zone;
  tick(ready.zone || clock.dataset.clockZone, ready.behind ?? (told(clock) || 0));
  await show();
  if (navigator.onLine) await send();
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || !navigator.onLine || send());
  setInterval(async () => {
    if (!document.hidden && navigator.onLine && (offline.isShell || (await offline.waiting()).length)) await send();
  }, RETRY_MS);
  await offline.keepPage();
}

// Signing out forgets the page that was kept; the forms stay plain forms where nothing was.
document.addEventListener("submit", (event) => {
  const leaving = event.target;
  if (!leaving.matches("[data-sign-out]") || !("serviceWorker" in navigator) || !window.indexedDB) return;
  event.preventDefault();
  const patience = new Promise((resolve) => setTimeout(resolve, 5000));
  Promise.race([offline.forget(), patience]).finally(() => leaving.submit());
});
