// A kiosk's screen: asks for the newest code every few seconds, and hides one that counts no more. What somebody typed, and
// what they were told, is gone before the next one comes.
const EVERY_MS = 4000;
const TOLD_MS = 8000;
const TYPED_MS = 30000;

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
  let clearing;
  const clearIn = (ms) => {
    clearTimeout(clearing);
    clearing = setTimeout(() => {
      // Also what a mouse rests on, which elsewhere keeps a notice: nobody may stand here any more.
      for (const told of document.querySelectorAll("#pin [data-told], #notices > [data-notice]")) told.remove();
      document.querySelector("#pin").reset();
      if (document.activeElement?.closest("#pin")) document.activeElement.blur();
    }, ms);
  };
  document.addEventListener("htmx:after:request", () => {
    document.querySelector("#pin-pin").value = "";
    clearIn(TOLD_MS);
  });
  document.addEventListener("input", ({ target }) => target.closest("#pin") && clearIn(TYPED_MS));
  const stayAwake = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
  watch();
  setTimeout(ask, EVERY_MS);
}
