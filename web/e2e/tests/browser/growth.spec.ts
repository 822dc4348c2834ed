/** Client growth: the page's numbers are the API's, every number opens, and what it opens adds up. */
import type { Locator, Page } from "@playwright/test";
import type { ClientItem } from "../../harness/api";
import { cents, expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

interface Summary {
  asOf: string;
  mrrCents: number;
  mrrChangePct: number | null;
  previousMrrCents: number;
  previousDay: string;
  activeClients: number;
  activeChange: number | null;
  meanHealth: number | null;
  scoredClients: number;
  atRiskClients: number;
  atRiskMrrCents: number;
  clientsTotal: number;
  healthClasses: Record<string, number>;
  objectives: { reached: number; due: number };
}

/** The title of the page with its line of facts. */
const facts = (page: Page) =>
  page.locator("header").filter({ has: page.getByRole("heading", { level: 1 }) });

const whole = (value: number) => value.toLocaleString("en-GB");
const euros = (amount: number) => `€${whole(Math.round(amount / 100))}`;
const CHAPTER = "Where does this number come from?";

/** Opens the number of a card and reads its parts and its total. */
async function open(page: Page, card: Locator): Promise<{ parts: string[]; total: string }> {
  const door = page.getByRole("dialog", { name: CHAPTER });
  // One that was closed just before fades away first.
  await expect(door).toHaveCount(0);
  await card.getByRole("button", { name: CHAPTER }).click();
  await expect(door).toBeVisible();
  const values = await door.locator("dd").allTextContents();
  const total = values.pop();
  if (total === undefined) throw new Error("a door without numbers");
  return { parts: values, total };
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
const plain = (text: string) => Number(text.replace("−", "-").replace(/[^\d.-]/g, ""));

test("the four figures are those of the API", async ({ demoPage: page, demo, demoApi }) => {
  const summary = await demoApi.get<Summary>("/growth/summary");
  await page.goto(`${demo.url}/clients/growth`);
  const card = (name: string) => page.getByRole("region", { name, exact: true });
  await expect(card("Total MRR")).toContainText(euros(summary.mrrCents));
  await expect(facts(page).getByRole("button", { name: CHAPTER })).toContainText(
    `${whole(summary.activeClients)} active clients`,
  );
  const { reached, due } = summary.objectives;
  await expect(card("Objectives reached").getByRole("button")).toContainText(
    due === 0 ? "—" : `${reached}of ${due}`,
  );
  await expect(card("Mean health").getByRole("button")).toContainText(
    `${Math.round(summary.meanHealth ?? Number.NaN)}/ 100`,
  );
  await expect(card("Mean health")).toContainText(
    `${summary.scoredClients} of ${summary.activeClients} scored`,
  );
  await expect(card("Clients at risk").getByRole("button")).toContainText(
    whole(summary.atRiskClients),
  );
  await expect(card("Clients at risk")).toContainText(euros(summary.atRiskMrrCents));
  // A sign, and whether that is good: said, not only coloured.
  if (summary.mrrChangePct !== null) {
    await expect(card("Total MRR")).toContainText(
      // As it is written: "0%" on the first of a month, before anything has moved.
      `${Math.abs(summary.mrrChangePct).toLocaleString("en-GB", { maximumFractionDigits: 1 })}%`,
    );
  }
  // The API agrees with itself: movements and classes make up the totals.
  expect(sum(Object.values(summary.healthClasses))).toBe(summary.activeClients);
});

test("doors open, and their parts add up to the number", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  const summary = await demoApi.get<Summary>("/growth/summary");
  await page.goto(`${demo.url}/clients/growth`);
  const card = (name: string) => page.getByRole("region", { name, exact: true });

  const mrr = await open(page, card("Total MRR"));
  expect(sum(mrr.parts.map(cents))).toBe(cents(mrr.total));
  expect(Math.abs(cents(mrr.total) - summary.mrrCents)).toBeLessThan(100);
  await page.keyboard.press("Escape");

  const active = await open(page, facts(page));
  expect(sum(active.parts.map(plain))).toBe(summary.activeClients);
  expect(plain(active.total)).toBe(summary.activeClients);
  // The way to the clients: as many as the door says.
  await page
    .getByRole("dialog")
    .getByRole("link", { name: /active clients/ })
    .click();
  await expect(page.getByRole("grid", { name: "Health of each client" })).toHaveAttribute(
    "aria-rowcount",
    String(summary.activeClients + 1),
  );

  const health = await open(page, card("Mean health"));
  const classes = health.parts.slice(0, 5).map(plain);
  expect(sum(classes)).toBe(summary.activeClients);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await open(page, card("Clients at risk"));
  await page
    .getByRole("dialog")
    .getByRole("link", { name: /at risk/ })
    .click();
  await expect(page).toHaveURL(/risk=true/);
  await expect(page.getByRole("grid", { name: "Health of each client" })).toHaveAttribute(
    "aria-rowcount",
    String(summary.atRiskClients + 1),
  );
});

test("the ratios open with their parts", async ({ demoPage: page, demo, demoApi }) => {
  interface Metric {
    key: string;
    value: number | null;
    parts: { key: string; cents?: number; count?: number }[];
  }
  const { items } = await demoApi.get<{ items: Metric[] }>("/growth/metrics?months=12");
  const grr = items.find((item) => item.key === "grr");
  if (grr?.value == null) throw new Error("no GRR");
  await page.goto(`${demo.url}/clients/growth`);
  const button = page.getByRole("button", { name: /^GRR, / });
  await expect(button).toContainText(`${(grr.value * 100).toFixed(1)}%`);
  await button.click();
  const door = page.getByRole("dialog", { name: CHAPTER });
  await expect(door).toBeVisible();
  const [over, under] = [
    grr.parts.find((p) => p.key === "sumOfMin"),
    grr.parts.find((p) => p.key === "opening"),
  ];
  expect((over?.cents ?? 0) / (under?.cents ?? 1)).toBeCloseTo(grr.value, 6);
});

test("the waterfall reconciles, and a bar opens its clients", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  const summary = await demoApi.get<Summary>("/growth/summary");
  const flow = await demoApi.get<{
    openingCents: number;
    closingCents: number;
    kinds: { kind: string; cents: number; count: number }[];
  }>(`/growth/movements?from=${summary.previousDay}&to=${summary.asOf}`);
  expect(flow.openingCents + sum(flow.kinds.map((kind) => kind.cents))).toBe(flow.closingCents);
  expect(flow.closingCents).toBe(summary.mrrCents);
  expect(flow.openingCents).toBe(summary.previousMrrCents);

  await page.goto(`${demo.url}/clients/growth`);
  const chart = page
    .getByRole("region")
    .filter({ has: page.getByRole("radiogroup", { name: "Period of the movements" }) });
  await expect(chart).toContainText(`Opening, `);
  const [opening, closing] = (await chart.locator("dd").allTextContents()).map(cents);
  expect(Math.abs((opening ?? 0) - flow.openingCents)).toBeLessThan(100);
  expect(Math.abs((closing ?? 0) - flow.closingCents)).toBeLessThan(100);
  // The sentence under it is exact.
  const sentence = await chart.getByText(/of gains − .* of losses = /).textContent();
  const [a, b, c, d] = (sentence ?? "").split(/ \+ | of gains − | of losses = /).map(cents);
  expect((a ?? 0) + (b ?? 0) - (c ?? 0)).toBe(d);
  expect(d).toBe(flow.closingCents);

  // The same numbers as a table.
  await chart.getByRole("button", { name: "Show the table" }).click();
  await expect(chart.getByRole("table")).toBeVisible();
  await chart.getByRole("button", { name: "Show the chart" }).click();

  // By keyboard to the first bar, Enter opens the movements behind it.
  const kind = flow.kinds.find((item) => item.kind === "new");
  await chart.getByRole("application").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog", { name: "New clients" });
  await expect(sheet).toBeVisible();
  await expect(page).toHaveURL(/moves=/);
  await expect(sheet.getByRole("listitem")).toHaveCount(kind?.count ?? 0);
  // Back closes it: opening was a step of its own.
  await page.goBack();
  await expect(sheet).toHaveCount(0);
});

test.describe("the list of clients", () => {
  const grid = (page: Page) => page.getByRole("grid", { name: "Health of each client" });
  const names = (page: Page) =>
    grid(page)
      .getByRole("row")
      .evaluateAll((rows) => rows.slice(1).map((row) => row.getAttribute("aria-label") ?? ""));

  test("searches without accents or case, and the address keeps it", async ({
    demoPage: page,
    demo,
    demoApi,
  }) => {
    const { items } = await demoApi.get<{ items: ClientItem[] }>(
      "/clients?status=active&limit=100",
    );
    const accented = items.find((item) => /[éèêëàâîïôûùç]/i.test(item.name));
    if (!accented) throw new Error("no accented name in the portfolio");
    const typed = accented.name
      .normalize("NFD")
      .replaceAll(/\p{Diacritic}/gu, "")
      .toUpperCase();
    await page.goto(`${demo.url}/clients/growth`);
    await page.getByRole("searchbox", { name: "Search for a client" }).fill(typed);
    await expect.poll(() => names(page)).toEqual([accented.name]);
    await expect(page).toHaveURL(/q=/);
    await page.reload();
    await expect(page.getByRole("searchbox", { name: "Search for a client" })).toHaveValue(typed);
    await expect.poll(() => names(page)).toEqual([accented.name]);
    await page.getByRole("searchbox", { name: "Search for a client" }).fill("nobody at all");
    await expect(page.getByText("No client matches")).toBeVisible();
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await expect.poll(async () => (await names(page)).length).toBeGreaterThan(10);
  });

  test("sorts by header, in the order of the API", async ({ demoPage: page, demo, demoApi }) => {
    await page.goto(`${demo.url}/clients/growth`);
    for (const [header, orders] of [
      ["MRR", ["-mrr", "mrr"]],
      ["Client", ["name", "-name"]],
      ["Health", ["health", "-health"]],
    ] as const) {
      for (const order of orders) {
        const { items } = await demoApi.get<{ items: ClientItem[] }>(
          `/clients?status=active&limit=10&sort=${order}`,
        );
        await grid(page)
          .getByRole("button", { name: `Sort by ${header}`, exact: true })
          .click();
        await expect
          .poll(async () => (await names(page)).slice(0, 10))
          .toEqual(items.map((item) => item.name));
        const sorted = grid(page).getByRole("columnheader", { name: header }).first();
        await expect(sorted).toHaveAttribute(
          "aria-sort",
          order.startsWith("-") ? "descending" : "ascending",
        );
      }
    }
  });

  test("filters stand in the address; back from a client finds them again", async ({
    demoPage: page,
    demo,
    demoApi,
  }) => {
    const facets = await demoApi.get<{ owners: { value: string }[] }>("/clients/facets");
    const owner = facets.owners[0]?.value ?? "";
    await page.goto(`${demo.url}/clients/growth`);
    await page.getByRole("button", { name: /^Filter/ }).click();
    const panel = page.getByRole("dialog", { name: "Filters" });
    await panel.getByLabel("Owner").selectOption(owner);
    const query = `/clients?status=active&limit=100&owner=${encodeURIComponent(owner)}`;
    const { items } = await demoApi.get<{ items: ClientItem[] }>(`${query}&sort=health`);
    const expected = items.map((item) => item.name);
    // The button says how many: those of this owner, not those of before.
    await panel.getByRole("button", { name: `Show the ${items.length} clients` }).click();
    await expect(panel).toHaveCount(0);
    await expect.poll(() => names(page)).toEqual(expected);
    const address = page.url();
    expect(new URL(address).searchParams.get("owner")).toBe(owner);

    const first = grid(page).getByRole("row").nth(1);
    await first.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: expected[0] })).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL(address);
    await expect.poll(() => names(page)).toEqual(expected);
    await page
      .getByRole("button", { name: /^Remove the filter/ })
      .first()
      .click();
    await expect(page).not.toHaveURL(/owner=/);
  });

  test("the tabs of health classes show as many as they say", async ({
    demoPage: page,
    demo,
    demoApi,
  }) => {
    const summary = await demoApi.get<Summary>("/growth/summary");
    await page.goto(`${demo.url}/clients/growth`);
    const views = page.getByRole("navigation", { name: "Views of the list" });
    for (const [key, label] of [
      ["critical", "Critical"],
      ["watch", "Watch"],
      ["excellent", "Excellent"],
    ] as const) {
      const count = summary.healthClasses[key] ?? 0;
      await views.getByRole("link", { name: `${label} ${count}` }).click();
      await expect(page).toHaveURL(new RegExp(`health=${key}`));
      await expect(grid(page)).toHaveAttribute("aria-rowcount", String(count + 1));
    }
  });
});

test.describe("a long list", () => {
  let office: Office;
  const COUNT = 230;

  test.beforeAll(async () => {
    office = await openOffice("long-list");
    const clients = Array.from({ length: COUNT }, (_, n) => ({
      externalId: `long-${n}`,
      name: `Client ${String(n).padStart(3, "0")}`,
    }));
    await office.api.post("/clients", clients);
  });
  test.afterAll(async () => {
    await office?.essor.remove();
  });

  test("loads as one scrolls, with a bounded number of rows in the page", async ({
    page,
    context,
    at,
  }) => {
    at.essor = office.essor;
    await signIn(context, office.essor, OWNER.email);
    await page.goto(`${office.essor.url}/clients/growth?sort=name`);
    const grid = page.getByRole("grid", { name: "Health of each client" });
    await expect(grid).toHaveAttribute("aria-rowcount", String(COUNT + 1));
    await expect(grid.getByRole("row", { name: "Client 000" })).toBeVisible();
    await grid.getByRole("row", { name: "Client 000" }).focus();
    const last = grid.getByRole("row", { name: `Client ${COUNT - 1}` });
    await expect(async () => {
      await page.keyboard.press("End");
      await expect(last).toBeFocused({ timeout: 500 });
    }).toPass();
    await expect(last).toBeInViewport();
    expect(await grid.getByRole("row").count()).toBeLessThan(80);
    await page.keyboard.press("Home");
    await expect(grid.getByRole("row", { name: "Client 000" })).toBeFocused();
  });
});
