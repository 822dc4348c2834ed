/** A client's page is worked on: two people edit it at once, notes name members, people and their consent. */
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("client-page");
  await office.api.post("/clients", { externalId: "acme", name: "Acme", segment: "SMB" });
  const people = ["--email", "bo@nordlys.example", "--name", "Bo Aas", "--role", "member"];
  await office.essor.run(["user", "create", ...people]);
});
test.afterAll(async () => {
  await office?.essor.remove();
});

test("the second of two editors is shown the difference, and nothing is lost", async ({
  browser,
  page,
  context,
  at,
}) => {
  at.essor = office.essor;
  const { id } = await office.api.client("acme");
  const address = `${office.essor.url}/clients/${id}`;
  await signIn(context, office.essor, OWNER.email);
  const other = await browser.newContext({ locale: "en-GB" });
  await signIn(other, office.essor, "bo@nordlys.example");
  const second = await other.newPage();

  for (const tab of [page, second]) {
    await tab.goto(address);
    await tab.getByRole("button", { name: "Edit", exact: true }).click();
    await expect(tab.getByRole("dialog").getByLabel("Segment")).toHaveValue("SMB");
  }
  const mine = page.getByRole("dialog");
  await mine.getByLabel("Segment").fill("Enterprise");
  await mine.getByLabel("Country").fill("NO");
  await mine.getByRole("button", { name: "Save" }).click();
  await expect(mine).toHaveCount(0);

  const theirs = second.getByRole("dialog");
  await theirs.getByLabel("Segment").fill("Mid-market");
  await theirs.getByLabel("Industry").fill("Shipping");
  await theirs.getByRole("button", { name: "Save" }).click();
  await expect(
    theirs.getByText("Somebody changed this client while you were editing"),
  ).toBeVisible();
  // Both changed the segment: a choice. The country was changed by the other alone: kept.
  const segment = theirs.getByRole("group", { name: "Segment" });
  await expect(segment.getByText("Mid-market")).toBeVisible();
  await expect(segment.getByText("Enterprise")).toBeVisible();
  await expect(theirs.getByText("NO", { exact: true })).toBeVisible();
  await segment.getByRole("radio").nth(1).check();
  await theirs.getByRole("button", { name: "Save all of it" }).click();
  await expect(theirs).toHaveCount(0);
  const after = await office.api.get<{ editable: Record<string, unknown> }>(`/clients/${id}`);
  expect(after.editable).toMatchObject({
    segment: "Enterprise",
    country: "NO",
    industry: "Shipping",
  });
  await other.close();
});

test("a note names a member and is taken back; HTML in it stays text", async ({
  page,
  context,
  at,
}) => {
  at.essor = office.essor;
  const { id } = await office.api.client("acme");
  await signIn(context, office.essor, OWNER.email);
  await page.goto(`${office.essor.url}/clients/${id}?tab=timeline`);
  await page.getByRole("button", { name: "Write a note" }).click();
  const text = page.getByLabel("Note", { exact: true });
  await text.fill("**Renewal** <img src=x onerror=alert(1)> ask @Bo");
  await page.getByRole("button", { name: "@Bo Aas" }).click();
  await page.getByRole("button", { name: "Add the note" }).click();
  const stream = page.getByRole("main");
  await expect(stream.locator("strong", { hasText: "Renewal" })).toBeVisible();
  await expect(stream.getByText("<img src=x onerror=alert(1)>")).toBeVisible();
  await expect(stream.getByText("@Bo Aas")).toBeVisible();
  await page.getByRole("button", { name: "Delete the note" }).click();
  await expect(stream.locator("strong", { hasText: "Renewal" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(stream.locator("strong", { hasText: "Renewal" })).toBeVisible();
});

test("a person is added, consents and is removed with a way back", async ({
  page,
  context,
  at,
}) => {
  at.essor = office.essor;
  const { id } = await office.api.client("acme");
  await signIn(context, office.essor, OWNER.email);
  await page.goto(`${office.essor.url}/clients/${id}?tab=contacts`);
  await page.getByRole("button", { name: "Add a contact" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Name").fill("Grace Hopper");
  await sheet.getByLabel("Role").selectOption("decision_maker");
  await sheet.getByLabel("Consent to be contacted").selectOption("given");
  await sheet.getByRole("button", { name: "Add the contact" }).click();
  await expect(sheet).toHaveCount(0);
  const people = page.getByRole("main");
  await expect(people.getByText("Grace Hopper").first()).toBeVisible();
  await expect(people.getByText(/^given on /).first()).toBeVisible();
  await page.getByRole("button", { name: "Edit Grace Hopper" }).first().click();
  await sheet.getByRole("button", { name: "Remove the contact" }).click();
  const removed = page.getByRole("status").filter({ hasText: "removed" });
  await expect(people).toBeVisible();
  await expect(people.getByText("Grace Hopper")).toHaveCount(0);
  await removed.getByRole("button", { name: "Undo" }).click();
  await expect(people.getByText("Grace Hopper").first()).toBeVisible();
});
