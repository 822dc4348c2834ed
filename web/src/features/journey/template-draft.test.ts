import { expect, it } from "vitest";
import type { Template } from "./api-templates";
import {
  checkTemplate,
  draftOf,
  moved,
  newAction,
  newCriterion,
  newMilestone,
  newStage,
  slug,
  type TemplateDraft,
  templateOf,
} from "./template-draft";

const template: Template = {
  name: { fr: "Parcours", en: "Journey" },
  segment: null,
  advance: "ask",
  stalledAfterDays: 21,
  weights: { criteria: 70, actions: 30 },
  stages: [
    {
      key: "onboarding",
      label: { fr: "Onboarding", en: "Onboarding" },
      description: { fr: "", en: "" },
      plannedDays: 30,
      criteria: [
        {
          key: "daily",
          label: { fr: "Usage", en: "Use" },
          expression: "seats >= 20",
          required: true,
          once: false,
          weight: 2,
        },
      ],
      actions: [
        {
          key: "kickoff",
          label: { fr: "Lancement", en: "Kick-off" },
          owner: "in_charge",
          dueDays: 5,
          business: true,
          priority: "normal",
        },
      ],
      milestones: [
        { key: "end", title: { fr: "Fin", en: "End" }, day: 30, impact: "high", critical: true },
      ],
    },
  ],
};

const wrong = (draft: TemplateDraft) =>
  Object.fromEntries(
    Object.entries(checkTemplate(draft)).flatMap(([field, refusal]) =>
      refusal ? [[field, refusal.code]] : [],
    ),
  );
const change = (patch: (draft: TemplateDraft) => void) => {
  const draft = structuredClone(draftOf(template));
  patch(draft);
  return draft;
};

it("gives back the same template when nothing was changed, and finds nothing wrong with it", () => {
  expect(templateOf(draftOf(template))).toEqual(template);
  expect(wrong(draftOf(template))).toEqual({});
});

it("gives an action a key that no other stage has: criteria name it without its stage", () => {
  const draft = change((draft) => {
    const label = { fr: "Lancement", en: "Kickoff" };
    draft.stages.push({ ...newStage(), label, actions: [{ ...newAction(), label }] });
  });
  expect(templateOf(draft).stages[1]?.actions[0]?.key).toBe("kickoff_2");
});

it("names the field at fault, as the server does", () => {
  const stage = (draft: TemplateDraft) => draft.stages[0] as TemplateDraft["stages"][number];
  for (const [patch, expected] of [
    [(d) => (d.stages = []), { "template.stages": "journey_no_stage" }],
    [
      (d) => (stage(d).plannedDays = "-3"),
      { "template.stages[0].plannedDays": "journey_duration" },
    ],
    [
      (d) => (stage(d).milestones[0] = { ...newMilestone("-1"), title: { fr: "x", en: "" } }),
      { "template.stages[0].milestones[0].day": "journey_milestone_early" },
    ],
    [
      (d) => (stage(d).plannedDays = "20"),
      { "template.stages[0].milestones[0].day": "journey_milestone_late" },
    ],
    [(d) => (d.weights.actions = "40"), { "template.weights": "journey_weights_sum" }],
    [(d) => (d.name = { fr: " ", en: "" }), { "template.name": "field_required" }],
    [
      (d) => stage(d).criteria.push({ ...newCriterion(), measured: true }),
      {
        "template.stages[0].criteria[1].label": "field_required",
        "template.stages[0].criteria[1].expression": "field_required",
      },
    ],
  ] as [(draft: TemplateDraft) => unknown, Record<string, string>][]) {
    expect(wrong(change(patch))).toEqual(expected);
  }
});

it("makes keys from names, different from those that are there", () => {
  expect(slug("Premier projet lancé")).toBe("premier_projet_lance");
  expect(slug("2ᵉ équipe")).toBe("x_2_equipe");
  expect(slug("—")).toBe("x");
  const draft = change((d) => {
    d.stages.push({ ...newStage(), label: { fr: "Onboarding", en: "" } });
    d.stages.push({ ...newStage(), label: { fr: "", en: "Onboarding" } });
  });
  expect(templateOf(draft).stages.map((stage) => stage.key)).toEqual([
    "onboarding",
    "onboarding_2",
    "onboarding_3",
  ]);
});

it("says in both languages what was typed in one", () => {
  const draft = change((d) => {
    d.name = { fr: "Grands comptes", en: " " };
  });
  expect(templateOf(draft).name).toEqual({ fr: "Grands comptes", en: "Grands comptes" });
});

it("measures nothing once a criterion is by hand", () => {
  const draft = change((d) => {
    const criterion = d.stages[0]?.criteria[0];
    if (criterion) criterion.measured = false;
  });
  expect(templateOf(draft).stages[0]?.criteria[0]?.expression).toBeNull();
});

it("moves an item by one place, and not past an end", () => {
  expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
});
