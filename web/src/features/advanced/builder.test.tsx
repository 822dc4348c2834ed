import { fireEvent, render, screen, within } from "@testing-library/react";
import { useState } from "react";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { speak } from "@/test/words";
import type { Fact } from "./api";
import { Builder, withOp } from "./builder";
import { Chips } from "./chips";
import type { Group } from "./expression";

const fact = (key: string, kind: Fact["kind"], ops: Fact["ops"], choices?: string[]): Fact => ({
  key,
  kind,
  ops,
  choices,
  sortable: true,
  column: true,
  criterion: true,
});
const FACTS = [
  fact("mrr", "money", ["gte", "lt", "isEmpty"]),
  fact("segment", "choice", ["eq", "in", "contains", "isEmpty"], ["PME", "ETI"]),
  fact("renewal", "day", ["before", "after", "isEmpty"]),
];

beforeAll(() => speak("en", "advanced"));

function Built({ from, seen }: { from: Group; seen: (tree: Group) => void }) {
  const [tree, setTree] = useState(from);
  return (
    <Builder
      tree={tree}
      facts={FACTS}
      onChange={(next) => {
        seen(next);
        setTree(next);
      }}
    />
  );
}

function build(from: Group) {
  let tree = from;
  render(
    <Built
      from={from}
      seen={(next) => {
        tree = next;
      }}
    />,
  );
  const choose = (name: string, value: string, at = 0) => {
    const control = screen.getAllByRole("combobox", { name })[at];
    if (!control) throw new Error(`no ${name}`);
    fireEvent.change(control, { target: { value } });
  };
  return { now: () => tree, choose };
}

describe("the builder", () => {
  it("begins a condition anew for another fact, and keeps what still fits for another operator", () => {
    const { now, choose } = build({ all: [{ fact: "mrr", op: "gte", value: 5 }] });
    choose("Comparison", "lt");
    expect(now()).toEqual({ all: [{ fact: "mrr", op: "lt", value: 5 }] });
    choose("Fact", "segment");
    expect(now()).toEqual({ all: [{ fact: "segment", op: "eq" }] });
    choose("Value", "ETI");
    choose("Comparison", "in");
    expect(now()).toEqual({ all: [{ fact: "segment", op: "in", value: ["ETI"] }] });
    choose("Comparison", "isEmpty");
    expect(now()).toEqual({ all: [{ fact: "segment", op: "isEmpty" }] });
  });

  it("reads amounts as they are typed, and says nothing of half a number", () => {
    const { now } = build({ all: [{ fact: "mrr", op: "gte" }] });
    const value = screen.getByRole("textbox", { name: "Value" });
    fireEvent.change(value, { target: { value: "1 000,5" } });
    expect(now()).toEqual({ all: [{ fact: "mrr", op: "gte", value: 1000.5 }] });
    fireEvent.change(value, { target: { value: "1 000," } });
    expect(now()).toEqual({ all: [{ fact: "mrr", op: "gte" }] });
  });

  it("nests groups, turns them, excepts them and takes them away", () => {
    const { now } = build({ all: [{ fact: "mrr", op: "gte", value: 5 }] });
    fireEvent.click(screen.getByRole("button", { name: "Add a group" }));
    expect(now()).toEqual({
      all: [{ fact: "mrr", op: "gte", value: 5 }, { any: [{ fact: "mrr", op: "gte" }] }],
    });
    fireEvent.click(screen.getByRole("radio", { name: "Except" }));
    expect(now().valueOf()).toMatchObject({ all: [{}, { not: { any: [{}] } }] });
    const [root] = screen.getAllByRole("radiogroup", { name: "Join the conditions" });
    if (!root) throw new Error("no joining words");
    fireEvent.click(within(root).getByRole("radio", { name: "At least one" }));
    expect(now()).toMatchObject({ any: [{}, { not: {} }] });
    fireEvent.click(screen.getByRole("button", { name: "Remove the group" }));
    expect(now()).toEqual({ any: [{ fact: "mrr", op: "gte", value: 5 }] });
  });

  it("does not carry a day over into a list", () => {
    const day = { fact: "renewal", op: "before", value: { daysAgo: 3 } } as const;
    expect(withOp(day, fact("renewal", "day", ["before", "in"]), "in")).toEqual({
      fact: "renewal",
      op: "in",
      value: [],
    });
  });
});

it("says the filters in force as a sentence, each part a button", () => {
  const onEdit = vi.fn();
  const onRemove = vi.fn();
  render(
    <Chips
      tree={{
        all: [
          { fact: "mrr", op: "gte", value: 600 },
          {
            any: [
              { fact: "segment", op: "in", value: ["PME", "ETI"] },
              { not: { fact: "renewal", op: "isEmpty" } },
            ],
          },
        ],
      }}
      facts={new Map(FACTS.map((one) => [one.key, one]))}
      onEdit={onEdit}
      onRemove={onRemove}
      onTurn={vi.fn()}
      onAdd={vi.fn()}
      onClear={vi.fn()}
    />,
  );
  const name = "(Segment is PME or ETI or except Renewal is empty)";
  fireEvent.click(screen.getByRole("button", { name: `Edit the filter: ${name}` }));
  expect(onEdit).toHaveBeenCalledWith([1]);
  fireEvent.click(screen.getByRole("button", { name: `Remove the filter: ${name}` }));
  expect(onRemove).toHaveBeenCalledWith([1]);
  expect(screen.getByRole("button", { name: "Join otherwise than by “and”" })).toBeTruthy();
});
