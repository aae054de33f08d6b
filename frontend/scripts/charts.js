// Bars, lines and funnels, drawn on a canvas in the page's own colours.
import { BarChart, FunnelChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, FunnelChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** Return one of the theme's colours as a canvas understands it: charts do not know oklch. */
function colour(name) {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return `rgba(${red},${green},${blue},${alpha / 255})`;
}

function options(kind, { labels, series, unit = "", stacked = false }) {
  const ink = colour("muted-foreground");
  const line = colour("border");
  const font = getComputedStyle(document.body).fontFamily;
  const shared = {
    aria: { enabled: true },
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    color: ["primary", "warn", "good", "bad"].map(colour),
    textStyle: { fontFamily: font, color: ink },
    tooltip: {
      renderMode: "richText",
      trigger: kind === "funnel" ? "item" : "axis",
      valueFormatter: (value) => `${value}${unit}`,
      backgroundColor: colour("popover"),
      borderColor: line,
      textStyle: { color: colour("foreground"), fontFamily: font, fontSize: 12 },
    },
  };
  if (kind === "funnel") {
    return {
      ...shared,
      series: [
        {
          type: "funnel",
          sort: "none",
          gap: 2,
          left: 0,
          width: "70%",
          label: { position: "right", color: colour("foreground"), formatter: `{b}  {c}${unit}` },
          itemStyle: { borderWidth: 0, color: colour("primary") },
          data: labels.map((name, index) => ({ name, value: series[0].values[index], itemStyle: { opacity: 1 - index * 0.12 } })),
        },
      ],
    };
  }
  return {
    ...shared,
    grid: { left: 4, right: 12, top: 16, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: labels, axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: ink } },
    yAxis: { type: "value", splitLine: { lineStyle: { color: line } }, axisLabel: { color: ink, formatter: `{value}${unit}` } },
    series: series.map(({ name, values }) => ({
      type: kind,
      name,
      stack: stacked ? "all" : undefined,
      data: values,
      barMaxWidth: 28,
      symbolSize: 6,
      itemStyle: kind === "bar" && !stacked ? { borderRadius: [3, 3, 0, 0] } : {},
      endLabel: { show: kind === "line" && series.length > 1, formatter: "{a}", color: ink },
    })),
  };
}

/** Draw the chart that an element describes, and keep it fitting its place and theme. */
export function mount(element) {
  element.dataset.chartMounted = "";
  const described = JSON.parse(element.querySelector("script[type='application/json']").textContent);
  const canvas = document.createElement("div");
  canvas.className = "size-full";
  element.append(canvas);
  const chart = init(canvas, null, { renderer: "canvas" });
  const draw = () => chart.setOption(options(element.dataset.chart, described), true);
  draw();
  new ResizeObserver(() => chart.resize()).observe(element);
  document.addEventListener("theme-changed", draw);
}
