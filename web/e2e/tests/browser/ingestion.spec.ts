/** The page of sources: a key, what to paste, what was set aside and how it is mended. */
import { send } from "../../harness/api";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

test.describe.configure({ mode: "serial" });

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("ingestion");
});
test.afterAll(async () => {
  await office?.essor.remove();
});
test.beforeEach(async ({ context, at }) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
});

test("a source gets a key, shown once, and an example that holds it", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], {
    origin: office.essor.url,
  });
  await page.goto(`${office.essor.url}/integrations`);
  await page.getByRole("button", { name: "Connect a source" }).first().click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: "Create the key" }).click();
  await expect(sheet.getByLabel("Name of the source")).toHaveAttribute("aria-invalid", "true");
  await sheet.getByLabel("Name of the source").fill("Mobile app");
  await sheet.getByRole("button", { name: "Create the key" }).click();
  await expect(sheet.getByText("This key is shown only once")).toBeVisible();
  const key = (await sheet.getByLabel("Write key").inputValue()).trim();
  expect(key.length).toBeGreaterThan(20);

  for (const way of ["Segment, Node SDK", "RudderStack, Node SDK", "curl, events"]) {
    await sheet.getByLabel("Way of sending").selectOption({ label: way });
    const code = sheet.getByRole("group", { name: way });
    await expect(code).toContainText(key);
    await expect(code).toContainText(office.essor.url);
    const text = await code.textContent();
    // The button of this very example; the key above has its own.
    await code.locator("..").getByRole("button", { name: /^Cop/ }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  }

  await sheet.getByRole("button", { name: "Key kept, close" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const row = page.getByRole("row", { name: /Mobile app/ });
  await expect(row).toContainText("Nothing received");
  // What it sends appears, without a reload.
  const body = JSON.stringify({
    messageId: "first",
    userId: "ada",
    event: "Opened",
    context: { groupId: "first-client" },
  });
  expect((await send(office.essor.url, key, "/v1/track", body)).status).toBe(200);
  await expect(row).not.toContainText("Nothing received");
});

test("a bad event is set aside with its reason; mended, it takes its place", async ({ page }) => {
  await page.goto(`${office.essor.url}/integrations?tab=quarantine`);
  await expect(page.getByText("All is well")).toBeVisible();
  const at = new Date();
  const event = { type: "track", userId: "bea", context: { groupId: "mended" }, event: "Opened" };
  const batch = [
    { ...event, messageId: "good-1", timestamp: at.toISOString() },
    { ...event, messageId: "bad-1", timestamp: "the day before yesterday" },
    { ...event, messageId: "bad-2", event: "" },
  ];
  const { body } = await send(
    office.essor.url,
    office.writeKey,
    "/v1/batch",
    JSON.stringify({ batch }),
  );
  expect(body).toMatchObject({ accepted: 1, quarantined: 2 });

  // The open page is told.
  const items = page.getByRole("main").getByRole("listitem");
  const bad = items.filter({ hasText: "the day before yesterday" }).first();
  await expect(
    bad.getByRole("heading", { name: /The date “the day before yesterday” cannot be read/ }),
  ).toBeVisible();
  await expect(
    page.getByRole("navigation", { name: "Parts of the page" }).getByRole("link", {
      name: "Quarantine 2",
    }),
  ).toBeVisible();

  // As it is, it is refused again and says why.
  await bad.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(bad.getByText(/Still refused/)).toBeVisible();

  await bad.getByRole("button", { name: "Correct" }).click();
  const sheet = page.getByRole("dialog", { name: "Correct the record" });
  const record = sheet.getByRole("textbox", { name: "Record received" });
  const text = await record.inputValue();
  await record.fill(text.replace('"the day before yesterday"', ""));
  await sheet.getByRole("button", { name: "Correct and replay" }).click();
  await expect(sheet.getByText("The text is not valid JSON.")).toBeVisible();
  await record.fill(text.replace("the day before yesterday", at.toISOString()));
  await sheet.getByRole("button", { name: "Correct and replay" }).click();
  await expect(page.getByText("Record accepted.")).toBeVisible();
  await expect(bad).toHaveCount(0);
  await expect.poll(() => office.api.counts("mended")).toEqual({ Opened: 2 });
});

test("a record that is dropped can be taken back, then is gone", async ({ page }) => {
  await page.goto(`${office.essor.url}/integrations?tab=quarantine`);
  const item = page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ hasText: "The event name is missing." })
    .first();
  await item.getByRole("button", { name: "Drop" }).click();
  await expect(item).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(item).toBeVisible();
  expect(await office.api.quarantine()).toHaveLength(1);
  await item.getByRole("button", { name: "Drop" }).click();
  await page.getByRole("status").getByRole("button", { name: "Close" }).click();
  await expect.poll(() => office.api.quarantine()).toHaveLength(0);
  await expect(page.getByText("All is well")).toBeVisible();
});

test("a key that is revoked is refused from then on", async ({ page }) => {
  await page.goto(`${office.essor.url}/integrations`);
  await page.getByRole("button", { name: "Revoke the key Website" }).click();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: "Revoke the key" })
    .click();
  await expect(page.getByRole("row", { name: /Website/ })).toContainText("Revoked");
  const { status } = await send(office.essor.url, office.writeKey, "/v1/track", "{}");
  expect(status).toBe(401);
});
