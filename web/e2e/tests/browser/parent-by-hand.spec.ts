/** Who stands above a client, set in its sheet: found by name, shown on both pages, refused in a circle, taken away. */
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("parent-by-hand");
  for (const [externalId, name] of [
    ["group", "Nordlys Group"],
    ["north", "Nordlys North"],
  ]) {
    await office.api.post("/clients", { externalId, name });
  }
});
test.afterAll(async () => {
  await office?.essor.remove();
});

const parentOf = async (client: string) => {
  const { id } = await office.api.client(client);
  const page = await office.api.get<{ parent: { name: string } | null }>(`/clients/${id}`);
  return page.parent?.name ?? null;
};

test("a parent is chosen by name, refused in a circle and taken away", async ({
  page,
  context,
  at,
}) => {
  at.essor = office.essor;
  await signIn(context, office.essor, OWNER.email);
  const north = await office.api.client("north");
  const group = await office.api.client("group");
  const edit = async (id: string) => {
    await page.goto(`${office.essor.url}/clients/${id}`);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    return page.getByRole("dialog");
  };

  let sheet = await edit(north.id);
  await sheet.getByLabel("Parent client").fill("nordlys");
  // Never itself.
  await expect(sheet.getByRole("button", { name: "Nordlys Group" })).toBeVisible();
  await expect(sheet.getByRole("button", { name: "Nordlys North" })).toHaveCount(0);
  await sheet.getByRole("button", { name: "Nordlys Group" }).click();
  expect(await violations(page)).toEqual([]);
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole("main").getByRole("link", { name: /Nordlys Group$/ })).toBeVisible();
  expect(await parentOf("north")).toBe("Nordlys Group");

  sheet = await edit(group.id);
  await sheet.getByLabel("Parent client").fill("north");
  await sheet.getByRole("button", { name: "Nordlys North" }).click();
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(
    sheet.getByRole("group", { name: "Parent client" }).getByText(/Choose another parent/),
  ).toBeVisible();
  expect(await parentOf("group")).toBeNull();

  sheet = await edit(north.id);
  await sheet.getByRole("button", { name: "Remove the client" }).click();
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(sheet).toHaveCount(0);
  expect(await parentOf("north")).toBeNull();
});
