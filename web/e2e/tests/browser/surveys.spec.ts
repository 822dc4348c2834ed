/** A survey is written, sent by links, answered by somebody outside, and its figures move. */
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("surveys");
  const { api } = office;
  await api.post("/clients", { externalId: "fjord", name: "Fjord Shipping", segment: "ETI" });
  await api.post("/contacts", [
    { externalId: "ada", name: "Ada Berg", email: "ada@fjord.example", clientExternalId: "fjord" },
    { externalId: "bo", name: "Bo Aas", email: "bo@fjord.example", clientExternalId: "fjord" },
  ]);
});

test.afterAll(async () => office.essor.remove());

test("from the question to the figure", async ({ page, context, at, browser }) => {
  const { essor } = office;
  at.essor = essor;
  await signIn(context, essor, OWNER.email);
  await page.goto(`${essor.url}/surveys`);
  await expect(page.getByText("No survey yet")).toBeVisible();
  await page.getByRole("button", { name: "Create a survey" }).click();
  await page.getByLabel("Name").fill("Spring NPS");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Spring NPS", level: 1 })).toBeAttached();

  await page.getByRole("button", { name: "Send", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "Send the survey" });
  await expect(sheet.getByText("0 people will be asked")).toBeVisible();
  await expect(sheet.getByText("Sending by e-mail is not set up")).toBeVisible();
  await sheet.getByLabel(/Also ask those who have said nothing/).check();
  await expect(sheet.getByText("2 people will be asked")).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await sheet.getByRole("button", { name: "Make 2 links" }).click();

  const links = page.getByRole("dialog", { name: "Links to hand over" });
  const link = await links.getByLabel("Link of Ada Berg").inputValue();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");

  // Somebody outside: no account, their own browser, a phone.
  for (const colorScheme of ["light", "dark"] as const) {
    const outside = await browser.newContext({
      colorScheme,
      locale: "fr-FR",
      viewport: { width: 360, height: 740 },
    });
    const answer = await outside.newPage();
    await answer.goto(`${link}?score=9`);
    await expect(answer.getByRole("heading", { level: 1 })).toContainText("probabilité");
    await expect(answer.getByRole("radio", { name: "9" })).toBeChecked();
    expect(await violations(answer)).toEqual([]);
    const wide = await answer.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wide).toBe(0);
    await answer.screenshot({ path: `.out/surveys-answer-${colorScheme}.png`, fullPage: true });
    if (colorScheme === "dark") {
      await answer.getByRole("link", { name: "English" }).click();
      await answer.getByRole("radio", { name: "10", exact: true }).check();
      await answer.getByRole("textbox").fill("Quick answers, kind people.");
      await answer.getByRole("button", { name: "Send my answer" }).click();
      await expect(answer.getByRole("heading", { level: 1 })).toHaveText(
        "Thank you for your answer",
      );
      expect(await violations(answer)).toEqual([]);
    }
    await outside.close();
  }

  // The page moves by itself, and each figure opens who is behind it.
  await expect(page.getByText("Quick answers, kind people.")).toBeVisible({ timeout: 15_000 });
  await page.getByRole("button", { name: /^NPS, / }).click();
  await page.getByRole("dialog").getByRole("link", { name: "Promoters" }).click();
  const people = page.getByRole("dialog", { name: "Behind this figure" });
  await expect(people.getByRole("link", { name: "Fjord Shipping" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await violations(page)).toEqual([]);
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wide).toBe(0);
    await page.screenshot({ path: `.out/surveys-${width}.png`, fullPage: true });
  }
});

test("one person is asked from the client's page", async ({ page, context, at, watch }) => {
  // Who was asked lately is refused.
  watch.allow(/status of 422 .*\/api\/v1\/surveys\//);
  const { essor, api } = office;
  at.essor = essor;
  await api.post("/contacts", {
    externalId: "cleo",
    name: "Cleo Dahl",
    clientExternalId: "fjord",
  });
  await api.post("/surveys", { name: "After onboarding", kind: "ces" });
  const clients = await api.get<{ items: { id: string }[] }>("/clients");
  await signIn(context, essor, OWNER.email);
  await page.goto(`${essor.url}/clients/${clients.items[0]?.id}`);
  await page.getByRole("button", { name: "Send a survey" }).click();
  const sheet = page.getByRole("dialog", { name: "Send a survey" });
  await sheet.getByLabel("Contact").selectOption({ label: "Bo Aas" });
  await sheet.getByRole("button", { name: "Make the link" }).click();
  await expect(sheet.getByText(/cannot be asked/)).toBeVisible();
  await sheet.getByLabel("Contact").selectOption({ label: "Cleo Dahl" });
  await sheet.getByRole("button", { name: "Make the link" }).click();
  await expect(sheet.getByLabel("Personal link to hand over")).toHaveValue(/\/s\//);
  expect(await violations(page)).toEqual([]);
});
