/** Arrows of the interface: shared code, then features, then routes. Features never meet. */
import { expect, it } from "vitest";

const sources = import.meta.glob<string>("../**/*.{ts,tsx}", {
  eager: true,
  query: "?raw",
  import: "default",
});

function target(file: string, specifier: string): string {
  if (specifier.startsWith("@/")) return specifier.slice(2);
  if (!specifier.startsWith(".")) return "";
  const base = `src/${file.replace("../", "")}`;
  return new URL(specifier, `http://x/${base}`).pathname.replace("/src/", "");
}

it("keeps features apart and shared code below them", () => {
  const wrong: string[] = [];
  for (const [file, text] of Object.entries(sources)) {
    const own = /^\.\.\/features\/([^/]+)\//.exec(file)?.[1];
    const shared = /^\.\.\/(components|lib|api)\//.test(file);
    for (const match of text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
      const path = target(file, match[1] ?? "");
      const other = /^features\/([^/]+)/.exec(path)?.[1];
      if (own && other && other !== own) wrong.push(`${file} → ${path}`);
      if (own && path.startsWith("routes/")) wrong.push(`${file} → ${path}`);
      if (shared && (other || path.startsWith("routes/"))) wrong.push(`${file} → ${path}`);
    }
  }
  expect(wrong).toEqual([]);
});
