/** The first page: the day in a sentence, its figures, and what to do, each leading to what is behind it. */
import { cents, expect, test } from "../../harness/browser";

interface Opportunities {
  totals: Record<string, { clients: number; amountCents: number }>;
}
interface Moves {
  items: { key: string; clientName: string; expectedCents: number }[];
}

test("the cockpit says the day, and its figures are those of the API", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  const { retention } = (await demoApi.get<Opportunities>("/opportunities?limit=1")).totals;
  if (!retention) throw new Error("no totals");
  await page.goto(`${demo.url}/`);
  await expect(page).toHaveTitle("Cockpit · Essor");
  const sentence = page.getByRole("heading", { level: 1 });
  await expect(sentence).toContainText(`${retention.clients} clients to defend today`);
  const amount = /€[\d,]+/.exec((await sentence.textContent()) ?? "")?.[0] ?? "";
  expect(cents(amount)).toBe(Math.round(retention.amountCents / 100) * 100);

  // The most valuable first, and the best move is in the list.
  const day = page.getByRole("region", { name: /To do today/ });
  await expect(day.getByText(/^\+€[\d,]+$/).first()).toBeVisible();
  const worth = (await day.getByText(/^\+€[\d,]+$/).allTextContents()).map(cents);
  expect(worth.length).toBeGreaterThan(0);
  expect(worth).toEqual([...worth].sort((a, b) => b - a));
  const best = (await demoApi.get<Moves>("/growth/actions?limit=1")).items[0];
  if (!best) throw new Error("no move");
  await expect(day).toContainText(best.clientName);

  // A line of the week opens its movements, in the address; Back closes them.
  const line = page
    .getByRole("region", { name: /in seven days/ })
    .getByRole("button")
    .first();
  await line.click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page).toHaveURL(/moves=/);
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a task is finished from the cockpit, and taken back", async ({ demoPage: page, demo }) => {
  await page.goto(`${demo.url}/`);
  const day = page.getByRole("region", { name: /To do today/ });
  const done = day.getByRole("button", { name: "Mark as done" });
  await expect(done.first()).toBeVisible();
  const before = await done.count();
  await done.first().click();
  await expect(page.getByRole("status").getByText(/Task done/)).toBeVisible();
  await expect(done).toHaveCount(before - 1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(done).toHaveCount(before);
});
