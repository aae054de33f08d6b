const sprite = document.querySelector('link[rel="icon"]')?.dataset.icons ?? "/static/icons.svg";

/** Return an icon of the sprite as an element. */
export function icon(name, classes = "size-4 shrink-0") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", classes);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
