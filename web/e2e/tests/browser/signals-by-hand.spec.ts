/** What people record by hand on a client's page: told in the timeline, corrected, taken back, refused on its field. */
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

interface Item {
  id: string;
  kind: string;
  at: string;
  endedAt: string | null;
  byHand: boolean;
  contactId: string | null;
  data: Record<string, unknown>;
}

const VIEWER = "bo@nordlys.example";
/** A day that has passed wherever the workspace is. */
const DAY = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("signals-by-hand");
  const { api, essor } = office;
  for (const externalId of ["acme", "acme-en", "acme-fr"]) {
    await api.post("/clients", { externalId, name: externalId });
  }
  await api.post("/contacts", { externalId: "ada", name: "Ada Berg", clientExternalId: "acme" });
  const people = ["--email", VIEWER, "--name", "Bo Aas", "--role", "viewer"];
  await essor.run(["user", "create", ...people]);
});
test.afterAll(async () => {
  await office?.essor.remove();
});

async function timeline(client: string, kind: string): Promise<Item[]> {
  const { id } = await office.api.client(client);
  const { items } = await office.api.get<{ items: Item[] }>(
    `/clients/${id}/timeline?kinds=${kind}`,
  );
  return items;
}

async function address(client: string): Promise<string> {
  const { id } = await office.api.client(client);
  return `${office.essor.url}/clients/${id}?tab=timeline`;
}

test("a meeting is recorded, corrected and taken back", async ({ page, context, at }) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
  await page.goto(await address("acme"));
  await page.getByRole("button", { name: "Record a fact" }).click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByRole("radio", { name: "Meeting" })).toBeChecked();
  await sheet.getByLabel("Date").fill(DAY);
  await sheet.getByLabel("Time").fill("10:00");
  await sheet.getByLabel("Subject").fill("Quarterly review");
  await sheet.getByLabel("Length in minutes").fill("45");
  await sheet.getByLabel("Person concerned").selectOption({ label: "Ada Berg" });
  await sheet.getByRole("button", { name: "Record the fact" }).click();
  await expect(sheet).toHaveCount(0);
  const stream = page.getByRole("main");
  await expect(stream.getByText("Meeting: Quarterly review")).toBeVisible();
  await expect(stream.getByText(`45 minutes · recorded by ${OWNER.name}`)).toBeVisible();
  const [recorded] = await timeline("acme", "meeting");
  if (!recorded) throw new Error("no meeting was stored");
  const { id } = await office.api.client("acme");
  const [ada] = await office.api.contacts(id);
  expect(recorded).toMatchObject({
    byHand: true,
    contactId: ada?.id,
    data: { subject: "Quarterly review", author: OWNER.name },
  });
  expect(Date.parse(recorded.endedAt ?? "") - Date.parse(recorded.at)).toBe(45 * 60_000);

  // Its kind stays; what was said is there to be changed.
  await stream.getByRole("button", { name: "Edit the fact" }).click();
  await expect(sheet.getByLabel("Subject")).toHaveValue("Quarterly review");
  await expect(sheet.getByLabel("Length in minutes")).toHaveValue("45");
  await expect(sheet.getByLabel("Person concerned")).toHaveValue(ada?.id ?? "");
  await expect(sheet.getByRole("radio")).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await sheet.getByLabel("Subject").fill("Yearly review");
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(sheet).toHaveCount(0);
  await expect(stream.getByText("Meeting: Yearly review")).toBeVisible();
  expect(await timeline("acme", "meeting")).toMatchObject([
    { id: recorded.id, at: recorded.at, endedAt: recorded.endedAt, contactId: ada?.id },
  ]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(stream.getByText("Meeting: Quarterly review")).toBeVisible();

  // It is taken back until the message goes; then it is deleted.
  const remove = stream.getByRole("button", { name: "Delete the fact" });
  await remove.click();
  await expect(stream.getByText("Meeting: Quarterly review")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(stream.getByText("Meeting: Quarterly review")).toBeVisible();
  await remove.click();
  await expect(stream.getByText("Meeting: Quarterly review")).toHaveCount(0);
  await page
    .getByRole("status")
    .filter({ hasText: "Fact deleted." })
    .getByRole("button", { name: "Close" })
    .click();
  await expect.poll(() => timeline("acme", "meeting")).toEqual([]);
  await page.reload();
  await expect(stream.getByRole("button", { name: "Record a fact" })).toBeVisible();
  await expect(stream.getByText("Meeting: Quarterly review")).toHaveCount(0);
});

const WORDS = {
  en: {
    record: "Record a fact",
    outcome: "Outcome",
    metric: "Metric",
    ticket: "Ticket",
    label: "Outcome delivered",
    amount: /^Value to the client/,
    typed: "12,500",
    name: "Metric",
    value: "Value",
    subject: "Subject",
    send: "Record the fact",
    required: "Fill in this field.",
    said: "Outcome delivered: Hours saved",
    detail: `€12,500 · recorded by ${OWNER.name}`,
  },
  fr: {
    record: "Consigner un fait",
    outcome: "Résultat",
    metric: "Mesure",
    ticket: "Ticket",
    label: "Résultat obtenu",
    amount: /^Valeur pour le client/,
    typed: "12 500",
    name: "Mesure",
    value: "Valeur",
    subject: "Objet",
    send: "Consigner le fait",
    required: "Remplissez ce champ.",
    said: "Résultat obtenu\u00a0: Hours saved",
    detail: `12\u00a0500\u00a0€ · consigné par ${OWNER.name}`,
  },
} as const;

for (const { locale, theme, size } of [
  { locale: "en", theme: "light", size: { width: 1280, height: 800 } },
  { locale: "fr", theme: "dark", size: { width: 360, height: 740 } },
] as const) {
  test(`an outcome has an amount, and a refusal stands on its field (${locale}, ${theme}, ${size.width} px)`, async ({
    page,
    context,
    at,
  }) => {
    at.essor = office.essor;
    const words = WORDS[locale];
    const client = `acme-${locale}`;
    await page.setViewportSize(size);
    await signIn(context, office.essor, OWNER.email, { locale, theme });
    await page.goto(await address(client));
    await page.getByRole("button", { name: words.record }).click();
    const sheet = page.getByRole("dialog");
    const kind = (name: string) => sheet.getByRole("radio", { name });
    const field = (name: string) => sheet.getByRole("textbox", { name, exact: true });
    const send = sheet.getByRole("button", { name: words.send });

    // Whatever is chosen, nothing is wrong with the form.
    for (const one of await sheet.getByRole("radio").all()) {
      await one.click();
      await expect(one).toBeChecked();
      expect(await violations(page)).toEqual([]);
    }
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wide).toBe(0);

    // A metric without a value is not sent.
    await kind(words.metric).click();
    await field(words.name).fill("Storage");
    await send.click();
    await expect(field(words.value)).toHaveAttribute("aria-invalid", "true");
    await expect(field(words.value)).toHaveAccessibleDescription(words.required);
    await expect(field(words.value)).toBeFocused();
    expect(await violations(page)).toEqual([]);
    expect(await timeline(client, "metric")).toEqual([]);

    await kind(words.outcome).click();
    await expect(sheet.getByText(words.required)).toHaveCount(0);
    await field(words.label).fill("Hours saved");
    await sheet.getByLabel(words.amount).fill(words.typed);
    await send.click();
    await expect(sheet).toHaveCount(0);
    const stream = page.getByRole("main");
    await expect(stream.getByText(words.said)).toBeVisible();
    await expect(stream.getByText(words.detail)).toBeVisible();
    expect(await timeline(client, "outcome")).toMatchObject([
      { byHand: true, data: { amountCents: 1_250_000, currency: "EUR", label: "Hours saved" } },
    ]);
    expect(await violations(page)).toEqual([]);
  });
}

test("what only the server refuses stands on its field too", async ({
  page,
  context,
  at,
  watch,
}) => {
  watch.allow(/status of 422 .*\/signals/);
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
  await page.goto(await address("acme"));
  await page.getByRole("button", { name: "Record a fact" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("radio", { name: "Invoice" }).click();
  await sheet.getByLabel(/^Amount/).fill("999999999999");
  await sheet.getByLabel("Due on").fill(DAY);
  await sheet.getByRole("button", { name: "Record the fact" }).click();
  await expect(sheet.getByLabel(/^Amount/)).toHaveAttribute("aria-invalid", "true");
  await expect(sheet.getByLabel(/^Amount/)).toBeFocused();
  await expect(sheet.getByText("This amount is too large to be counted.")).toBeVisible();
  // What was typed stays, and is sent once it is mended.
  await sheet.getByLabel(/^Amount/).fill("1,200.50");
  await sheet.getByRole("button", { name: "Record the fact" }).click();
  await expect(sheet).toHaveCount(0);
  expect(await timeline("acme", "payment")).toMatchObject([
    { byHand: true, data: { amountCents: 120_050, dueDate: DAY } },
  ]);
});

test("who may only read records nothing, and what a source sent is its own to correct", async ({
  page,
  context,
  at,
}) => {
  at.essor = office.essor;
  await office.api.post("/clients", { externalId: "sent", name: "Sent" });
  await office.api.post("/signals", {
    kind: "meeting",
    messageId: "m1",
    clientExternalId: "sent",
    occurredAt: `${DAY}T09:00:00Z`,
    data: { subject: "From the calendar" },
  });
  await signIn(context, office.essor, OWNER.email);
  await page.goto(await address("sent"));
  const stream = page.getByRole("main");
  await expect(stream.getByText("Meeting: From the calendar")).toBeVisible();
  await expect(stream.getByRole("button", { name: "Record a fact" })).toBeVisible();
  await expect(stream.getByRole("button", { name: "Edit the fact" })).toHaveCount(0);

  await context.clearCookies();
  await signIn(context, office.essor, VIEWER);
  await page.reload();
  await expect(stream.getByText("Meeting: From the calendar")).toBeVisible();
  await expect(stream.getByRole("button", { name: "Record a fact" })).toHaveCount(0);
});
