// j and k go through a list's rows, Enter opens one, a letter presses what carries it in data-key.

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable], dialog[open]");
}

function rowsOf(list) {
  return [...list.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
}

function currentRow() {
  return document.activeElement?.closest?.("[data-row]") ?? document.querySelector("[data-row][data-current]");
}

function go(to) {
  if (!to) return;
  document.querySelector("[data-row][data-current]")?.removeAttribute("data-current");
  to.dataset.current = "";
  to.tabIndex = -1;
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
}

let lastIndex = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const row = currentRow();
  const list = row?.closest("[data-list]") ?? document.querySelector("[data-list]");
  if (!list) return;
  const rows = rowsOf(list);
  const here = rows.indexOf(row);
  if (event.key === "j") go(rows[Math.min(here < 0 ? Math.min(lastIndex, rows.length - 1) : here + 1, rows.length - 1)]);
  else if (event.key === "k") go(rows[Math.max(here - 1, 0)]);
  else if (event.key === "Enter" && event.target === row) row.querySelector("[data-open]")?.click();
  else if (row && /^[a-z]$/.test(event.key)) row.querySelector(`[data-key="${event.key}"]`)?.click();
  else return;
  if (here >= 0) lastIndex = here;
  if (event.key === "j" || event.key === "k") event.preventDefault();
});
