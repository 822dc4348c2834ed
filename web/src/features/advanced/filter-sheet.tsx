/** Filters in a side sheet: built or written, with the number of clients that match as one goes. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet, SheetActions } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { useDebounced } from "@/lib/hooks";
import { errorText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { type Asked, type Expression, expressionQuery, type Fact, readExpression } from "./api";
import { Builder } from "./builder";
import { asGroup, complete, type Group, type Path, tidy } from "./expression";
import { TextEditor } from "./text-editor";

export interface FilterSheetProps {
  /** What the sheet opens on; closed when absent. */
  open: { tree: Group; text: string; focus?: Path; written?: boolean } | undefined;
  facts: readonly Fact[];
  /** "Filter clients" by default. */
  title?: string;
  onClose: () => void;
  onApply: (text: string) => void;
}

export function FilterSheet({ open, facts, title, onClose, onApply }: FilterSheetProps) {
  const { t } = useTranslation("advanced");
  return (
    <Sheet
      open={open !== undefined}
      onOpenChange={(to) => !to && onClose()}
      title={title ?? t("filter.title")}
      className="md:w-[520px]"
    >
      {open && <Editor {...open} facts={facts} onApply={onApply} onClose={onClose} />}
    </Sheet>
  );
}

type Mode = "built" | "written";

function Editor({
  tree: opened,
  text: openedText,
  focus,
  written,
  facts,
  onApply,
  onClose,
}: NonNullable<FilterSheetProps["open"]> & Omit<FilterSheetProps, "open" | "title">) {
  const { t } = useTranslation("advanced");
  const { t: words } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const [mode, setMode] = useState<Mode>(written ? "written" : "built");
  const [tree, setTree] = useState(opened);
  const [text, setText] = useState(openedText);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const asked: Asked = mode === "written" ? { text } : { tree: tidy(complete(tree)) };
  const now = JSON.stringify(asked);
  const draft = useDebounced(now, 250);
  const answer = useQuery({
    queryKey: ["clients", "expression", "draft", draft],
    queryFn: ({ signal }) => readExpression(JSON.parse(draft) as Asked, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const settled = draft === now && !answer.isFetching;
  const error = failure ?? (settled ? answer.error : undefined);

  /** Does something with what the server understands; a refusal stays in the sheet. */
  async function understood(then: (expression: Expression) => void) {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const expression = await readExpression(asked);
      client.setQueryData(expressionQuery(expression.text).queryKey, expression);
      then(expression);
    } catch (refused) {
      setFailure(refused);
    } finally {
      setBusy(false);
    }
  }

  const turn = (to: Mode) =>
    understood((expression) => {
      setText(expression.text);
      setTree(asGroup(expression.tree));
      setMode(to);
    });
  const apply = () =>
    understood((expression) => {
      onApply(expression.text);
      onClose();
    });

  return (
    <form
      noValidate
      className="flex min-h-full flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void apply();
      }}
    >
      <Segmented<Mode>
        label={t("filter.mode")}
        value={mode}
        onChange={(to) => void turn(to)}
        options={[
          { value: "built", label: t("filter.built") },
          { value: "written", label: t("filter.written") },
        ]}
        className="self-start"
      />
      {mode === "built" ? (
        <>
          <Builder
            tree={tree}
            facts={facts}
            focus={focus}
            onChange={(next) => {
              setFailure(undefined);
              setTree(next);
            }}
          />
          {Boolean(error) && <FieldError>{errorText(error)}</FieldError>}
        </>
      ) : (
        <TextEditor
          className="min-h-96"
          text={text}
          facts={facts}
          error={error}
          onSubmit={() => void apply()}
          onChange={(next) => {
            setFailure(undefined);
            setText(next);
          }}
        />
      )}
      <SheetActions
        note={
          <p role="status" className="min-w-0 text-ink-2">
            {answer.data && !error
              ? t("filter.matching", {
                  count: answer.data.count,
                  n: format.number(answer.data.count),
                })
              : ""}
          </p>
        }
      >
        <Button onClick={onClose}>{words("actions.cancel")}</Button>
        <Button type="submit" variant="primary" busy={busy}>
          {t("filter.apply")}
        </Button>
      </SheetActions>
    </form>
  );
}
