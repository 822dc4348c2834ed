/** Client management: filters that become a view, all that match changed at once and given back; by keyboard too. */
import type { Page } from "@playwright/test";
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

interface List {
  total: number;
  items: { name: string; owner: string | null }[];
}

const SMALL = 12;
const LARGE = 8;
let office: Office;

test.beforeAll(async () => {
  office = await openOffice("advanced");
  const clients = (count: number, segment: string) =>
    Array.from({ length: count }, (_, index) => ({
      externalId: `${segment}-${index}`,
      name: `${segment} ${String(index + 1).padStart(2, "0")}`,
      segment,
    }));
  await office.api.post("/clients", [...clients(SMALL, "Small"), ...clients(LARGE, "Large")]);
});
test.afterAll(async () => {
  await office?.essor.remove();
});
test.beforeEach(async ({ context, at }) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
});

const total = async (where: string) =>
  (await office.api.get<List>(`/clients?where=${encodeURIComponent(where)}&tab=all`)).total;
const grid = (page: Page) => page.getByRole("grid", { name: "Clients" });
/** The header is a row too. */
const shows = (page: Page, rows: number) =>
  expect(grid(page)).toHaveAttribute("aria-rowcount", String(rows + 1));
const open = async (page: Page, search = "tab=all&sort=name") => {
  await page.goto(`${office.essor.url}/clients/advanced?${search}`);
  await expect(grid(page).getByRole("row").nth(1)).toBeVisible();
};

test("filters become a view; all that match are assigned, and given back", async ({ page }) => {
  await open(page);
  await shows(page, SMALL + LARGE);

  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const filters = page.getByRole("dialog", { name: "Filter clients" });
  await filters.getByRole("combobox", { name: "Fact" }).selectOption({ label: "Segment" });
  await filters.getByRole("combobox", { name: "Value" }).selectOption("Small");
  await expect(filters.getByRole("status")).toHaveText(`${SMALL} clients match`);
  await filters.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/where=/);
  await expect(
    page.getByRole("button", { name: /^Edit the filter: Segment is Small/ }),
  ).toBeVisible();
  await shows(page, SMALL);

  await page.getByRole("button", { name: "Save the view" }).click();
  const naming = page.getByRole("dialog", { name: "Save as a new view" });
  await naming.getByRole("button", { name: "Save" }).click();
  await expect(naming.getByRole("alert")).toBeVisible();
  await naming.getByRole("textbox", { name: "Name of the view" }).fill("The small ones");
  await naming.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/view=/);
  await expect(
    page.getByRole("button", { name: new RegExp(`^The small ones\\s*${SMALL}$`) }),
  ).toBeVisible();
  await shows(page, SMALL);

  // By keyboard: a row, the next one with it.
  const first = grid(page).getByRole("row", { name: "Small 01" });
  await first.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowDown");
  const bar = page.getByRole("region", { name: "Actions on the selection" });
  await expect(bar).toContainText("2 clients selected");
  await expect(first).toHaveAttribute("aria-selected", "true");
  await bar.getByRole("button", { name: `Select all ${SMALL}` }).click();
  await expect(bar).toContainText(`${SMALL} clients selected`);

  await bar.getByRole("button", { name: "Assign" }).click();
  const action = page.getByRole("dialog", { name: "Assign" });
  await action.getByRole("combobox", { name: "Owner" }).selectOption(OWNER.name);
  await action.getByRole("button", { name: `Change ${SMALL} clients` }).click();
  const run = page.getByRole("region", { name: "Action under way" });
  await expect(run).toContainText(`${SMALL} clients assigned to ${OWNER.name}.`);
  expect(await total(`owner = "${OWNER.name}"`)).toBe(SMALL);
  await run.getByRole("button", { name: "See the result" }).click();
  const result = page.getByRole("dialog", { name: "Result by client" });
  await expect(result.getByRole("listitem")).toHaveCount(SMALL);
  await page.keyboard.press("Escape");

  await run.getByRole("button", { name: "Undo" }).click();
  await expect(run).toContainText(`Undone: ${SMALL} clients are as before.`);
  expect(await total("owner is empty")).toBe(SMALL + LARGE);
});

test("a view that is changed says so, is saved, deleted and brought back", async ({ page }) => {
  const { id } = await office.api.post<{ id: string }>("/clients/views", {
    name: "Everybody large",
    shared: true,
    where: 'segment = "Large"',
    layout: "table",
  });
  await open(page, `tab=all&view=${id}`);
  await shows(page, LARGE);
  await expect(page.getByText("View changed")).toHaveCount(0);
  await page.getByRole("button", { name: "Sort by Client" }).click();
  await expect(page.getByText("View changed")).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("View changed")).toHaveCount(0);
  await expect(grid(page).getByRole("columnheader", { name: /Client/ })).toHaveAttribute(
    "aria-sort",
    "ascending",
  );

  const views = page.getByRole("button", { name: new RegExp(`^Everybody large\\s*${LARGE}$`) });
  await views.click();
  await page.getByRole("menuitem", { name: "Delete the view" }).click();
  await shows(page, SMALL + LARGE);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(views).toBeVisible();
  await shows(page, LARGE);
});

test("an expression is written, its fault marked, and read back as a sentence", async ({
  page,
  watch,
}) => {
  watch.allow(/status of 422 .*\/api\/v1\/clients/);
  await open(page);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const filters = page.getByRole("dialog", { name: "Filter clients" });
  await filters.getByRole("radio", { name: "Write" }).click();
  const text = filters.getByRole("textbox", { name: "Expression" });
  await text.fill('segment = "Small" annd mrr = 0');
  await expect(filters.getByRole("alert")).toBeVisible();
  await expect(filters.locator("mark")).toHaveText("annd");

  await text.fill("");
  await text.pressSequentially("segm");
  await expect(filters.getByRole("option", { name: /^segment/ })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("Enter");
  await expect(text).toHaveValue("segment ");
  await text.pressSequentially('= "La');
  await page.keyboard.press("Tab");
  await text.fill('segment = "Large" or name = "Small 01"');
  await expect(filters.getByRole("status")).toHaveText(`${LARGE + 1} clients match`);
  await page.keyboard.press("Control+Enter");
  await expect(
    page.getByRole("button", { name: "Edit the filter: Name is Small 01" }),
  ).toBeVisible();
  await shows(page, LARGE + 1);
  // The word between the chips turns.
  await page.getByRole("button", { name: /Join otherwise/ }).click();
  await expect(page.getByText("No client matches")).toBeVisible();
});

test("columns are chosen, moved and widened, and stay in the address", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Columns" }).click();
  const sheet = page.getByRole("dialog", { name: "Choose columns" });
  await sheet.getByRole("checkbox", { name: "Industry" }).click();
  await sheet.getByRole("button", { name: "Hide Health" }).click();
  await page.keyboard.press("Escape");
  const headers = () => grid(page).getByRole("columnheader");
  await expect(headers().last()).toContainText("Industry");
  await expect(grid(page).getByRole("columnheader", { name: "Health" })).toHaveCount(0);

  await page.getByRole("button", { name: "Sort by Industry" }).focus();
  await page.keyboard.press("Shift+ArrowLeft");
  await expect(headers().nth(-2)).toContainText("Industry");
  const edge = page.getByRole("separator", { name: "Width of the column Industry" });
  const width = Number(await edge.getAttribute("aria-valuenow"));
  await edge.focus();
  await page.keyboard.press("ArrowRight");
  await expect(edge).toHaveAttribute("aria-valuenow", String(width + 16));
  await page.reload();
  await expect(edge).toHaveAttribute("aria-valuenow", String(width + 16));
  await expect(headers().nth(-2)).toContainText("Industry");
});

test("a metric that a source sends is a fact: asked for, shown and sorted by", async ({ page }) => {
  const metric = (id: string, client: string, value: number) => ({
    kind: "metric",
    messageId: id,
    clientExternalId: client,
    occurredAt: new Date(Date.now() - 3_600_000).toISOString(),
    data: { name: "Storage (GB)", value },
  });
  await office.api.post("/signals", [
    metric("m1", "Small-0", 12.5),
    metric("m2", "Small-1", 80),
    metric("m3", "Large-0", 40),
  ]);
  await open(page);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const filters = page.getByRole("dialog", { name: "Filter clients" });
  await filters.getByRole("combobox", { name: "Fact" }).selectOption({ label: "Storage (GB)" });
  await filters.getByRole("combobox", { name: "Comparison" }).selectOption("gte");
  await filters.getByRole("textbox", { name: "Value" }).fill("40");
  await expect(filters.getByRole("status")).toHaveText("2 clients match");
  expect(await violations(page)).toEqual([]);
  await filters.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/where=metric\.storage_gb/);
  await shows(page, 2);
  expect(await total("metric.storage_gb >= 40")).toBe(2);

  await page.getByRole("button", { name: "Columns" }).click();
  const sheet = page.getByRole("dialog", { name: "Choose columns" });
  await sheet.getByRole("checkbox", { name: "Storage (GB)" }).click();
  await page.keyboard.press("Escape");
  // By name it would be the other way round.
  await page.getByRole("button", { name: "Sort by Storage (GB)" }).click();
  await expect(page).toHaveURL(/sort=-?metric\.storage_gb/);
  await expect(grid(page).getByRole("row").nth(1)).toContainText("80");
  await page.reload();
  await expect(grid(page).getByRole("row").nth(1)).toContainText("80");
  await expect(grid(page).getByRole("row").nth(2)).toContainText("40");
});

test("a client is added by hand, with a field of the workspace's own", async ({ page }) => {
  await page.goto(`${office.essor.url}/settings/fields`);
  await page.getByRole("button", { name: "Add a field" }).click();
  const adding = page.getByRole("dialog", { name: "Add a field" });
  await adding.getByRole("textbox", { name: "Displayed name" }).fill("Contract");
  await adding.getByRole("combobox", { name: "Kind" }).selectOption("choice");
  await adding.getByRole("textbox", { name: "Possible choices" }).fill("Annual\nMonthly");
  await adding.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("field.contract", { exact: true })).toBeVisible();

  await open(page);
  await page.getByRole("button", { name: "Add a client" }).first().click();
  const sheet = page.getByRole("dialog", { name: "Add a client" });
  await sheet.getByRole("textbox", { name: "Name" }).fill("Fjord Group");
  await sheet.getByRole("combobox", { name: "Contract" }).selectOption("Annual");
  await sheet.getByRole("button", { name: "Add the client" }).click();
  await expect(page).toHaveURL(/\/clients\/[0-9a-f-]{36}/);
  expect(await total('field.contract = "annual"')).toBe(1);

  await page.goto(`${office.essor.url}/settings/fields`);
  await page.getByRole("button", { name: "Delete Contract" }).click();
  const asked = page.getByRole("dialog", { name: /Delete the field/ });
  await expect(asked).toContainText("The value of 1 client is lost for good.");
  await asked.getByRole("button", { name: "Delete the field" }).click();
  await expect(page.getByText("No field yet")).toBeVisible();
});
