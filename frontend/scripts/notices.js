// Short sentences at the edge of the page: what was done, with a way back, and what could not be done.
import htmx from "htmx.org";
import { icon } from "./icon.js";
import { say } from "./words.js";

const icons = { good: "circle-check", bad: "circle-alert", warn: "triangle-alert" };
const SECONDS = { plain: 5, bad: 9, undo: 10 };
const MOST = 4;

function place() {
  // A notice behind an open dialog would not be seen.
  const open = [...document.querySelectorAll("dialog[open]")].pop();
  const box = document.getElementById("notices");
  const home = open ?? document.body;
  if (box && box.parentElement !== home) home.append(box);
  return box;
}

function watch(notice) {
  const undo = notice.querySelector("[data-undo]");
  const seconds = undo ? SECONDS.undo : notice.dataset.tone === "bad" ? SECONDS.bad : SECONDS.plain;
  let timer;
  const wait = () => (timer = setTimeout(() => notice.remove(), seconds * 1000));
  const hold = () => clearTimeout(timer);
  notice.addEventListener("pointerenter", hold);
  notice.addEventListener("focusin", hold);
  notice.addEventListener("pointerleave", wait);
  notice.addEventListener("focusout", wait);
  undo?.addEventListener("submit", (event) => {
    event.preventDefault();
    notice.remove();
    htmx.ajax("POST", undo.action, { source: document.body, swap: "none" });
  });
  wait();
}

/** Show a sentence. `tone` is good, bad, warn or info; `undo` is an address to POST to; `action` is {label, run}. */
export function tell(text, { tone = "info", undo = "", action = null } = {}) {
  const box = place();
  if (!box || !text) return;
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.dataset.notice = "";
  notice.dataset.tone = tone;
  const sentence = document.createElement("span");
  sentence.className = "flex-1";
  sentence.textContent = text;
  notice.append(icon(icons[tone] ?? "info", "size-4 mt-0.5 shrink-0"), sentence);
  if (undo) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = undo;
    form.dataset.undo = "";
    form.append(button(say("undo")));
    notice.append(form);
  }
  if (action) {
    const act = button(action.label);
    act.addEventListener("click", () => {
      action.run();
      notice.remove();
    });
    notice.append(act);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "text-muted-foreground hover:text-foreground";
  close.setAttribute("aria-label", say("close"));
  close.append(icon("x", "size-4 mt-0.5"));
  close.addEventListener("click", () => notice.remove());
  notice.append(close);
  box.append(notice);
  while (box.children.length > MOST) box.firstElementChild.remove();
  watch(notice);
}

function button(text) {
  const made = document.createElement("button");
  made.className = "link font-medium";
  made.textContent = text;
  return made;
}

/** Show the notices that an answer carries; return whether there were any. */
export function tellFrom(headers) {
  const header = headers?.get("HX-Trigger") ?? "";
  if (!header.startsWith("{")) return false;
  const items = JSON.parse(header).notices?.items ?? [];
  for (const item of items) tell(item.text, item);
  return items.length > 0;
}

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const told = tellFrom(ctx.response.headers);
  if (!told && ctx.response.status >= 500) tell(say("failed"), { tone: "bad" });
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx && !ctx.response) tell(say("unreachable"), { tone: "bad" });
});
for (const notice of document.querySelectorAll("#notices > [data-notice]")) watch(notice);
// What a closing dialog said goes on being seen.
document.addEventListener("close", ({ target }) => target.contains(document.getElementById("notices")) && place(), true);
