// Builds what browsers load into zhiren/site/assets_built. Every step reads this folder and the templates, nothing else.
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "..", "zhiren");
const out = join(source, "site", "assets_built");
const watch = process.argv.includes("--watch");
const run = promisify(execFile);

const ICONS_IN_TEMPLATES = [/<c-icon\b[^>]*?\sname="([a-z0-9-]+)"/g, /\sicon="([a-z0-9-]+)"/g];
const ICONS_IN_CODE = [/\bicon="([a-z0-9-]+)"/g];

async function* filesUnder(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["assets_built", "static", "__pycache__", "node_modules"].includes(entry.name)) yield* filesUnder(path);
    } else if (/\.(html|py)$/.test(entry.name)) {
      yield path;
    }
  }
}

/** One sprite of the icons that icons.txt lists and that templates name; a name Lucide does not know ends the build. */
async function buildIcons() {
  const listed = (await readFile(join(here, "icons.txt"), "utf8")).split(/\s+/).filter(Boolean);
  const wanted = new Map(listed.map((name) => [name, "icons.txt"]));
  for await (const path of filesUnder(source)) {
    const text = await readFile(path, "utf8");
    for (const pattern of path.endsWith(".html") ? ICONS_IN_TEMPLATES : ICONS_IN_CODE) {
      for (const [, name] of text.matchAll(pattern)) wanted.set(name, path);
    }
  }
  const symbols = [];
  for (const [name, where] of [...wanted].sort()) {
    let svg;
    try {
      svg = await readFile(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
    } catch {
      throw new Error(`${where} asks for the icon "${name}", which Lucide does not have`);
    }
    const shapes = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
    symbols.push(
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" ` +
        `stroke-linecap="round" stroke-linejoin="round">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`,
    );
  }
  await writeFile(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

async function buildStyles() {
  const cli = join(here, "node_modules/@tailwindcss/cli/dist/index.mjs");
  const args = [cli, "-i", join(here, "styles/app.css"), "-o", join(out, "app.css"), "--minify"];
  await run(process.execPath, args, { cwd: here });
  const css = await readFile(join(out, "app.css"), "utf8");
  await writeFile(join(out, "app.css"), css.replace(/\/\*# sourceMappingURL=.*?\*\//g, ""));
}

const scripts = {
  entryPoints: ["theme", "app", "charts", "punch-worker"].map((name) => join(here, "scripts", `${name}.js`)),
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "none",
  sourcemap: false,
  logLevel: "warning",
};

await mkdir(out, { recursive: true });
await cp(join(here, "public"), out, { recursive: true });
await Promise.all([buildIcons(), buildStyles(), esbuild.build(scripts)]);
if (watch) {
  await (await esbuild.context(scripts)).watch();
  const { watch: follow } = await import("node:fs");
  let timer;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => Promise.all([buildIcons(), buildStyles()]).catch((error) => console.error(error.message)), 200);
  };
  follow(join(here, "styles"), again);
  follow(source, { recursive: true }, (_event, name) => {
    if (/\.(html|py)$/.test(name ?? "")) again();
  });
}
