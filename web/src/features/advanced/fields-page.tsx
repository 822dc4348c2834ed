/** Settings: the workspace's own fields on clients, used wherever a built-in fact is. */
import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Lock, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/dialog";
import { TextLink } from "@/components/ui/misc";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast } from "@/components/ui/toast";
import { useCan, useFormat } from "@/lib/session";
import {
  deleteField,
  expressionQuery,
  type Field,
  fieldsQuery,
  patchField,
  useChange,
} from "./api";
import { type EditingField, FieldSheet } from "./field-sheet";

export function FieldsPage() {
  const { t } = useTranslation("advanced");
  const { data, error, refetch } = useQuery(fieldsQuery);
  const manages = useCan("manage");
  const [editing, setEditing] = useState<EditingField>();
  const [deleting, setDeleting] = useState<Field>();
  const change = useChange();
  if (error && !data) {
    return <ErrorState title={t("fields.error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <Loading>
        <Skeleton className="h-60 w-full" />
      </Loading>
    );
  }
  const fields = [...data].sort((a, b) => a.position - b.position);
  const add = manages && (
    <Button variant="primary" onClick={() => setEditing({})}>
      <Plus aria-hidden />
      {t("fields.add")}
    </Button>
  );
  function remove(field: Field) {
    change.mutate(async () => {
      await deleteField(field.id);
      setDeleting(undefined);
      toast({ message: t("fields.deleted", { label: field.label }) });
    });
  }
  return (
    <Card aria-labelledby="fields-title">
      <CardHeader
        id="fields-title"
        title={t("fields.title")}
        subtitle={t("fields.text")}
        actions={fields.length > 0 && add}
      />
      <CardBody>
        {!manages && (
          <p className="mb-3 flex items-start gap-2 rounded-control bg-sunken px-3 py-2 text-ink-2">
            <Lock className="mt-0.5 size-4 shrink-0" aria-hidden />
            {t("fields.refused")}
          </p>
        )}
        {fields.length === 0 ? (
          <EmptyState
            level={3}
            title={t("fields.none")}
            text={t("fields.noneText")}
            actions={add}
          />
        ) : (
          <ol className="-mx-4 -mb-4 divide-y divide-border border-border border-t">
            {fields.map((field, index) => (
              <Row
                key={field.id}
                field={field}
                first={index === 0}
                last={index === fields.length - 1}
                manages={manages}
                onMove={(by) => {
                  const next = fields.filter((one) => one !== field);
                  next.splice(index + by, 0, field);
                  // Only those whose place is another now; two, as a rule.
                  change.mutate(async () => {
                    for (const [position, { id, position: before }] of next.entries()) {
                      if (before !== position) await patchField(id, { position });
                    }
                  });
                }}
                onEdit={() => setEditing({ field })}
                onDelete={() => setDeleting(field)}
              />
            ))}
          </ol>
        )}
      </CardBody>
      <FieldSheet editing={editing} onClose={() => setEditing(undefined)} />
      {deleting && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setDeleting(undefined)}
          title={t("fields.deleteTitle", { label: deleting.label })}
          description={<Lost field={deleting} />}
          confirmLabel={t("fields.delete")}
          busy={change.isPending}
          onConfirm={() => remove(deleting)}
        />
      )}
    </Card>
  );
}

/** The clients that have a value in it. */
const held = (field: Field) => `field.${field.key} is not empty`;

function Lost({ field }: { field: Field }) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const { data } = useQuery(expressionQuery(held(field)));
  return (
    <>
      {data
        ? t("fields.lost", { count: data.count, n: format.number(data.count) })
        : t("fields.lostSome")}{" "}
      {t("fields.lostViews", { key: `field.${field.key}` })}
    </>
  );
}

function Row({
  field,
  first,
  last,
  manages,
  onMove,
  onEdit,
  onDelete,
}: {
  field: Field;
  first: boolean;
  last: boolean;
  manages: boolean;
  onMove: (by: number) => void;
  onEdit: () => void;
  onDelete: () => void;
}) {
  const { t } = useTranslation("advanced");
  const name = field.label;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex items-center gap-2 font-medium">
          <span className="truncate">{name}</span>
          <Badge>{t(`kind.${field.kind}`)}</Badge>
        </p>
        <p className="truncate text-ink-3 text-meta">
          <code>field.{field.key}</code>
          {field.choices && field.choices.length > 0 && ` · ${field.choices.join(", ")}`}
        </p>
      </div>
      <TextLink
        to="/clients/advanced"
        search={{ where: held(field), tab: "all" }}
        className="font-normal"
      >
        {t("fields.values")}
      </TextLink>
      {manages && (
        <span className="flex">
          <IconButton
            variant="ghost"
            label={t("columns.up", { name })}
            disabled={first}
            onClick={() => onMove(-1)}
          >
            <ArrowUp aria-hidden />
          </IconButton>
          <IconButton
            variant="ghost"
            label={t("columns.down", { name })}
            disabled={last}
            onClick={() => onMove(1)}
          >
            <ArrowDown aria-hidden />
          </IconButton>
          <IconButton variant="ghost" label={t("fields.edit", { name })} onClick={onEdit}>
            <Pencil aria-hidden />
          </IconButton>
          <IconButton variant="ghost" label={t("fields.remove", { name })} onClick={onDelete}>
            <Trash2 aria-hidden />
          </IconButton>
        </span>
      )}
    </li>
  );
}
