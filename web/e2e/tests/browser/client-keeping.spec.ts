/** Duplicates become one client, the trash gives back, files are kept, and what is erased leaves a proof. */
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("client-keeping");
  const { api } = office;
  await api.post("/clients", { externalId: "nord", name: "Nordlys Shipping", segment: "SMB" });
  await api.post("/clients", {
    externalId: "nord-2",
    name: "Nordlys Shipping AS",
    domain: "nordlys.example",
    segment: "Mid",
  });
  await api.post("/clients", { externalId: "twin", name: "Nordlys Shiping", segment: "Large" });
  await api.post("/contacts", {
    externalId: "ada",
    clientExternalId: "nord",
    name: "Ada Lovelace",
    email: "ada@nordlys.example",
  });
  for (const [externalId, clientExternalId, amountCents] of [
    ["s1", "nord", 10_000],
    ["s2", "twin", 2_300],
  ] as const) {
    await api.post("/subscriptions", {
      externalId,
      clientExternalId,
      product: "Suite",
      startDate: "2026-01-01",
      amountCents,
    });
  }
});
test.afterAll(async () => {
  await office?.essor.remove();
});

test("two clients are compared field by field and become one", async ({ page, context, at }) => {
  at.essor = office.essor;
  const { id } = await office.api.client("nord");
  await signIn(context, office.essor, OWNER.email);
  await page.goto(`${office.essor.url}/clients/${id}`);
  await page.getByRole("button", { name: "Compare" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: /Nordlys Shiping/ }).click();
  const segment = sheet.getByRole("group", { name: "Segment" });
  await segment.getByRole("radio").nth(1).check();
  await expect(sheet.getByText("Subscriptions")).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await sheet.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(sheet).toHaveCount(0);
  const after = await office.api.get<{ mrrCents: number; segment: string; name: string }>(
    `/clients/${id}`,
  );
  expect(after).toMatchObject({ mrrCents: 12_300, segment: "Large", name: "Nordlys Shipping" });
});

test("a client goes to the trash and comes back whole", async ({ page, context, at }) => {
  at.essor = office.essor;
  const { id } = await office.api.client("nord");
  await signIn(context, office.essor, OWNER.email);
  await page.goto(`${office.essor.url}/clients/${id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Move to the trash" }).click();
  await expect(page.getByText(/in the trash since/)).toBeVisible();
  await page.goto(`${office.essor.url}/settings/trash`);
  await expect(page.getByRole("link", { name: "Nordlys Shipping" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Take out of the trash" }).click();
  await expect(page.getByText("The trash is empty")).toBeVisible();
  const after = await office.api.get<{ mrrCents: number }>(`/clients/${id}`);
  expect(after.mrrCents).toBe(12_300);
});

test("a file is brought, saved, and taken away with a way back", async ({ page, context, at }) => {
  at.essor = office.essor;
  const { id } = await office.api.client("nord");
  await signIn(context, office.essor, OWNER.email);
  await page.goto(`${office.essor.url}/clients/${id}?tab=files`);
  await page.locator("input[type=file]").setInputFiles({
    name: "contract.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("signed"),
  });
  const main = page.getByRole("main");
  await expect(main.getByText("contract.txt", { exact: true })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  const saved = page.waitForEvent("download");
  await main.getByRole("link", { name: "Download contract.txt" }).click();
  expect((await saved).suggestedFilename()).toBe("contract.txt");
  await main.getByRole("button", { name: "Delete contract.txt" }).click();
  await expect(main.getByText("No files")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(main.getByText("contract.txt", { exact: true })).toBeVisible();
});

test("a person is erased by their name, with a certificate", async ({ page, context, at }) => {
  at.essor = office.essor;
  const { id } = await office.api.client("nord");
  await signIn(context, office.essor, OWNER.email);
  await page.goto(`${office.essor.url}/clients/${id}?tab=contacts`);
  await page.getByRole("button", { name: "Edit Ada Lovelace" }).click();
  await page.getByRole("button", { name: "Erase for good" }).click();
  const dialog = page.getByRole("dialog", { name: "Erase Ada Lovelace for good" });
  await dialog.getByLabel("To confirm, type Ada Lovelace").fill("Ada");
  await dialog.getByRole("button", { name: "Erase for good" }).click();
  await expect(dialog.getByText(/This is not the name/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await dialog.getByLabel("To confirm, type Ada Lovelace").fill("Ada Lovelace");
  await dialog.getByRole("button", { name: "Erase for good" }).click();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the certificate" }).click();
  expect((await saved).suggestedFilename()).toMatch(/^erasure-.*\.json$/);
  await page.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByText("No contact", { exact: true })).toBeVisible();
  await page.goto(`${office.essor.url}/settings/trash`);
  await expect(page.getByText("A person")).toBeVisible();
  await page.getByRole("button", { name: "Allow the return" }).click();
  await expect(page.getByText("return allowed")).toBeVisible();
});
