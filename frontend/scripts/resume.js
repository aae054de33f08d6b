// A résumé beside its fields: a field lights its place in the original, a place lights its field; a click opens it.
const lit = new Set();

function dark() {
  for (const element of lit) element.removeAttribute("data-lit");
  lit.clear();
}

function light(element) {
  element.dataset.lit = "";
  lit.add(element);
}

function marksOf(page, name) {
  return [...page.querySelectorAll("[data-mark]")].filter((mark) => mark.dataset.mark.split(" ").includes(name));
}

/** Bring a place into sight within the original alone: the page itself stays where the reader is. */
function show(mark) {
  const box = mark.closest("[data-original]");
  if (!box || box.offsetParent === null) return;
  const place = mark.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  if (place.top < frame.top + 24 || place.bottom > frame.bottom - 24) {
    const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollBy({ top: place.top - frame.top - frame.height / 3, behavior: smooth ? "smooth" : "auto" });
  }
}

function lightFact(fact, { follow }) {
  dark();
  const page = fact.closest("[data-resume]");
  if (!page) return;
  const marks = marksOf(page, fact.dataset.fact);
  marks.forEach(light);
  if (follow && marks[0]) show(marks[0]);
}

function factOf(page, names) {
  // Where several facts share a place, the shortest name is the entry's own field.
  const found = names.map((name) => page.querySelector(`[data-fact="${CSS.escape(name)}"]`)).filter(Boolean);
  return found[0];
}

function lightMark(mark) {
  dark();
  light(mark);
  const page = mark.closest("[data-resume]");
  const fact = page && factOf(page, mark.dataset.mark.split(" "));
  if (fact) light(fact);
  return fact;
}

document.addEventListener("pointerover", (event) => {
  const fact = event.target.closest?.("[data-fact]");
  if (fact) return lightFact(fact, { follow: true });
  const mark = event.target.closest?.("[data-mark]");
  if (mark) lightMark(mark);
  else if (lit.size) dark();
});

document.addEventListener("focusin", (event) => {
  const fact = event.target.closest?.("[data-fact]");
  if (fact) lightFact(fact, { follow: true });
});

function close(button) {
  button.setAttribute("aria-expanded", "false");
}

document.addEventListener(
  "click",
  (event) => {
    const goal = event.target.closest?.("[data-goes-to]");
    if (goal) {
      const fact = factOf(goal.closest("[data-resume]"), [goal.dataset.goesTo]);
      fact?.focus();
      if (fact?.getAttribute("aria-expanded") === "false") fact.click();
      return;
    }
    const mark = event.target.closest?.("[data-mark]");
    if (mark) {
      const fact = lightMark(mark);
      fact?.scrollIntoView({ block: "center" });
      fact?.focus({ preventScroll: true });
      if (fact?.getAttribute("aria-expanded") === "false") fact.click();
      return;
    }
    const button = event.target.closest?.("[data-fact], [data-adds]");
    if (!button) return;
    const page = button.closest("[data-resume]");
    const wasOpen = button.getAttribute("aria-expanded") === "true";
    for (const other of page?.querySelectorAll("[data-fields] [aria-expanded='true']") ?? []) close(other);
    for (const detail of page?.querySelectorAll("[data-detail]") ?? []) detail.replaceChildren();
    if (wasOpen) {
      event.preventDefault();
      event.stopImmediatePropagation(); // a second click closes, so nothing is fetched
      return;
    }
    button.setAttribute("aria-expanded", "true");
  },
  true,
);

// The fields come anew after each correction: the reader goes on where they were.
document.addEventListener("htmx:after:swap", () => {
  const fields = document.querySelector("[data-fields][data-focus]");
  if (!fields) return;
  const fact = fields.querySelector(`[data-fact="${CSS.escape(fields.dataset.focus)}"]`);
  fields.removeAttribute("data-focus");
  fact?.focus({ preventScroll: true });
});
