import { describe, expect, it } from "vitest";
import type { Curve, Profile } from "./api-profiles";
import {
  checkDraft,
  type Draft,
  differences,
  draftOf,
  effectiveShare,
  newPoint,
  profileOf,
  readNumber,
  shareOut,
  sumOfWeights,
} from "./profile-draft";

const weights = {
  usage: 30,
  licence: 10,
  engagement: 10,
  journey: 10,
  support: 10,
  satisfaction: 10,
  sentiment: 5,
  payments: 10,
  outcomes: 5,
  pulse: 0,
};
const profile: Profile = {
  weights,
  minCoverage: 0.4,
  excellent: 80,
  good: 70,
  watch: 60,
  alert: 60,
  rearm: 65,
  curves: {},
  vetoes: { invoiceDays: 60, invoiceCap: 50, championCap: 65 },
};
const curves: Curve[] = [
  {
    curve: "licence_use",
    rises: true,
    costs: false,
    default: [
      [0, 0],
      [50, 60],
      [80, 100],
    ],
  },
  {
    curve: "payments_late",
    rises: false,
    costs: false,
    default: [
      [0, 100],
      [10.5, 80],
      [90, 0],
    ],
  },
];
const french = (value: number) => String(value).replace(".", ",");
const draft = (patch: Partial<Draft> = {}): Draft => ({
  ...draftOf(profile, curves, french),
  ...patch,
});
const typed = (points: [string, string][]) => points.map(([x, y]) => newPoint(x, y));

it("reads what one types, and nothing else", () => {
  for (const [text, value] of [
    ["12", 12],
    [" 10,5 ", 10.5],
    ["1\u202f000", 1000],
    ["0.25", 0.25],
  ] as const) {
    expect(readNumber(text)).toBe(value);
  }
  for (const text of ["", "-3", "1e3", "12 %", "douze", "1,2,3"])
    expect(readNumber(text)).toBeNaN();
});

it("gives back the profile that it was made of", () => {
  expect(profileOf(draft(), curves)).toEqual(profile);
  expect(checkDraft(draft(), curves)).toEqual({});
  const own: Profile = {
    ...profile,
    minCoverage: 0.125,
    curves: {
      payments_late: [
        [0, 100],
        [30.5, 0],
      ],
    },
    vetoes: { invoiceDays: 45, invoiceCap: null, championCap: 70 },
  };
  expect(profileOf(draftOf(own, curves, french), curves)).toEqual(own);
});

describe("sharing out", () => {
  const strings = (of: Record<string, number>) =>
    Object.fromEntries(Object.entries(of).map(([name, value]) => [name, String(value)]));

  it("comes to 100, whatever was there", () => {
    // All small weights up to 12, three at a time: whole points, a full sum, no negative.
    for (let a = 0; a <= 12; a++)
      for (let b = 0; b <= 12; b++)
        for (let c = 0; c <= 12; c++)
          for (const kept of [undefined, "a"]) {
            const out = shareOut(strings({ a, b, c }), kept);
            expect(sumOfWeights(out), `${a} ${b} ${c} ${kept}`).toBe(100);
            for (const text of Object.values(out)) expect(text).toMatch(/^\d+$/);
          }
  });
  it("keeps what was changed last, and the others' proportions", () => {
    const out = shareOut(strings({ ...weights, usage: 50 }), "usage");
    expect(out.usage).toBe("50");
    expect(out.pulse).toBe("0");
    expect(out.licence).toBe(out.support);
    expect(sumOfWeights(out)).toBe(100);
    expect(shareOut(strings({ a: 40, b: 20, c: 60 }))).toEqual({ a: "33", b: "17", c: "50" });
  });
  it("leaves a weight of everything alone, and starts again from nothing", () => {
    expect(shareOut(strings({ a: 100, b: 30 }), "a")).toEqual({ a: "100", b: "0" });
    expect(shareOut(strings({ a: 130, b: 30 }), "a")).toEqual({ a: "100", b: "0" });
    expect(shareOut(strings({ a: 0, b: 0, c: 0 }), "a", ["a", "b"])).toEqual({
      a: "50",
      b: "50",
      c: "0",
    });
    // The only one that weighs cannot both stay and come to 100.
    expect(shareOut(strings({ a: 30, b: 0 }), "a")).toEqual({ a: "100", b: "0" });
  });
  it("takes what is not a number as nothing", () => {
    expect(shareOut({ a: "x", b: "10" })).toEqual({ a: "0", b: "100" });
  });
});

it("says what a weight counts once the unfed have given theirs away", () => {
  const texts = draft().weights;
  const fed = new Set(Object.keys(weights).filter((name) => !/journey|sentiment/.test(name)));
  expect(effectiveShare(texts, "usage", fed)).toBeCloseTo(30 / 85);
  expect(effectiveShare(texts, "journey", fed)).toBeNull();
  expect(effectiveShare({ a: "0" }, "a", new Set(["a"]))).toBeNull();
});

describe("checking", () => {
  it.each([
    [
      "a sum beside 100",
      { weights: { ...draft().weights, usage: "35" } },
      "weights",
      {
        code: "health_profile_weights_sum",
        params: { sum: 105 },
      },
    ],
    [
      "a weight above 100",
      { weights: { ...draft().weights, usage: "130" } },
      "weights.usage",
      {
        code: "field_range",
      },
    ],
    [
      "a fraction",
      { weights: { ...draft().weights, usage: "30,5" } },
      "weights.usage",
      {
        code: "field_range",
      },
    ],
    ["nothing", { alert: "" }, "alert", { code: "field_required" }],
    [
      "classes that meet",
      { good: "80" },
      "excellent",
      {
        code: "health_thresholds_order",
        params: { above: 80 },
      },
    ],
    ["classes out of order", { watch: "75" }, "good", { params: { above: 75 } }],
    [
      "an alert again too soon",
      { rearm: "59" },
      "rearm",
      {
        code: "health_rearm_order",
        params: { least: 60 },
      },
    ],
    ["more than all", { minCoverage: "140" }, "minCoverage", { code: "field_range" }],
    ["no day", { invoiceDays: "0" }, "invoiceDays", { params: { min: 1, max: 365 } }],
    ["a cap above 100", { championCap: "101" }, "championCap", { code: "field_range" }],
    ["a long note", { note: "x".repeat(600) }, "note", { code: "field_too_long" }],
  ])("refuses %s", (_, patch, field, refusal) => {
    expect(checkDraft(draft(patch as Partial<Draft>), curves)[field]).toMatchObject(refusal);
  });
  it("lets an alert come again at once, and a cap that is off be anything", () => {
    expect(checkDraft(draft({ rearm: "60" }), curves)).toEqual({});
    expect(checkDraft(draft({ championOn: false, championCap: "" }), curves)).toEqual({});
  });
  it.each([
    ["too few points", [["0", "100"]], { code: "health_curve_points" }],
    ["nine points", Array(9).fill(["1", "1"]), { code: "health_curve_points" }],
    [
      "what is no number",
      [
        ["0", "100"],
        ["x", "0"],
      ],
      { code: "number_invalid" },
    ],
    [
      "a height above 100",
      [
        ["0", "140"],
        ["9", "0"],
      ],
      { code: "field_range" },
    ],
    [
      "one that turns back",
      [
        ["0", "100"],
        ["30", "40"],
        ["60", "50"],
      ],
      {
        code: "health_curve_turns",
        params: { way: "falling" },
      },
    ],
    [
      "two points at one place",
      [
        ["0", "100"],
        ["0", "40"],
      ],
      { code: "health_curve_turns" },
    ],
  ])("refuses a curve of %s", (_, points, refusal) => {
    const own = { ...draft().curves, payments_late: typed(points as [string, string][]) };
    expect(checkDraft(draft({ curves: own }), curves)["curves.payments_late"]).toMatchObject(
      refusal,
    );
  });
  it("refuses points lost that fall, as such", () => {
    const lost: Curve = {
      curve: "support_recent",
      rises: true,
      costs: true,
      default: [
        [2, 0],
        [10, 20],
      ],
    };
    const own = typed([
      ["2", "20"],
      ["10", "0"],
    ]);
    const found = checkDraft(draft({ curves: { ...draft().curves, support_recent: own } }), [lost]);
    expect(found).toEqual({
      "curves.support_recent": { code: "health_curve_turns", params: { way: "costing" } },
    });
  });
  it("allows a level stretch", () => {
    const own = typed([
      ["0", "100"],
      ["30", "40"],
      ["60,5", "40"],
    ]);
    const found = checkDraft(draft({ curves: { ...draft().curves, payments_late: own } }), curves);
    expect(found).toEqual({});
  });
});

it("names what differs between two versions", () => {
  const after: Profile = {
    ...profile,
    weights: { ...weights, usage: 40, licence: 0 },
    alert: 55,
    curves: { licence_use: [[0, 0]] },
    vetoes: { ...profile.vetoes, invoiceCap: null },
  };
  expect(differences(profile, after)).toEqual([
    { kind: "weight", name: "usage", before: "30", after: "40" },
    { kind: "weight", name: "licence", before: "10", after: "0" },
    { kind: "level", name: "alert", before: "60", after: "55" },
    { kind: "veto", name: "invoiceCap", before: "50", after: "—" },
    { kind: "curve", name: "licence_use", before: "—", after: "—" },
  ]);
  expect(differences(profile, profile)).toEqual([]);
});
