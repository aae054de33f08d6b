// Theme, menus, dialogs, copy, back: small things that a click does.
import { say } from "./words.js";
import { tell } from "./notices.js";

const system = window.matchMedia("(prefers-color-scheme: dark)");

function theme() {
  try {
    return localStorage.getItem("theme") ?? "system";
  } catch {
    return "system";
  }
}

function showTheme() {
  const chosen = theme();
  document.documentElement.classList.toggle("dark", chosen === "dark" || (chosen === "system" && system.matches));
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
  document.dispatchEvent(new CustomEvent("theme-changed"));
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
  return dialog;
}

function closeMenus(except = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
}

const clicks = {
  "[data-theme-choice]": (button) => {
    localStorage.setItem("theme", button.dataset.themeChoice);
    showTheme();
  },
  "[data-opens]": (button) => openDialog(button.dataset.opens),
  "[data-closes]": (button) => (button.closest("dialog")?.close(), button.closest("[data-notice]")?.remove()),
  "[data-back]": () => history.back(),
  '[role="tab"]': (tab) => {
    for (const other of tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')) {
      other.setAttribute("aria-selected", String(other === tab));
    }
  },
  "[data-copy]": async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    tell(say("copied"), { tone: "good" });
  },
};

document.addEventListener("click", (event) => {
  const target = event.target;
  for (const [selector, act] of Object.entries(clicks)) {
    const found = target.closest(selector);
    if (found) act(found);
  }
  if (target.matches("dialog.sheet")) target.close(); // the backdrop
  const inMenu = target.closest("details.menu");
  closeMenus(inMenu);
  if (inMenu && target.closest("a.menu-item, button.menu-item")) inMenu.open = false;
});

// What a person's page shows is fetched anew when something about them was changed: the open tab, not the first.
document.addEventListener("person-changed", () => {
  document.querySelector('[data-tabs] [role="tab"][aria-selected="true"]')?.click();
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.('[role="tab"]');
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const tabs = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
  tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length].focus();
});

// A menu inside something that scrolls would be cut off at its edge: it is placed on the screen instead.
function placeMenu(menu) {
  const panel = menu.querySelector(":scope > :not(summary)");
  const button = menu.querySelector("summary").getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const below = button.bottom + 6;
  panel.style.position = "fixed";
  panel.style.inset = "auto";
  panel.style.margin = "0";
  panel.style.left = `${Math.max(8, Math.min(button.right - width, innerWidth - width - 8))}px`;
  panel.style.top = `${below + height > innerHeight - 8 ? Math.max(8, button.top - height - 6) : below}px`;
}
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.matches?.("details.menu[open]") && target.closest("[data-board], [data-scrolls]")) placeMenu(target);
  },
  true,
);
document.addEventListener("scroll", ({ target }) => {
  if (target === document || target.matches?.("[data-board], [data-scrolls]")) closeMenus();
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const items = [...menu.querySelectorAll("a[href], button:not(:disabled), select, input")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    const here = items.indexOf(document.activeElement);
    items.at(here < 0 && step < 0 ? -1 : (here + step) % items.length)?.focus();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// What a view answers into the shared dialog opens it.
const endsDialog = ({ response }) => /\bdialog-done\b/.test(response?.headers.get("HX-Trigger") ?? "");
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  // An answer without content "swaps" too, while the form it ends is still there: that dialog stays closed.
  if (ctx.target?.id === "dialog-body" && ctx.target.childElementCount && !endsDialog(ctx)) {
    openDialog("dialog").querySelector("[autofocus], input:not([type=hidden]), select, textarea")?.focus();
  }
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (endsDialog(ctx)) document.getElementById("dialog")?.close();
});
document.getElementById("dialog")?.addEventListener("close", () => document.getElementById("dialog-body").replaceChildren());

system.addEventListener("change", showTheme);
showTheme();
if (/Mac|iP(hone|ad)/.test(navigator.platform)) {
  for (const key of document.querySelectorAll("[data-mod-key]")) key.textContent = "⌘K";
}
