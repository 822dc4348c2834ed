/** Every chart of client growth can be taken away: as an image of it, and as the figures of its table. */
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../../harness/browser";

const PNG = "89504e470d0a1a0a";

async function saved(page: Page, menu: Locator, item: RegExp) {
  await menu.click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: item }).click(),
  ]);
  await expect(page.getByRole("menu")).toHaveCount(0);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Fields may be quoted, and hold separators and quotes then. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    (found) => found[1]?.replaceAll('""', '"') ?? found[2] ?? "",
  );
}

async function image(page: Page, menu: Locator) {
  const { name, bytes } = await saved(page, menu, /PNG/);
  expect(name).toMatch(/\.png$/);
  expect(bytes.subarray(0, 8).toString("hex"), name).toBe(PNG);
  // Twice the size that it has on the page.
  expect(bytes.readUInt32BE(16), `width of ${name}`).toBeGreaterThan(400);
  expect(bytes.readUInt32BE(20), `height of ${name}`).toBeGreaterThan(300);
  // Something is drawn: a plain colour packs into a fraction of this.
  expect(bytes.length, name).toBeGreaterThan(6_000);
}

/** The rows of the file are those of the table: their names, how many, and how many columns. */
async function figures(page: Page, menu: Locator, table: Locator) {
  const { name, bytes } = await saved(page, menu, /CSV/);
  expect(name).toMatch(/\.csv$/);
  const lines = bytes
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trim()
    .split("\r\n")
    .map(cells);
  const rows = table.getByRole("row");
  const shown = await rows.evaluateAll((found) =>
    found.map((row) =>
      [...(row as HTMLTableRowElement).cells].map((cell) => cell.textContent?.trim() ?? ""),
    ),
  );
  expect(lines.length, name).toBe(shown.length);
  return { lines, shown, name };
}

async function everyChart(page: Page, least: number) {
  const menus = page.getByRole("button", { name: "Export this chart", exact: true });
  await expect.poll(() => menus.count()).toBeGreaterThanOrEqual(least);
  // The figures have come, and so have the drawings.
  const plots = page.getByRole("application");
  await expect.poll(() => plots.count()).toBeGreaterThanOrEqual(least);
  const count = await menus.count();
  for (let index = 0; index < count; index++) {
    const menu = menus.nth(index);
    const chart = menu.locator("xpath=ancestor::section[1]");
    await chart.scrollIntoViewIfNeeded();
    await expect(chart.locator("svg.recharts-surface").first()).toBeVisible();
    await image(page, menu);
    await chart.getByRole("button", { name: "Show the table" }).click();
    const { lines, shown, name } = await figures(page, menu, chart.getByRole("table"));
    expect(lines.length, name).toBeGreaterThan(1);
    lines.forEach((line, row) => {
      expect(line[0], `${name}, row ${row}`).toBe(shown[row]?.[0]);
      if (row === 0) return;
      // The numbers of the table are numbers in the file: an interval is two of them.
      const numbers = line.slice(1).filter((cell) => cell !== "");
      for (const cell of numbers) expect(cell, `${name}, row ${row}`).toMatch(/^-?\d+(\.\d+)?$/);
      const said = (shown[row] ?? []).slice(1).filter((text) => /\d/.test(text));
      const ends = said.reduce((sum, text) => sum + (/\d to /.test(text) ? 2 : 1), 0);
      expect(numbers.length, `${name}, row ${row}`).toBe(ends);
      expect(line.length, `${name}, row ${row}`).toBe(lines[0]?.length);
    });
    await chart.getByRole("button", { name: "Show the chart" }).click();
  }
  return count;
}

test("each chart of the overview and of the tabs is saved as PNG and as CSV", async ({
  demoPage: page,
  demo,
}) => {
  test.slow();
  await page.goto(`${demo.url}/clients/growth`);
  await everyChart(page, 2);
  await page.goto(`${demo.url}/clients/growth?tab=health`);
  await everyChart(page, 2);
  await page.goto(`${demo.url}/clients/growth?tab=forecast`);
  await everyChart(page, 1);
});

test("the cohorts are saved as they are shown", async ({ demoPage: page, demo }) => {
  await page.goto(`${demo.url}/clients/growth?tab=forecast`);
  const cohorts = page.getByRole("region", { name: "Clients kept, by date of arrival" });
  const menu = cohorts.getByRole("button", { name: "Export the cohorts" });
  await image(page, menu);
  const { lines, shown } = await figures(page, menu, cohorts.getByRole("table"));
  lines.forEach((line, row) => {
    if (row > 0) expect(line[0]).toBe(shown[row]?.[0]);
  });
});
