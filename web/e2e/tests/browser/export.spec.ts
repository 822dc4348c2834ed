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

/** The colours of some points of an image, in the pixels of the page. */
async function colours(page: Page, bytes: Buffer, points: readonly [number, number][]) {
  return page.evaluate(
    async ({ data, at }) => {
      const file = new Blob([Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0))]);
      const drawn = await createImageBitmap(file);
      const canvas = new OffscreenCanvas(drawn.width, drawn.height);
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context?.drawImage(drawn, 0, 0);
      return at.map(([x, y]) => context?.getImageData(x * 2, y * 2, 1, 1).data.join(" "));
    },
    { data: bytes.toString("base64"), at: points },
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
  return bytes;
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

/** The first cells of the rows of a file are those of a list on the page. */
async function named(page: Page, menu: Locator, names: readonly string[]) {
  const { name, bytes } = await saved(page, menu, /CSV/);
  const lines = bytes.toString("utf8").trim().split("\r\n").slice(1).map(cells);
  expect(
    lines.map(([first]) => first),
    name,
  ).toEqual(names);
  for (const line of lines) {
    for (const cell of line.slice(1)) expect(cell, name).toMatch(/^(-?\d+(\.\d+)?)?$/);
  }
}

test("the pipeline, and the MRR by stage, are saved with their figures", async ({
  demoPage: page,
  demo,
}) => {
  const stages = ["Onboarding", "Adoption", "Growth", "Expansion", "Advocacy"];
  await page.goto(`${demo.url}/clients/growth`);
  const pipeline = page.getByRole("region", { name: "Growth pipeline" });
  await expect(async () => {
    await page.mouse.wheel(0, 1_500);
    await expect(pipeline).toBeVisible({ timeout: 500 });
  }).toPass();
  const menu = pipeline.getByRole("button", { name: "Export the pipeline" });
  const drawn = await image(page, menu);
  // The first bar is short, the last one the longest: what is filled has another colour than the track, and the card.
  const bar = (line: number) => 48 + 58 * line + 23;
  const points: [number, number][] = [
    [18, bar(0)],
    [540, bar(0)],
    [540, bar(4)],
    [4, 4],
  ];
  const [filled, track, longest, card] = await colours(page, drawn, points);
  expect(filled).toBe(longest);
  expect(new Set([filled, track, card]).size).toBe(3);
  await named(page, menu, stages);

  await page.goto(`${demo.url}/clients/growth?tab=forecast&months=12`);
  const split = page.getByRole("region", { name: /^MRR by stage/ });
  const other = split.getByRole("button", { name: "Export the MRR by stage" });
  await image(page, other);
  await named(page, other, stages);
  // The period of the page is the forecast's.
  const expected = split.getByRole("columnheader", { name: /^Forecast/ });
  const far = (await expected.textContent()) ?? "";
  await page.goto(`${demo.url}/clients/growth?tab=forecast&months=3`);
  await expect(expected).toBeVisible();
  await expect(expected).not.toHaveText(far);
});

test("conversion and durations of the journey are saved as they are shown", async ({
  demoPage: page,
  demo,
}) => {
  await page.goto(`${demo.url}/growth-tools?tab=journey&show=funnel`);
  await image(page, page.getByRole("button", { name: "Export the conversion", exact: true }));
  const cohorts = page.getByRole("region", { name: "Conversion by month of entry" });
  const menu = cohorts.getByRole("button", { name: "Export the conversion by month" });
  await image(page, menu);
  await figures(page, menu, cohorts.getByRole("table"));
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
