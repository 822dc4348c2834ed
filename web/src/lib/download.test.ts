import { expect, it } from "vitest";
import { fileName, parseCsv, toCsv } from "./download";

it("reads what the server wrote", () => {
  expect(parseCsv('a,b\r\n"x, ""y""\nz",\r\n,2\r\n')).toEqual([
    ["a", "b"],
    ['x, "y"\nz', ""],
    ["", "2"],
  ]);
  expect(parseCsv("a,b\r\n1,2")).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
});

it("writes what spreadsheets of each language read", () => {
  const rows = [["Soléa; SARL", 12.5, null]];
  expect(toCsv(["Client", "MRR", "Santé"], rows, "fr")).toBe(
    '\ufeffClient;MRR;Santé\r\n"Soléa; SARL";12,5;\r\n',
  );
  expect(toCsv(["Client"], [['Say "hi"']], "en")).toBe('\ufeffClient\r\n"Say ""hi"""\r\n');
});

it("defuses formulas", () => {
  expect(toCsv(["a"], [["=1+1"]], "en")).toContain("'=1+1");
});

it("names files plainly", () => {
  expect(fileName("Dans six mois : 207,9 k€")).toBe("dans-six-mois-207-9-k");
});
