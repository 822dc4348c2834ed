/** French and English say the same things: same keys, same parameters, nothing empty. */
import { describe, expect, it } from "vitest";

type Tree = { [key: string]: string | Tree };
const files = import.meta.glob<Tree>(["../i18n/**/*.json", "../features/*/i18n/*.json"], {
  eager: true,
  import: "default",
});

function flatten(tree: Tree, prefix = ""): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") out.set(prefix + key, value);
    else for (const [name, text] of flatten(value, `${prefix}${key}.`)) out.set(name, text);
  }
  return out;
}

const parameters = (text: string) =>
  [...new Set([...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]))].sort().join(" ");

describe.each(Object.keys(files).filter((path) => path.endsWith("/fr.json")))("%s", (path) => {
  const fr = flatten(files[path] ?? {});
  const en = flatten(files[path.replace("fr.json", "en.json")] ?? {});

  it("has the same keys in both languages", () => {
    expect([...en.keys()].sort()).toEqual([...fr.keys()].sort());
  });
  it("has no empty text and the same parameters", () => {
    for (const [key, text] of fr) {
      expect(text.trim(), key).not.toBe("");
      expect((en.get(key) ?? "").trim(), key).not.toBe("");
      expect(parameters(en.get(key) ?? ""), key).toBe(parameters(text));
    }
  });
});
