/** A client's page: its facts are the API's, its tabs have addresses, its score is explained. */
import type { ClientItem } from "../../harness/api";
import { cents, expect, test } from "../../harness/browser";

interface Health {
  score: number | null;
  factors: { component: string; score: number | null; weight: number | null }[];
  caps: { cap: number }[];
}

const TABS = [
  "Overview",
  "Journey",
  "Health",
  "Usage",
  "Subscriptions",
  "Opportunities",
  "Tasks",
  "Tickets",
  "Contacts",
  "Files",
  "Timeline",
  "Data",
] as const;
const CHAPTER = "Where does this number come from?";

test("facts, score and MRR are those of the API, and open", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  const { items } = await demoApi.get<{ items: ClientItem[] }>(
    "/clients?status=active&sort=health",
  );
  const worst = items.find((item) => item.health !== null);
  if (!worst) throw new Error("no client with a score");
  const health = await demoApi.get<Health>(`/clients/${worst.id}/health?days=90`);
  expect(health.score).toBe(worst.health);
  await page.goto(`${demo.url}/clients/${worst.id}`);
  await expect(page.getByRole("heading", { level: 1, name: worst.name })).toBeVisible();
  const facts = page.getByRole("group", { name: "Key facts" });
  await expect(facts).toContainText(`Health ${worst.health} out of 100`);
  await expect(facts).toContainText(`€${Math.round(worst.mrrCents / 100).toLocaleString("en-GB")}`);

  // The score is its parts, weighted, under the caps that hold.
  const known = health.factors.filter((factor) => factor.score !== null);
  const weights = known.reduce((sum, factor) => sum + (factor.weight ?? 0), 0);
  expect(weights).toBeCloseTo(1, 3);
  const mean = known.reduce((sum, f) => sum + (f.score ?? 0) * (f.weight ?? 0), 0);
  const score = Math.min(mean, ...health.caps.map((cap) => cap.cap));
  expect(Math.abs(score - (worst.health ?? 0))).toBeLessThanOrEqual(1);

  await facts.getByRole("button", { name: CHAPTER }).first().click();
  const door = page.getByRole("dialog", { name: CHAPTER });
  await expect(door.locator("dd").last()).toHaveText(String(worst.health));
  await page.keyboard.press("Escape");
  await expect(door).toBeHidden();

  await facts.getByRole("button", { name: CHAPTER }).nth(1).click();
  // Written in whole euros: each part may be off by half of one. The parts come after the total.
  const beyond = async () => {
    const parts = (await door.locator("dd").allTextContents()).map(cents);
    const total = parts.pop() ?? Number.NaN;
    return Math.abs(parts.reduce((a, b) => a + b, 0) - total) - 50 * (parts.length + 1);
  };
  await expect.poll(beyond).toBeLessThanOrEqual(0);
  await door.getByRole("link", { name: "See the subscriptions" }).click();
  await expect(page).toHaveURL(/tab=subscriptions/);
});

test("each tab has its address and opens by it", async ({ demoPage: page, demo, demoApi }) => {
  const { items } = await demoApi.get<{ items: ClientItem[] }>("/clients?status=active&sort=-mrr");
  const client = items[0];
  if (!client) throw new Error("no client");
  await page.goto(`${demo.url}/clients/${client.id}`);
  const tabs = page.getByRole("navigation", { name: "Parts of the page" });
  await expect(tabs.getByRole("link")).toHaveCount(TABS.length);
  for (const tab of TABS) {
    const link = tabs.getByRole("link", { name: new RegExp(`^${tab}`) });
    await link.click();
    await expect(link).toHaveAttribute("aria-current", "page");
    if (tab !== "Overview") await expect(page).toHaveURL(new RegExp(`tab=${tab.toLowerCase()}`));
    await expect(page.getByRole("main").getByRole("heading", { level: 2 }).first()).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  }
  await page.goBack();
  await expect(tabs.getByRole("link", { name: "Timeline" })).toHaveAttribute(
    "aria-current",
    "page",
  );
  await page.reload();
  await expect(tabs.getByRole("link", { name: "Timeline" })).toHaveAttribute(
    "aria-current",
    "page",
  );
});

test("usage and contacts are those of the API", async ({ demoPage: page, demo, demoApi }) => {
  const { items } = await demoApi.get<{ items: ClientItem[] }>("/clients?status=active&sort=-mrr");
  const client = items[0];
  if (!client) throw new Error("no client");
  const usage = await demoApi.usage(client.id);
  const total = usage.events.reduce((sum, event) => sum + event.count, 0);
  expect(usage.days.reduce((sum, day) => sum + day.count, 0)).toBe(total);
  await page.goto(`${demo.url}/clients/${client.id}?tab=usage`);
  await expect(
    page.getByRole("heading", { name: `${total.toLocaleString("en-GB")} events in 90 days` }),
  ).toBeVisible();
  const first = usage.events[0];
  if (!first) throw new Error("no event");
  await expect(page.getByRole("row", { name: new RegExp(first.event) })).toContainText(
    first.count.toLocaleString("en-GB"),
  );
  const contacts = await demoApi.contacts(client.id);
  await page.goto(`${demo.url}/clients/${client.id}?tab=contacts`);
  await expect(
    page.getByRole("heading", {
      name: `${contacts.length} contact${contacts.length > 1 ? "s" : ""}`,
    }),
  ).toBeVisible();
  for (const contact of contacts.slice(0, 3)) {
    await expect(
      page.getByRole("main").getByText(contact.name ?? "", { exact: true }),
    ).toBeVisible();
  }
});

test("a client that left is shown as it was", async ({ demoPage: page, demo, demoApi }) => {
  const { items } = await demoApi.get<{ items: ClientItem[] }>("/clients?status=churned");
  const gone = items[0];
  if (!gone) throw new Error("nobody left");
  await page.goto(`${demo.url}/clients/${gone.id}`);
  const facts = page.getByRole("group", { name: "Key facts" });
  await expect(facts).toContainText("Churned");
  await expect(facts).toContainText("frozen on leaving");
});
