import { describe, expect, it } from "vitest";
import { accept, factBefore, suggestions, wordAt } from "./suggest";

const FACTS = [
  { key: "mrr", label: "MRR", choices: [] },
  { key: "segment", label: "Segment", choices: ["PME", "Grand compte"] },
  { key: "health", label: "Santé", choices: [] },
  { key: "health_class", label: "Classe de santé", choices: ["critical", "good"] },
];
/** What is offered where the bar stands. */
const offered = (text: string) =>
  suggestions(text.replace("|", ""), text.indexOf("|"), FACTS).map(({ text: put }) => put);

describe("suggestions", () => {
  it("are facts, by key or by label, whatever the accents", () => {
    expect(offered("se|")).toEqual(["segment"]);
    expect(offered("mrr > 1 and sante|")).toEqual(["health", "health_class"]);
    expect(offered("health|")).toEqual(["health_class"]);
  });
  it("are joining words", () => {
    expect(offered("mrr > 1 a|")).toEqual(["and"]);
    expect(offered("mrr > 1 an|")).toEqual(["and"]);
  });
  it("are values of the fact that is compared", () => {
    expect(offered('segment = "|')).toEqual(['"PME"', '"Grand compte"']);
    expect(offered('segment in ("PME", "gr|')).toEqual(['"Grand compte"']);
    expect(offered('segment = "PME" and health_class = "|"')).toEqual(['"critical"', '"good"']);
    expect(offered('mrr = "|')).toEqual([]);
  });
  it("are not there before something is typed", () => {
    expect(offered("|")).toEqual([]);
    expect(offered("mrr > 1 |")).toEqual([]);
  });
});

it("finds the word at the caret", () => {
  expect(wordAt("mrr > 1 and se", 14)).toEqual({ from: 12, word: "se", quoted: false });
  expect(wordAt("field.con = 1", 9)).toEqual({ from: 0, word: "field.con", quoted: false });
  expect(wordAt('a = "Grand c', 12)).toEqual({ from: 4, word: "Grand c", quoted: true });
});

it("knows which fact a value belongs to", () => {
  expect(factBefore('segment = "mrr" or "', 19, ["mrr", "segment"])).toBe("segment");
});

it("puts a suggestion in the place of the word, quotes closed once", () => {
  expect(accept("mrr > 1 and se", 14, "segment")).toEqual({
    text: "mrr > 1 and segment ",
    caret: 20,
  });
  expect(accept('segment = "P" and mrr > 1', 12, '"PME"')).toEqual({
    text: 'segment = "PME" and mrr > 1',
    caret: 16,
  });
});
