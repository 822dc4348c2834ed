/** axe-core in the page: what a machine can find of WCAG 2.2 AA. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type axe from "axe-core";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The violations, each on one line with the first elements concerned. */
export async function violations(page: Page): Promise<string[]> {
  // The page's policy allows no inline script; what the browser evaluates itself is not one.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(SOURCE);
  const found = await page.evaluate(async (tags) => {
    // What fades in has its colours once it is there; what turns for ever is not waited for.
    const ends = document
      .getAnimations()
      .filter((moving) => moving.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(ends.map((moving) => moving.finished));
    const run = (window as unknown as { axe: typeof axe }).axe.run;
    const { violations } = await run(document, {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations"],
    });
    return violations.map((item) => ({
      id: item.id,
      help: item.help,
      nodes: item.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`),
    }));
  }, TAGS);
  return found.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} (${nodes.length}×) ${nodes.slice(0, 3).join(" | ").replaceAll(/\s+/g, " ")}`,
  );
}
