/** From the best next move to a task that is done; a decision taken and taken back; the bell. */
import { cents, expect, test } from "../../harness/browser";

interface Opportunity {
  id: string;
  clientName: string;
  expectedCents: number;
  amountCents: number | null;
  state: string;
}
interface Page {
  items: Opportunity[];
  total: number;
  totals: Record<string, { expectedCents: number; count: number }>;
}

test("a move is done in one click, and undone in another", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  const moves = await demoApi.get<{
    items: { key: string; clientName: string; opportunity?: Opportunity }[];
    expectedCents: number;
  }>("/growth/actions");
  const first = moves.items[0];
  if (!first?.opportunity) throw new Error("no move on an opportunity");
  await page.goto(`${demo.url}/clients/growth`);
  const card = page.getByRole("region", { name: /best moves/ });
  await expect(card.getByRole("listitem")).toHaveCount(moves.items.length);
  const row = card.getByRole("listitem").first();
  await expect(row).toContainText(first.clientName);

  await row.getByRole("button", { name: /Schedule the (call|talk)|Prepare the offer/ }).click();
  const toast = page.getByRole("status").getByText(/Task created/);
  await expect(toast).toBeVisible();
  const path = `/opportunities/${first.opportunity.id}`;
  expect((await demoApi.get<Opportunity>(path)).state).toBe("accepted");
  await expect(card).not.toContainText(first.clientName);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card).toContainText(first.clientName);
  expect((await demoApi.get<Opportunity>(path)).state).toBe("open");
});

test("a filter says the same in the lists, the moves and the count of the tab", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  interface Facets {
    segments: { value: string }[];
    products: { value: string }[];
  }
  const facets = await demoApi.get<Facets>("/clients/facets");
  const whole = (await demoApi.get<Page>("/opportunities?limit=1")).total;
  const segment = encodeURIComponent(facets.segments[0]?.value ?? "");
  const product = encodeURIComponent(facets.products.at(-1)?.value ?? "");
  for (const part of [`segment=${segment}`, `product=${product}`, "owner=-"]) {
    const of = await demoApi.get<Page>(`/opportunities?${part}&limit=1`);
    const moves = await demoApi.get<Page>(`/growth/actions?${part}`);
    expect(of.total).toBeLessThan(whole);
    await page.goto(`${demo.url}/clients/growth?${part}`);
    const tab = page.getByRole("link", { name: /^Opportunities/ });
    await expect(tab).toContainText(of.total.toLocaleString("en-GB"));
    for (const [list, name] of [
      ["expansion", "Immediate expansion"],
      ["retention", "Critical retention"],
      ["conversation", "Ready for a conversation"],
    ] as const) {
      const card = page.getByRole("region", { name, exact: true });
      const { count } = of.totals[list] ?? { count: 0 };
      const all = card.getByRole("link", { name: /^See (the|all)/ });
      if (count > 1) await expect(all).toContainText(count.toLocaleString("en-GB"));
      else await expect(all).toHaveCount(count);
    }
    const best = page.getByRole("region", { name: /best move|Nothing urgent/ });
    await expect(best.getByRole("listitem")).toHaveCount(moves.items.length);
    for (const move of moves.items) await expect(best).toContainText(move.clientName);

    // The tab keeps the filter, and its list is as long as it said.
    await tab.click();
    await expect(page).toHaveURL(new RegExp(`${part.split("=")[0]}=`));
    await expect(page.getByRole("region", { name: "Opportunities", exact: true })).toContainText(
      of.total === 1 ? "1 opportunity" : `${of.total.toLocaleString("en-GB")} opportunities`,
    );
  }
});

test("the totals of the lists are the sums of their rows", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  const all = await demoApi.get<Page>("/opportunities?limit=200");
  for (const list of ["expansion", "retention", "conversation"]) {
    const rows = await demoApi.get<Page>(`/opportunities?limit=200&list=${list}`);
    expect(rows.total).toBe(rows.items.length);
    const sum = rows.items.reduce((total, row) => total + row.expectedCents, 0);
    expect(all.totals[list]?.expectedCents).toBe(sum);
  }
  await page.goto(`${demo.url}/clients/growth?tab=opportunities`);
  const door = page.getByRole("button", { name: /^Immediate expansion, / });
  expect(cents((await door.textContent())?.match(/€[\d,]+/)?.[0] ?? "")).toBe(
    Math.round((all.totals.expansion?.expectedCents ?? 0) / 100) * 100,
  );
  await door.click();
  await page
    .getByRole("dialog")
    .getByRole("link", { name: /opportunit/ })
    .click();
  await expect(page).toHaveURL(/list=expansion/);
});

test("an opportunity is dismissed with its reason, and comes back", async ({
  demoPage: page,
  demo,
  demoApi,
}) => {
  const { items } = await demoApi.get<Page>("/opportunities?state=open&list=conversation&limit=1");
  const one = items[0];
  if (!one) throw new Error("no opportunity");
  await page.goto(`${demo.url}/clients/growth?tab=opportunities&opportunity=${one.id}`);
  const sheet = page.getByRole("dialog", { name: "Why this opportunity?" });
  await expect(sheet).toContainText(one.clientName);
  await sheet.getByRole("button", { name: `Decide for ${one.clientName}` }).click();
  await page.getByRole("menuitem", { name: "Dismiss" }).click();
  const form = page.getByRole("dialog", { name: "Dismiss the opportunity" });
  await form.getByRole("button", { name: "Dismiss" }).click();
  await expect(form.getByRole("alert")).toBeVisible();
  await form.getByRole("combobox").selectOption("bad_timing");
  await form.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByText(`Opportunity dismissed: ${one.clientName}.`)).toBeVisible();
  expect((await demoApi.get<Opportunity>(`/opportunities/${one.id}`)).state).toBe("dismissed");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect
    .poll(async () => (await demoApi.get<Opportunity>(`/opportunities/${one.id}`)).state)
    .toBe("open");
});

test("a task is written, done by keyboard and taken back", async ({ demoPage: page, demo }) => {
  await page.goto(`${demo.url}/tasks`);
  await expect(page.getByRole("heading", { level: 1, name: "My day" })).toBeVisible();
  await page.keyboard.press("n");
  const form = page.getByRole("dialog", { name: "Create a task" });
  await form.getByLabel("To do").fill("Ring the bell twice");
  await form.getByRole("button", { name: "Create the task" }).click();
  await expect(form).toHaveCount(0);
  const title = page.getByRole("button", { name: "Edit: Ring the bell twice" });
  await expect(title).toBeVisible();
  await title.focus();
  await page.keyboard.press("x");
  await expect(title).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(title).toBeVisible();
  await title.click();
  await page.getByRole("button", { name: "Delete the task" }).click();
  await expect(title).toHaveCount(0);
});

test("the bell tells, and is read", async ({ demoPage: page, demo, demoApi }) => {
  await page.goto(`${demo.url}/clients/growth`);
  const bell = page.getByRole("button", { name: /^Notifications/ });
  await bell.click();
  const sheet = page.getByRole("dialog", { name: "Notifications" });
  await expect(sheet.getByRole("heading", { name: "To do" })).toBeVisible();
  await sheet.getByRole("button", { name: "Mark all as read" }).click();
  await expect(sheet.getByRole("button", { name: "Mark all as read" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await sheet.getByRole("button", { name: "Choose what I am told" }).click();
  await expect(sheet.getByRole("switch")).toHaveCount(9);
  expect(await demoApi.get<object>("/opportunities/settings")).toBeTruthy();
});
