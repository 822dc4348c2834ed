import { beforeAll, describe, expect, it } from "vitest";
import { i18n } from "@/lib/i18n";
import { LANGUAGES, speak } from "@/test/words";
import { matrixSheet } from "./matrix-file";

const FILE =
  'id,client,segment,owner,mrr,potential,expected,API,API (expected),"Say ""hi""","Say ""hi"" (expected)"\r\n' +
  '1,"Ada, Beryl & Co",PME,,1743.30,40.00,12.50,1743.30,,,12.50\r\n';

describe.each(LANGUAGES)("%s", (language) => {
  beforeAll(() => speak(language, "opportunities"));

  it("names its columns in the language of its reader, and writes amounts as numbers", () => {
    const { header, rows } = matrixSheet(i18n.getFixedT(language, "opportunities"), FILE);
    expect(header).toHaveLength(11);
    expect(header.slice(7)).toEqual(
      language === "fr"
        ? ["API", "API (attendu)", 'Say "hi"', 'Say "hi" (attendu)']
        : ["API", "API (expected)", 'Say "hi"', 'Say "hi" (expected)'],
    );
    expect(header[3]).toBe(language === "fr" ? "Responsable" : "Owner");
    expect(rows).toEqual([
      ["1", "Ada, Beryl & Co", "PME", "", 1743.3, 40, 12.5, 1743.3, null, null, 12.5],
    ]);
  });
});
