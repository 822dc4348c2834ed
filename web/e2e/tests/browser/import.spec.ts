/** A file comes in, step by step, and goes out again; by keyboard, on a phone, and nothing for axe to find. */
import type { Page } from "@playwright/test";
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("import");
});
test.afterAll(async () => {
  await office?.essor.remove();
});
test.beforeEach(async ({ context, page, at }) => {
  at.essor = office.essor;
  // With a listener from the start the browser hands its dialogs over before any is opened: one that is
  // asked for in the same breath as the key press may come too late.
  page.on("filechooser", () => {});
  await signIn(context, office.essor, OWNER.email);
});

const csv = (text: string, name = "clients.csv") => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(text),
});

async function choose(page: Page, text: string) {
  // The button is reached and pressed by keyboard; the browser's own dialog opens from it.
  const button = page.getByRole("button", { name: "Choose a file" });
  await button.focus();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.keyboard.press("Enter"),
  ]);
  await chooser.setFiles(csv(text));
}

test("a file is asked about, tried, imported, and the same again changes nothing", async ({
  page,
}) => {
  const text =
    "id,name,since,seats\nc1,Ada & Co,03/04/2024,5\nc2,Beryl,05/06/2024,many\nc3,Coral,07/08/2024,9\n";
  await page.goto(`${office.essor.url}/clients/advanced`);
  await page.getByRole("link", { name: "Import a file" }).click();
  await expect(page).toHaveURL(/\/clients\/import/);
  expect(await violations(page)).toEqual([]);
  await choose(page, text);

  await expect(page).toHaveURL(/id=/);
  const check = page.getByRole("button", { name: "Check the file" });
  await expect(check).toBeDisabled();
  const question = page.getByRole("group", { name: /How are dates such as 03\/04\/2024/ });
  await question.getByRole("radio", { name: "Day first (31/12/2026)" }).check();
  await expect(page.getByRole("cell", { name: /many/ })).toContainText("is not a whole number");
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.setViewportSize({ width: 1280, height: 800 });

  await check.click();
  await expect(
    page.getByRole("heading", { name: "This is what the import would do" }),
  ).toBeVisible();
  await expect(page.getByText("Row 3")).toBeVisible();
  const [refused] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download the refused rows" }).click(),
  ]);
  expect(refused.suggestedFilename()).toMatch(/refused.*\.csv$/);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Import 2 rows" }).click();
  await expect(
    page.getByRole("status").filter({ hasText: "The import is finished" }),
  ).toBeVisible();
  expect(await violations(page)).toEqual([]);
  const { total } = await office.api.get<{ total: number }>("/clients?status=all");
  expect(total).toBe(2);

  await page.getByRole("button", { name: "Import another file" }).click();
  await choose(page, text);
  // What was answered for this kind of file is not asked again.
  await expect(
    page.getByText("Your choices for files like this one were taken over."),
  ).toBeVisible();
  await page.getByRole("button", { name: "Check the file" }).click();
  await expect(page.getByRole("button", { name: "Import 0 rows" })).toBeDisabled();
});

test("the list goes out as a file", async ({ page }) => {
  await page.goto(`${office.essor.url}/clients/advanced?tab=all&sort=name`);
  await page.getByRole("button", { name: "Import, export" }).click();
  await page.getByRole("menuitem", { name: "Export the list" }).click();
  const sheet = page.getByRole("dialog", { name: "Export clients" });
  await sheet.getByRole("radio", { name: /^CSV Commas/ }).check();
  expect(await violations(page)).toEqual([]);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    sheet.getByRole("button", { name: "Export" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("clients.csv");
});

test("what was imported is listed among the integrations", async ({ page }) => {
  const taken = await page.request.post(`${office.essor.url}/api/v1/imports?name=listed.csv`, {
    headers: { Origin: office.essor.url, "Content-Type": "application/octet-stream" },
    data: Buffer.from("id,name\nd1,Dune\n"),
  });
  expect(taken.status()).toBe(201);
  await page.goto(`${office.essor.url}/integrations`);
  const history = page.getByRole("region", { name: "Imports of files" });
  await expect(history.getByText("listed.csv")).toBeVisible();
  await expect(history.getByRole("link", { name: "Import a file" })).toBeVisible();
});
