/** The condition of a criterion as one field of a form: said in words, changed in the sheet of filters. */
import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { useFormat } from "@/lib/session";
import { expressionQuery, factsQuery } from "./api";
import { inWords } from "./chips";
import { asGroup, childrenOf, joinedBy, NOTHING } from "./expression";
import { FilterSheet, type FilterSheetProps } from "./filter-sheet";

export function ExpressionField({
  label,
  text,
  onChange,
  error,
  disabled,
}: {
  label: string;
  text: string;
  onChange: (text: string) => void;
  error: string | undefined;
  disabled: boolean;
}) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const [open, setOpen] = useState<FilterSheetProps["open"]>();
  const { data: all = [] } = useQuery(factsQuery);
  const { data: read } = useQuery({ ...expressionQuery(text), enabled: text !== "" });
  // About what the journey decides a criterion would answer itself.
  const facts = useMemo(() => all.filter((fact) => fact.criterion), [all]);
  const known = useMemo(() => new Map(all.map((fact) => [fact.key, fact])), [all]);
  const tree = read ? asGroup(read.tree) : NOTHING;
  const said = childrenOf(tree)
    .map((node) => inWords(t, format, known, node))
    .join(` ${t(`filter.${joinedBy(tree)}`)} `);
  return (
    <div className="flex flex-col gap-1.5">
      <span className="font-medium">{label}</span>
      {text !== "" && (
        <div className="rounded-control bg-sunken px-3 py-2">
          {said && <p className="break-words">{said}</p>}
          <p className="break-words font-mono text-ink-2 text-meta">{text}</p>
        </div>
      )}
      {!disabled && (
        <Button
          className="self-start"
          aria-invalid={error ? true : undefined}
          // A text that does not read is mended as text.
          onClick={() => setOpen({ tree, text, written: text !== "" && !read })}
        >
          <Pencil aria-hidden />
          {t(text === "" ? "field.write" : "field.edit")}
        </Button>
      )}
      {error && <FieldError>{error}</FieldError>}
      {/* What is sent in the sheet is not sent by the form around it. */}
      <div onSubmit={(event) => event.stopPropagation()}>
        <FilterSheet
          open={open}
          facts={facts}
          title={t("field.title")}
          onClose={() => setOpen(undefined)}
          onApply={onChange}
        />
      </div>
    </div>
  );
}
