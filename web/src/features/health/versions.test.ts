import { expect, it } from "vitest";
import { readVersion, writeVersion } from "./versions";

it("stands in the URL and reads back", () => {
  for (const reference of [
    { segment: "", version: 0 },
    { segment: "PME", version: 12 },
    { segment: "Nord~Est", version: 3 },
  ]) {
    expect(readVersion(writeVersion(reference))).toEqual(reference);
  }
  for (const written of [undefined, "", "PME", "PME~", "PME~x", "PME~-1", "~1e3"]) {
    expect(readVersion(written)).toBeUndefined();
  }
});
