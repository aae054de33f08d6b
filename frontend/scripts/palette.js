// Ctrl K or ⌘K: any person, job or page.
import htmx from "htmx.org";
import { openDialog } from "./choices.js";

const dialog = document.getElementById("palette");
const text = document.getElementById("palette-text");
const list = document.getElementById("palette-hits");

function choose(step) {
  const hits = [...list.querySelectorAll("[role=option]")];
  if (!hits.length) return;
  const here = hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  const next = (here + step + hits.length) % hits.length;
  hits.forEach((hit, index) => hit.setAttribute("aria-selected", String(index === next)));
  hits[next].scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", hits[next].id);
}

function open() {
  openDialog("palette");
  text.select();
  if (!list.childElementCount) htmx.ajax("GET", text.getAttribute("hx-get"), { target: list, swap: "innerHTML" });
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  for (const button of document.querySelectorAll('[data-opens="palette"]')) button.addEventListener("click", open);
  text.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      list.querySelector("[aria-selected=true]")?.click();
    }
  });
  list.addEventListener("pointermove", (event) => {
    const hit = event.target.closest("[role=option]");
    if (!hit || hit.getAttribute("aria-selected") === "true") return;
    for (const other of list.querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === hit));
  });
  list.addEventListener("htmx:after:swap", () => choose(0));
}
