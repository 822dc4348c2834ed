import { expect, it } from "vitest";
import { can } from "./session";

it("ranks the roles", () => {
  expect(can("viewer", "read")).toBe(true);
  expect(can("viewer", "edit")).toBe(false);
  expect(can("manager", "manage")).toBe(true);
  expect(can("manager", "administer")).toBe(false);
  expect(can("admin", "own")).toBe(false);
  expect(can("owner", "own")).toBe(true);
});
