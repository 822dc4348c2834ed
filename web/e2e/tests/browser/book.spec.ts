/** A whole book: what could still be sold in it, how it is searched, how it goes to a colleague and comes back. */
import type { Page } from "@playwright/test";
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("book");
  const clients = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      externalId: `${prefix}-${i}`,
      name: `${prefix} ${String(i + 1).padStart(2, "0")}`,
      segment: "Enterprise",
      owner: prefix === "Both" ? "Former Colleague" : undefined,
    }));
  const lines = (prefix: string, count: number, product: string, amountCents: number) =>
    Array.from({ length: count }, (_, i) => ({
      externalId: `${prefix}-${i}-${product}`,
      clientExternalId: `${prefix}-${i}`,
      product,
      amountCents,
      period: "month",
      startDate: "2026-01-01",
    }));
  await office.api.post("/clients", [
    ...clients("Both", 20),
    ...clients("Crm", 6),
    ...clients("Desk", 20),
  ]);
  await office.api.post("/subscriptions", [
    ...lines("Both", 20, "CRM", 50_000),
    ...lines("Both", 20, "Analytics", 20_000),
    ...lines("Crm", 6, "CRM", 50_000),
    ...lines("Desk", 20, "Desk", 9_000),
  ]);
  await office.api.post("/contacts", [
    {
      externalId: "p1",
      clientExternalId: "Desk-3",
      name: "Marie Dupont",
      email: "marie@desk.example",
    },
  ]);
});
test.afterAll(async () => {
  await office?.essor.remove();
});
test.beforeEach(async ({ context, at }) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
});

const clean = async (page: Page) => expect(await violations(page)).toEqual([]);

test("the matrix opens the evidence behind a suggestion", async ({ page }) => {
  await page.goto(`${office.essor.url}/clients/growth?tab=opportunities`);
  await page.getByRole("radio", { name: "Product matrix" }).click();
  await expect(page).toHaveURL(/shown=matrix/);
  const grid = page.getByRole("grid", { name: "Clients and products" });
  await expect(grid.getByRole("row").nth(1)).toBeVisible();
  const products = page.getByRole("table", { name: "Products" });
  await expect(products.getByRole("row", { name: /Analytics/ })).toContainText("43%");
  await clean(page);
  await products.getByRole("button", { name: /Analytics: see the 6 clients/ }).click();
  await expect(page).toHaveURL(/suggested=Analytics/);
  await grid
    .getByRole("button", { name: /Analytics at Crm/ })
    .first()
    .press("Enter");
  const why = page.getByRole("dialog", { name: "Why offer Analytics?" });
  await expect(why).toContainText("20 of 26 Enterprise clients who have CRM also have Analytics");
  await clean(page);
});

test("a client is found by somebody who works there", async ({ page }) => {
  await page.goto(`${office.essor.url}/clients/advanced?tab=all&q=dupont`);
  const grid = page.getByRole("grid", { name: "Clients" });
  await expect(grid.getByText("Contact: Marie Dupont (marie@desk.example)")).toBeVisible();
  await expect(grid).toHaveAttribute("aria-rowcount", "2");
});

test("a book goes to a colleague and comes back", async ({ page }) => {
  await page.goto(`${office.essor.url}/clients/advanced?tab=all`);
  await page.getByRole("button", { name: "Import, export" }).click();
  await page.getByRole("menuitem", { name: "Reassign a portfolio" }).click();
  const sheet = page.getByRole("dialog", { name: "Reassign a portfolio" });
  await sheet.getByLabel("Whose clients").selectOption("Former Colleague");
  await sheet.getByRole("checkbox").first().check();
  await expect(sheet).toContainText("20 clients, €14,000 of MRR");
  await clean(page);
  await sheet.getByRole("button", { name: "Reassign 20 clients" }).click();
  await expect(page.getByText("20 clients of Former Colleague reassigned")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Undone: 20 clients are as before.")).toBeVisible();
});
