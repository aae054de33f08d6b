// Sends files with a true count of what has arrived; the server's answer then shows how far reading them is.
import htmx from "htmx.org";
import { tell, tellFrom } from "./notices.js";
import { say } from "./words.js";

const MEGABYTE = 1_000_000;
const size = (bytes) => (bytes < MEGABYTE ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / MEGABYTE).toFixed(1)} MB`);

function send(form) {
  const request = new XMLHttpRequest();
  const state = form.querySelector("[data-upload-state]");
  const bar = state?.querySelector("progress");
  const words = state?.querySelector("[data-upload-words]");
  const buttons = form.querySelectorAll("button");
  const busy = (on) => {
    if (state) state.hidden = !on;
    for (const button of buttons) button.disabled = on;
  };
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    if (bar) [bar.max, bar.value] = [total, loaded];
    if (words) words.textContent = say("uploading", { done: size(loaded), total: size(total) });
  });
  request.addEventListener("load", () => {
    busy(false);
    const told = tellFrom({ get: (name) => request.getResponseHeader(name) });
    const redirect = request.getResponseHeader("HX-Redirect");
    if (redirect) {
      location.href = redirect;
      return;
    }
    if (request.status < 400 || request.status === 422) {
      const target = document.querySelector(form.dataset.upload);
      if (target && request.responseText.trim()) {
        target.innerHTML = request.responseText;
        htmx.process(target);
      }
      if (request.status < 400) {
        form.reset();
        showChosen(form);
      }
    } else if (!told) tell(say("failed"), { tone: "bad" });
  });
  request.addEventListener("error", () => {
    busy(false);
    tell(say("unreachable"), { tone: "bad" });
  });
  const body = new FormData(form);
  busy(true);
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(body);
}

function showChosen(form) {
  const box = form.querySelector(".filebox");
  const shown = box?.querySelector("[data-chosen]");
  const files = [...(box?.querySelector("input[type=file]")?.files ?? [])];
  if (shown) shown.textContent = files.length ? files.slice(0, 3).map((file) => `${file.name} (${size(file.size)})`).join(", ") + (files.length > 3 ? ` +${files.length - 3}` : "") : shown.dataset.chosen;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-upload]")) return;
  event.preventDefault();
  send(event.target);
});
document.addEventListener("change", (event) => {
  if (event.target.matches(".filebox input[type=file]") && event.target.form) showChosen(event.target.form);
});
// The input covers its box, so the browser itself takes what is dropped; the box only shows that it would.
for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(type, (event) => {
    const box = event.target.closest?.(".filebox");
    if (box) box.toggleAttribute("data-over", over);
  });
}
