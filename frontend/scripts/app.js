// Everything that pages do by script. Pages work without it wherever a plain form or link can.
import "htmx.org";
import "./notices.js";
import "./choices.js";
import "./palette.js";
import "./lists.js";
import "./times.js";
import "./drafts.js";
import "./board.js";
import "./upload.js";
import "./resume.js";
import "./punch.js";
import "./kiosk.js";
import "./own-days.js";

// Charts are heavy: they come only to pages that show one.
async function mountCharts() {
  const charts = document.querySelectorAll("[data-chart]:not([data-chart-mounted])");
  if (!charts.length) return;
  const { mount } = await import(document.querySelector("script[data-charts]").dataset.charts);
  for (const element of charts) mount(element);
}
mountCharts();
document.addEventListener("htmx:after:swap", mountCharts);
