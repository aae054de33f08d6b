// Loaded before anything is painted, so that a dark screen never flashes white.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
let chosen = "system";
try {
  chosen = localStorage.getItem("theme") ?? "system";
} catch {
  // a browser that keeps nothing gets what its system says
}
document.documentElement.classList.toggle("dark", chosen === "dark" || (chosen === "system" && dark.matches));
document.documentElement.classList.add("js");
