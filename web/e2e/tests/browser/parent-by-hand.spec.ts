/** Who stands above a client, set in its sheet: found by name, shown on its page, refused in a circle, taken away and had back. */
import type { Page } from "@playwright/test";
import { violations } from "../../harness/axe";
import { expect, type Office, OWNER, openOffice, signIn, test } from "../../harness/browser";

let office: Office;

test.beforeAll(async () => {
  office = await openOffice("parent-by-hand");
  for (const [externalId, name] of [
    ["group", "Nordlys Group"],
    ["holding", "Nordlys Holding"],
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

async function edit(page: Page, id: string) {
  await page.goto(`${office.essor.url}/clients/${id}`);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  return page.getByRole("dialog");
}

test("a parent is chosen by name, refused in a circle, taken away and had back", async ({
  page,
  context,
  at,
  watch,
}) => {
  at.essor = office.essor;
  watch.allow(/status of 422 .*\/api\/v1\/clients\//);
  await signIn(context, office.essor, OWNER.email);
  const north = await office.api.client("north");
  const group = await office.api.client("group");

  let sheet = await edit(page, north.id);
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

  sheet = await edit(page, group.id);
  await sheet.getByLabel("Parent client").fill("north");
  await sheet.getByRole("button", { name: "Nordlys North" }).click();
  await sheet.getByRole("button", { name: "Save" }).click();
  const refused = sheet.getByRole("group", { name: "Parent client" });
  await expect(refused.getByText(/Choose another parent/)).toBeVisible();
  await expect(refused).toBeFocused();
  expect(await violations(page)).toEqual([]);
  expect(await parentOf("group")).toBeNull();

  sheet = await edit(page, north.id);
  await sheet.getByRole("button", { name: "Remove the client" }).click();
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(sheet).toHaveCount(0);
  expect(await parentOf("north")).toBeNull();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => parentOf("north")).toBe("Nordlys Group");

  await page.goto(`${office.essor.url}/clients/${north.id}?tab=timeline`);
  const told = page.getByRole("main").getByText("Parent client: empty → Nordlys Group");
  await expect(told).toBeVisible();
});

test("who puts it under another meanwhile is shown by name", async ({
  page,
  context,
  at,
  watch,
}) => {
  at.essor = office.essor;
  watch.allow(/status of 412 .*\/api\/v1\/clients\//);
  await office.api.post("/clients", { externalId: "south", name: "Nordlys South" });
  await signIn(context, office.essor, OWNER.email);
  const sheet = await edit(page, (await office.api.client("south")).id);
  await sheet.getByLabel("Parent client").fill("holding");
  await sheet.getByRole("button", { name: "Nordlys Holding" }).click();
  await office.api.post("/clients", { externalId: "south", parentExternalId: "group" });
  await sheet.getByRole("button", { name: "Save" }).click();
  const choice = sheet.getByRole("group", { name: "Parent client" });
  await expect(choice.getByText("Nordlys Holding")).toBeVisible();
  await expect(choice.getByText("Nordlys Group")).toBeVisible();
  await sheet.getByRole("button", { name: "Save all of it" }).click();
  await expect(sheet).toHaveCount(0);
  expect(await parentOf("south")).toBe("Nordlys Holding");
});
