/** Forecast, objectives, cohorts and acquisition: what is set is stored, what is shown is the API's, every figure opens. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

interface Forecast {
  nowCents: number;
  base: { month: string; p10: number; p50: number; p90: number }[];
  parts: { key: string; nowCents: number }[];
  reliability: { closesMissing: number };
}

const compact = (amount: number) =>
  `€${(amount / 100_000).toLocaleString("en-GB", { maximumFractionDigits: 1 })}k`;

async function saved(page: Page, act: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return readFile(await download.path(), "utf8");
}

test("the chart says where MRR will be, with its interval, split and slice", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  const forecast = await demoApi.get<Forecast>("/forecast?horizon=6");
  const last = forecast.base.at(-1);
  if (!last) throw new Error("no forecast of the demo");
  await page.goto(`${demo.url}/clients/growth`);
  const chart = page
    .getByRole("region")
    .filter({ has: page.getByRole("radiogroup", { name: "Split" }) });
  await expect(chart).toContainText(`In six months: ${compact(last.p50)} of MRR`);
  // The same numbers as a table; a month to come opens its percentiles.
  await chart.getByRole("button", { name: "Show the table" }).click();
  const rows = chart.getByRole("table").getByRole("row");
  await expect(rows.last()).toContainText(Math.round(last.p50 / 100).toLocaleString("en-GB"));
  await rows.last().getByRole("button").click();
  const sheet = page.getByRole("dialog");
  await expect(sheet).toContainText("At least, with a chance of 85%");
  await page.keyboard.press("Escape");
  // As a file: amounts as numbers.
  const csv = await saved(page, async () => {
    await chart.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: /CSV/ }).click();
  });
  expect(csv).toContain(String(last.p50 / 100));
  await chart.getByRole("button", { name: "Show the chart" }).click();
  // By product the parts make up the whole.
  const split = await demoApi.get<Forecast>("/forecast?horizon=6&split=product");
  expect(split.parts.reduce((sum, part) => sum + part.nowCents, 0)).toBe(forecast.nowCents);
  await chart.getByRole("radio", { name: "Product" }).click();
  await expect(page).toHaveURL(/split=product/);
  for (const part of split.parts) await expect(chart).toContainText(part.key);
  // By stage too: what each pays today, and its part of the forecast.
  await chart.getByRole("radio", { name: "Stage" }).click();
  await expect(page).toHaveURL(/split=stage/);
  await expect(chart).toContainText("MRR by stage, today and in");
  await expect(chart).toContainText("Advocacy");
  // A slice of the page is in the address, and its figures are the API's.
  await page.getByRole("combobox", { name: "Segment" }).selectOption("PME");
  await expect(page).toHaveURL(/segment=PME/);
  const summary = await demoApi.get<{ mrrCents: number }>("/growth/summary?segment=PME");
  await expect(page.getByRole("region", { name: "Total MRR" })).toContainText(
    `€${Math.round(summary.mrrCents / 100).toLocaleString("en-GB")}`,
  );
});

test("a cell of the cohorts opens as many clients as it counts", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  const { items } = await demoApi.get<{ items: { clients: number }[] }>("/growth/cohorts");
  await page.goto(`${demo.url}/clients/growth?tab=forecast`);
  const cohorts = page.getByRole("region", { name: "Clients kept, by date of arrival" });
  const first = cohorts.getByRole("row").nth(1);
  await first.getByRole("button").first().click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByRole("listitem")).toHaveCount(items[0]?.clients ?? 0);
  await page.keyboard.press("Escape");
  const csv = await saved(page, async () => {
    await cohorts.getByRole("button", { name: "Export the cohorts" }).click();
    await page.getByRole("menuitem", { name: /CSV/ }).click();
  });
  expect(csv.trim().split("\r\n")).toHaveLength(items.length + 1);
});

test.describe("in a company of one's own", () => {
  let office: Office;
  test.beforeAll(async () => {
    office = await openOffice("objectives");
    await office.api.post("/clients", { externalId: "a", name: "Acme" });
    const start = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
    const line = { externalId: "s", clientExternalId: "a", product: "Suite", startDate: start };
    await office.api.post("/subscriptions", {
      ...line,
      amountCents: 100_000,
      knownAt: `${start}T08:00:00Z`,
    });
  });
  test.afterAll(async () => {
    await office?.essor.remove();
  });

  test("an objective is set, refused with a reason, deleted and taken back", async ({
    page,
    context,
    at,
    watch,
  }) => {
    watch.allow(/status of 422 .*\/growth\/objectives/);
    at.essor = office.essor;
    await signIn(context, office.essor, OWNER.email);
    await page.goto(`${office.essor.url}/clients/growth?tab=forecast`);
    await expect(
      page.getByText(/No forecast yet: \d months of history are missing/).first(),
    ).toBeVisible();
    await page.getByRole("button", { name: "Set an objective" }).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel(/^Name/).fill("A second client’s worth");
    await sheet.getByLabel(/^Target/).fill("1 000");
    await sheet.getByRole("button", { name: "Set the objective" }).click();
    await expect(sheet.getByText("The target is the start value already.")).toBeVisible();
    await sheet.getByLabel(/^Target/).fill("2 000");
    await sheet.getByRole("button", { name: "Set the objective" }).click();
    await expect(sheet).toHaveCount(0);
    const row = page.getByRole("button", { name: /A second client’s worth/ });
    await expect(row).toContainText("€1,000 of €2,000");
    await row.click();
    await sheet.getByRole("button", { name: "Delete" }).click();
    await expect(row).toHaveCount(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(row).toBeVisible();
    // It is reached by itself once the figure moves.
    await office.api.post("/clients", { externalId: "b", name: "Bolt" });
    const today = new Date().toISOString().slice(0, 10);
    const line = { externalId: "t", clientExternalId: "b", product: "Suite", startDate: today };
    await office.api.post("/subscriptions", { ...line, amountCents: 100_000 });
    await expect(row).toContainText("Reached", { timeout: 20_000 });
  });

  test("an objective for the NPS is set in its own scale, and follows the answers", async ({
    page,
    context,
    at,
  }) => {
    at.essor = office.essor;
    const answer = (id: string, score: number) => ({
      kind: "survey",
      messageId: id,
      clientExternalId: "a",
      occurredAt: new Date(Date.now() - 60_000).toISOString(),
      data: { survey: "nps", score },
    });
    await office.api.post("/signals", [answer("n1", 10), answer("n2", 6)]);
    await signIn(context, office.essor, OWNER.email);
    await page.goto(`${office.essor.url}/clients/growth?tab=forecast&objective=new`);
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel(/^Name/).fill("People who recommend us");
    await sheet.getByLabel(/^Metric/).selectOption({ label: "NPS over 90 days" });
    await sheet.getByLabel(/^Target.*−100 to 100/).fill("150");
    await sheet.getByRole("button", { name: "Set the objective" }).click();
    await expect(sheet.getByText(/Enter a number between [−-]100 and 100\./)).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await sheet.getByLabel(/^Target/).fill("40");
    await sheet.getByRole("button", { name: "Set the objective" }).click();
    await expect(sheet).toHaveCount(0);
    const row = page.getByRole("button", { name: /People who recommend us/ });
    await expect(row).toContainText("of 40");
    await office.api.post("/signals", [answer("n3", 9), answer("n4", 9), answer("n5", 9)]);
    await expect(row).toContainText("Reached", { timeout: 20_000 });
    await row.click();
    await sheet.getByRole("link", { name: "See the surveys" }).click();
    await expect(page).toHaveURL(/\/surveys$/);
  });

  test("spend and margin give the cost of a client", async ({ page, context, at }) => {
    at.essor = office.essor;
    await signIn(context, office.essor, OWNER.email);
    await page.goto(`${office.essor.url}/clients/growth?tab=forecast`);
    const card = page.getByRole("region", { name: "Acquisition spend" });
    await card.getByLabel("Gross margin (%)").fill("150");
    await card.getByRole("button", { name: "Save the spend" }).click();
    await expect(card.getByText("Enter a number between 0 and 100.")).toBeVisible();
    await card.getByLabel("Gross margin (%)").fill("80");
    await card
      .getByRole("textbox", { name: /^Spend of/ })
      .nth(1)
      .fill("450,50");
    await card
      .getByRole("textbox", { name: /^Spend of/ })
      .nth(2)
      .fill("600");
    await card.getByRole("button", { name: "Save the spend" }).click();
    await expect(page.getByText("Spend saved.")).toBeVisible();
    const { months, grossMarginPct } = await office.api.get<{
      months: { amountCents: number | null }[];
      grossMarginPct: number;
    }>("/growth/spend?months=3");
    expect(months.map((month) => month.amountCents)).toEqual([60_000, 45_050, null]);
    expect(grossMarginPct).toBe(80);
  });
});
