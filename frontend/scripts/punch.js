// Punching: asks the phone for its place where the group needs one, and says what happens.
import { say } from "./words.js";

const form = document.querySelector("[data-punch]");
if (form) {
  const state = document.querySelector("[data-punch-state]");
  const tell = (key) => {
    state.textContent = say(key);
  };
  form.elements.key.value = crypto.randomUUID?.() ?? String(Date.now());
  form.addEventListener("submit", (event) => {
    if (!("needsPlace" in form.dataset) || form.elements.latitude.value) return;
    event.preventDefault();
    if (!navigator.geolocation) return tell("noPlace");
    tell("askingPlace");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude;
        form.elements.longitude.value = coords.longitude;
        form.elements.accuracy.value = coords.accuracy;
        form.requestSubmit();
      },
      () => tell("noPlace"),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
    );
  });
}

const clock = document.querySelector("[data-clock]");
if (clock) {
  // The server's time, carried on: the phone's own clock may be wrong.
  const shown = clock.querySelector("time");
  const ahead = new Date(shown.dateTime) - Date.now();
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone: clock.dataset.clockZone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  setInterval(() => {
    shown.textContent = format.format(new Date(Date.now() + ahead));
  }, 1000);
}
