// The board: cards move by mouse, touch, keyboard and menu; what the server refuses goes back to where it was.
import htmx from "htmx.org";
import Sortable from "sortablejs";
import { say } from "./words.js";

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

function count(section, by) {
  const shown = section.querySelector("[data-count]");
  if (shown && /^\d+$/.test(shown.textContent.trim())) shown.textContent = String(Math.max(Number(shown.textContent) + by, 0));
}

function announce(text) {
  const live = document.getElementById("notices");
  if (!live) return;
  const said = document.createElement("span");
  said.className = "sr-only";
  said.textContent = text;
  live.append(said);
  setTimeout(() => said.remove(), 3000);
}

/** Ask the server to move a card that stands in `to` already; `back` puts it where it was. */
async function move(card, from, to, back) {
  if (to.hasAttribute("data-asks")) {
    back();
    const url = new URL(card.dataset.moveUrl, location.href);
    url.searchParams.set("stage", to.dataset.stage);
    await htmx.ajax("GET", url.pathname + url.search, { target: "#dialog-body", swap: "innerHTML" });
    return;
  }
  count(from, -1);
  count(to, 1);
  card.setAttribute("aria-busy", "true");
  const focused = card.contains(document.activeElement);
  const ticked = card.querySelector("[name=seen]")?.checked;
  let taken = false;
  const watch = ({ detail: { ctx } }) => (taken ||= ctx.sourceElement === card && ctx.response.status < 400);
  document.addEventListener("htmx:after:request", watch);
  try {
    await htmx.ajax("POST", card.dataset.moveUrl, {
      source: card,
      target: card,
      swap: "outerHTML",
      values: { stage: to.dataset.stage, version: card.dataset.version },
    });
  } finally {
    document.removeEventListener("htmx:after:request", watch);
  }
  card.removeAttribute("aria-busy");
  if (taken) announce(say("movedTo", { stage: to.dataset.stageName ?? to.dataset.stage }));
  else {
    count(from, 1);
    count(to, -1);
    back();
  }
  const now = document.getElementById(card.id);
  if (ticked) now?.querySelector("[name=seen]:not(:checked)")?.click();
  if (focused) now?.focus();
}

function moveTo(card, to) {
  const from = card.closest("[data-stage]");
  if (!to || to === from) return;
  const list = card.parentElement;
  const after = card.nextElementSibling;
  to.querySelector("[data-cards]").prepend(card);
  card.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  move(card, from, to, () => list.insertBefore(card, after?.isConnected ? after : null));
}

function mount(board) {
  if (board.dataset.boardMounted) return;
  board.dataset.boardMounted = "1";
  const moves = board.dataset.board === "moves";
  for (const list of moves ? board.querySelectorAll("[data-cards]") : []) {
    let after = null;
    Sortable.create(list, {
      group: "cards",
      draggable: "[data-card]",
      filter: "a, button, summary, label, input, select, .menu > :not(summary)",
      preventOnFilter: false,
      sort: false,
      animation: calm.matches ? 0 : 120,
      delay: 180,
      delayOnTouchOnly: true,
      onStart: ({ item }) => (after = item.nextElementSibling),
      onMove: ({ to }) => {
        for (const section of board.querySelectorAll("[data-over]")) section.removeAttribute("data-over");
        to.closest("[data-stage]").dataset.over = "";
      },
      onEnd: ({ item, from, to }) => {
        for (const section of board.querySelectorAll("[data-over]")) section.removeAttribute("data-over");
        if (from === to) return;
        const back = () => from.insertBefore(item, after?.isConnected ? after : null);
        move(item, from.closest("[data-stage]"), to.closest("[data-stage]"), back);
      },
    });
  }
  board.addEventListener("keydown", (event) => {
    const card = event.target;
    if (!card.matches("[data-card]")) return;
    const step = event.key === "]" || (event.shiftKey && event.key === "ArrowRight") ? 1 : event.key === "[" || (event.shiftKey && event.key === "ArrowLeft") ? -1 : 0;
    if (step && moves) {
      event.preventDefault();
      const stages = [...board.querySelectorAll("[data-stage]")];
      moveTo(card, stages[stages.indexOf(card.closest("[data-stage]")) + step]);
    } else if (event.key === "Enter") {
      card.querySelector("[data-open]")?.click();
    } else if (/^[a-z]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      card.querySelector(`[data-key="${event.key}"]`)?.click();
    } else if (["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      event.preventDefault();
      beside(board, card, event.key)?.focus();
    }
  });
  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move-to]");
    if (button) moveTo(button.closest("[data-card]"), board.querySelector(`[data-stage="${CSS.escape(button.dataset.moveTo)}"]`));
  });
}

function beside(board, card, key) {
  if (key === "ArrowDown") return card.nextElementSibling?.closest("[data-card]");
  if (key === "ArrowUp") return card.previousElementSibling?.closest("[data-card]");
  const lists = [...board.querySelectorAll("[data-cards]")];
  const place = [...card.parentElement.querySelectorAll("[data-card]")].indexOf(card);
  for (let at = lists.indexOf(card.parentElement) + (key === "ArrowRight" ? 1 : -1); lists[at]; at += key === "ArrowRight" ? 1 : -1) {
    const cards = lists[at].querySelectorAll("[data-card]");
    if (cards.length) return cards[Math.min(place, cards.length - 1)];
  }
  return null;
}

const mountAll = () => document.querySelectorAll("[data-board]").forEach(mount);
mountAll();
document.addEventListener("htmx:after:swap", mountAll);
