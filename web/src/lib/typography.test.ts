import { expect, it } from "vitest";
import { typeset, typesetAll } from "./typography";

const dots = (text: string) => typeset(text).replaceAll("\u00a0", "·");

it("keeps French signs with their words", () => {
  for (const [typed, set] of [
    ["D’où vient ce chiffre ?", "D’où vient ce chiffre·?"],
    ["Segment : tous", "Segment·: tous"],
    ["Rien ; puis « {{name}} » : 85 %", "Rien·; puis «·{{name}}·»·: 85·%"],
    ["au moins 12 500 €, en 2026", "au moins 12·500·€, en 2026"],
    ["10 12345 et 3 sur 7", "10 12345 et 3 sur 7"],
    ["{{ratio}} :{{not}}", "{{ratio}}·:{{not}}"],
  ] as const) {
    expect(dots(typed)).toBe(set);
  }
});

it("sets every text of a file", () => {
  expect(typesetAll({ a: { b: "Quoi ?" } })).toEqual({ a: { b: "Quoi\u00a0?" } });
});
