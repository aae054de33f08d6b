// A kiosk's screen: asks for the newest code every few seconds, and hides one that counts no more.
const EVERY_MS = 4000;

const find = () => document.querySelector("[data-counts-for]");
if (find()) {
  let hiding;
  const watch = () => {
    clearTimeout(hiding);
    hiding = setTimeout(() => {
      const shown = find();
      shown.querySelector("[data-code]").classList.add("hidden");
      shown.querySelector("[data-no-code]").classList.remove("hidden");
    }, Number(find().dataset.countsFor) * 1000);
  };
  const ask = async () => {
    try {
      const answer = await fetch(find().dataset.from, { cache: "no-store", signal: AbortSignal.timeout(EVERY_MS * 2) });
      if (answer.status === 403) return location.reload(); // it is a kiosk no more, and the page says so
      if (answer.ok) {
        find().outerHTML = await answer.text();
        watch();
      }
    } catch (error) {
      if (!(error instanceof TypeError) && error.name !== "TimeoutError") throw error;
    }
    setTimeout(ask, EVERY_MS);
  };
  document.addEventListener("htmx:after:request", () => { // what was typed is not left to the next one
    const pin = document.querySelector("#pin-pin");
    if (pin) pin.value = "";
  });
  const stayAwake = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
  watch();
  setTimeout(ask, EVERY_MS);
}
