/** The expression as nested groups of conditions, each said and changed in its place. */
import { FolderPlus, Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Select } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { cn } from "@/lib/cn";
import type { Fact } from "./api";
import {
  append,
  type Condition,
  childrenOf,
  type Group,
  group,
  isBare,
  isCondition,
  isDayValue,
  isGroup,
  isList,
  isNot,
  join,
  joinedBy,
  negate,
  type Op,
  type Path,
  replace,
  type Tree,
  takesList,
} from "./expression";
import { ValueField } from "./value-field";
import { factLabel, opChoice } from "./words";

export interface BuilderProps {
  tree: Group;
  facts: readonly Fact[];
  onChange: (tree: Group) => void;
  /** The node that the sheet was opened for. */
  focus?: Path;
}

/** Deeper groups are written as text: on a screen they are no longer read. */
const DEEPEST = 3;

export function Builder({ tree, facts, onChange, focus }: BuilderProps) {
  // Whatever happens inside, the root stays a group.
  const change = (next: Tree) => onChange(isGroup(next) ? next : { all: [next] });
  return <GroupBox root={tree} path={[]} facts={facts} onChange={change} focus={focus} />;
}

interface NodeProps {
  root: Tree;
  path: Path;
  facts: readonly Fact[];
  onChange: (root: Tree) => void;
  focus?: Path;
}

const same = (a: Path, b: Path | undefined) => a.join() === b?.join();

function GroupBox({ root, path, facts, onChange, focus, node }: NodeProps & { node?: Group }) {
  const { t } = useTranslation("advanced");
  const own = node ?? (root as Group);
  const children = childrenOf(own);
  const first = facts.find((fact) => fact.ops.length > 0);
  return (
    <div className={cn("flex flex-col gap-3", path.length > 0 && "border-accent border-l-2 pl-3")}>
      {children.length > 1 && (
        <Segmented
          label={t("builder.joined")}
          value={joinedBy(own)}
          onChange={(joined) => onChange(join(root, path, joined))}
          options={[
            { value: "all", label: t("builder.all") },
            { value: "any", label: t("builder.any") },
          ]}
          className="self-start"
        />
      )}
      {children.length === 0 && <p className="text-ink-2">{t("builder.none")}</p>}
      <ul className="flex flex-col gap-3">
        {children.map((child, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a node is its place
          <li key={index}>
            <Node
              root={root}
              path={[...path, index]}
              node={child}
              facts={facts}
              onChange={onChange}
              focus={focus}
            />
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {first && (
          <Button
            onClick={() => onChange(append(root, path, started(first)))}
            autoFocus={same(path, focus) && children.length === 0}
          >
            <Plus aria-hidden />
            {t("builder.addCondition")}
          </Button>
        )}
        {first && path.length < DEEPEST && (
          <Button
            variant="ghost"
            onClick={() => onChange(append(root, path, group("any", [started(first)])))}
          >
            <FolderPlus aria-hidden />
            {t("builder.addGroup")}
          </Button>
        )}
      </div>
    </div>
  );
}

function Node({ root, path, node, facts, onChange, focus }: NodeProps & { node: Tree }) {
  const { t } = useTranslation("advanced");
  const inner = isNot(node) ? node.not : node;
  const innerPath = isNot(node) ? [...path, 0] : path;
  if (isCondition(inner) && !isNot(node)) {
    return (
      <ConditionRow
        condition={inner}
        facts={facts}
        autoFocus={same(path, focus)}
        onChange={(next) => onChange(replace(root, path, next))}
      />
    );
  }
  return (
    <div className="rounded-card border border-border p-3">
      <div className="mb-3 flex items-center justify-between gap-2">
        <Segmented
          label={t("builder.groupKind")}
          value={isNot(node) ? "not" : "is"}
          onChange={() => onChange(negate(root, path))}
          options={[
            { value: "is", label: t("builder.group") },
            { value: "not", label: t("builder.groupNot") },
          ]}
        />
        <IconButton
          label={t("builder.removeGroup")}
          variant="ghost"
          onClick={() => onChange(replace(root, path, undefined))}
        >
          <X aria-hidden />
        </IconButton>
      </div>
      {isGroup(inner) ? (
        <GroupBox
          root={root}
          path={innerPath}
          node={inner}
          facts={facts}
          onChange={onChange}
          focus={focus}
        />
      ) : isCondition(inner) ? (
        <ConditionRow
          condition={inner}
          facts={facts}
          autoFocus={same(path, focus)}
          onChange={(next) => onChange(replace(root, next ? innerPath : path, next))}
        />
      ) : (
        <Node
          root={root}
          path={innerPath}
          node={inner}
          facts={facts}
          onChange={onChange}
          focus={focus}
        />
      )}
    </div>
  );
}

/** A condition on a fact as it begins. */
export function started(fact: Fact, op: Op | undefined = fact.ops[0]): Condition {
  const chosen = op ?? "eq";
  if (isBare(chosen)) return { fact: fact.key, op: chosen };
  if (takesList(chosen)) return { fact: fact.key, op: chosen, value: [] };
  if (fact.kind === "boolean") return { fact: fact.key, op: chosen, value: true };
  if (fact.kind === "day" || fact.kind === "instant") {
    return { fact: fact.key, op: chosen, value: { daysAgo: 30 } };
  }
  return { fact: fact.key, op: chosen };
}

/** The same condition with another operator: what was given stays where it still fits. */
export function withOp(condition: Condition, fact: Fact, op: Op): Condition {
  const { value } = condition;
  const next = started(fact, op);
  if (value === undefined || isBare(op)) return next;
  if (takesList(op)) {
    if (isList(value)) return { ...next, value };
    return isDayValue(value) ? next : { ...next, value: [value] };
  }
  const one = isList(value) ? value[0] : value;
  return one === undefined ? next : { ...next, value: one };
}

function ConditionRow({
  condition,
  facts,
  onChange,
  autoFocus,
}: {
  condition: Condition;
  facts: readonly Fact[];
  onChange: (next: Condition | undefined) => void;
  autoFocus: boolean;
}) {
  const { t } = useTranslation("advanced");
  const fact = facts.find(({ key }) => key === condition.fact);
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-start gap-2 max-md:grid-cols-[minmax(0,1fr)_auto]">
      <legend className="sr-only">{fact ? factLabel(t, fact) : condition.fact}</legend>
      <Select
        aria-label={t("builder.fact")}
        value={condition.fact}
        autoFocus={autoFocus}
        onChange={(event) => {
          const next = facts.find(({ key }) => key === event.target.value);
          if (next) onChange(started(next));
        }}
      >
        {!fact && <option value={condition.fact}>{condition.fact}</option>}
        {facts
          .filter((one) => one.ops.length > 0)
          .map((one) => (
            <option key={one.key} value={one.key}>
              {factLabel(t, one)}
            </option>
          ))}
      </Select>
      <Select
        className="max-md:col-start-1"
        aria-label={t("builder.op")}
        value={condition.op}
        disabled={!fact}
        onChange={(event) => fact && onChange(withOp(condition, fact, event.target.value as Op))}
      >
        {(fact?.ops ?? [condition.op]).map((op) => (
          <option key={op} value={op}>
            {opChoice(t, fact?.kind, op)}
          </option>
        ))}
      </Select>
      <IconButton
        label={t("builder.remove")}
        variant="ghost"
        onClick={() => onChange(undefined)}
        className="h-9 max-md:col-start-2 max-md:row-start-1"
      >
        <X aria-hidden />
      </IconButton>
      {fact && (
        <div className="col-span-2 max-md:col-span-1 max-md:col-start-1">
          <ValueField
            // Another fact or operator begins with an empty control.
            key={`${condition.fact} ${condition.op}`}
            fact={fact}
            condition={condition}
            onChange={(value) => {
              const { value: _, ...rest } = condition;
              onChange(value === undefined ? rest : { ...rest, value });
            }}
          />
        </div>
      )}
    </fieldset>
  );
}
