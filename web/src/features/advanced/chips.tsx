/** The filters in force, as a sentence: chips joined by "and" or "or", groups in parentheses. */
import { Plus, X } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import type { Fact } from "./api";
import {
  type Condition,
  childrenOf,
  type Group,
  isCondition,
  isNot,
  joinedBy,
  type Path,
  type Tree,
} from "./expression";
import { factLabel, saying, sentence } from "./words";

export interface ChipsProps {
  tree: Group;
  facts: ReadonlyMap<string, Fact>;
  /** Opens the filters at a node. */
  onEdit: (path: Path) => void;
  onRemove: (path: Path) => void;
  /** Turns the "and" between the chips into "or", and back. */
  onTurn: () => void;
  onAdd: () => void;
  onClear: () => void;
}

export function Chips({ tree, facts, onEdit, onRemove, onTurn, onAdd, onClear }: ChipsProps) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const joined = joinedBy(tree);
  const nodes = childrenOf(tree);
  return (
    <div
      role="group"
      aria-label={t("filter.inForce")}
      className={cn("flex flex-wrap items-center gap-2", nodes.length === 0 && "max-md:hidden")}
    >
      {nodes.length > 0 && <span className="text-ink-3 max-md:sr-only">{t("filter.label")}</span>}
      {nodes.map((node, index) => {
        const said = inWords(t, format, facts, node);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a node is its place
          <Fragment key={index}>
            {index > 0 && (
              <button
                type="button"
                onClick={onTurn}
                title={t("filter.turn")}
                aria-label={t("filter.turnFrom", { word: t(`filter.${joined}`) })}
                className="min-h-6 rounded-check px-1 text-ink-2 underline decoration-border-strong decoration-dotted underline-offset-4 hover:text-ink pointer-coarse:min-h-10"
              >
                {t(`filter.${joined}`)}
              </button>
            )}
            <span className="flex min-h-7 max-w-full items-stretch rounded-control bg-accent-soft text-accent-words pointer-coarse:min-h-10">
              <button
                type="button"
                aria-label={t("filter.edit", { said })}
                onClick={() => onEdit([index])}
                className="min-w-0 rounded-l-control pl-2.5 text-left -outline-offset-2 max-md:py-1 md:truncate hover:underline hover:underline-offset-4"
              >
                <Saying node={node} facts={facts} />
              </button>
              <button
                type="button"
                aria-label={t("filter.remove", { said })}
                onClick={() => onRemove([index])}
                className="flex w-7 shrink-0 items-center justify-center rounded-r-control -outline-offset-2 hover:bg-sunken pointer-coarse:w-10"
              >
                <X className="size-3.5" aria-hidden />
              </button>
            </span>
          </Fragment>
        );
      })}
      {/* On phones a button beside the search opens the same sheet. */}
      <Button
        variant={nodes.length === 0 ? "secondary" : "ghost"}
        onClick={onAdd}
        className="max-md:hidden"
      >
        <Plus aria-hidden />
        {t("filter.add")}
      </Button>
      {nodes.length > 1 && (
        <Button variant="ghost" onClick={onClear}>
          {t("filter.clear")}
        </Button>
      )}
    </div>
  );
}

type T = ReturnType<typeof useTranslation>["t"];

/** A node and all that is in it, as one sentence. */
export function inWords(
  t: T,
  format: ReturnType<typeof useFormat>,
  facts: ReadonlyMap<string, Fact>,
  node: Tree,
): string {
  if (isCondition(node)) return sentence(t, format, facts.get(node.fact), node);
  if (isNot(node)) return `${t("filter.not")} ${inWords(t, format, facts, node.not)}`;
  const inner = childrenOf(node).map((child) => inWords(t, format, facts, child));
  return `(${inner.join(` ${t(`filter.${joinedBy(node)}`)} `)})`;
}

function Saying({ node, facts }: { node: Tree; facts: ReadonlyMap<string, Fact> }): ReactNode {
  const { t } = useTranslation("advanced");
  if (isCondition(node)) return <ConditionWords condition={node} fact={facts.get(node.fact)} />;
  if (isNot(node)) {
    return (
      <>
        <span className="font-semibold">{t("filter.not")} </span>
        <Saying node={node.not} facts={facts} />
      </>
    );
  }
  return (
    <>
      (
      {childrenOf(node).map((child, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a node is its place
        <Fragment key={index}>
          {index > 0 && <span className="font-semibold"> {t(`filter.${joinedBy(node)}`)} </span>}
          <Saying node={child} facts={facts} />
        </Fragment>
      ))}
      )
    </>
  );
}

function ConditionWords({ condition, fact }: { condition: Condition; fact: Fact | undefined }) {
  const { t } = useTranslation("advanced");
  const said = saying(t, useFormat(), fact, condition);
  return (
    <>
      {factLabel(t, fact ?? { key: condition.fact })} {said.op}{" "}
      <span className="font-semibold text-ink">{said.value}</span>
    </>
  );
}
