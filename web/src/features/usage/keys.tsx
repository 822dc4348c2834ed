/** The write keys, what each brought in 24 hours, and how to withdraw one. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plug } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/components/data-table";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/dialog";
import { RelativeTime } from "@/components/ui/misc";
import { EmptyState } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { useCan, useFormat } from "@/lib/session";
import { revokeKey, type WriteKey } from "./api";

export function Keys({
  keys,
  mayConnect,
  onConnect,
}: {
  keys: readonly WriteKey[];
  mayConnect: boolean;
  onConnect: () => void;
}) {
  const { t } = useTranslation("usage");
  const format = useFormat();
  const administer = useCan("administer");
  const client = useQueryClient();
  const [asked, setAsked] = useState<WriteKey | null>(null);
  const revoke = useMutation({
    mutationFn: (key: WriteKey) => revokeKey(key.id),
    onSuccess: (_, key) => {
      setAsked(null);
      toast({ message: t("keys.revokedToast", { name: key.name }) });
      void client.invalidateQueries({ queryKey: ["ingestion"] });
      void client.invalidateQueries({ queryKey: ["tokens"] });
    },
    onError: toastError,
  });
  const state = (key: WriteKey) =>
    key.revokedAt ? (
      <Badge>{t("keys.revoked")}</Badge>
    ) : key.lastUsedAt ? (
      <span className="whitespace-nowrap">
        <RelativeTime at={key.lastUsedAt} />
      </span>
    ) : (
      <Badge tone="watch">{t("keys.never")}</Badge>
    );
  const action = (key: WriteKey) =>
    administer && !key.revokedAt ? (
      <Button
        size="sm"
        variant="danger"
        aria-label={t("keys.revokeOf", { name: key.name })}
        onClick={() => setAsked(key)}
      >
        {t("keys.revoke")}
      </Button>
    ) : null;
  const rows = [...keys].sort((a, b) => Number(!!a.revokedAt) - Number(!!b.revokedAt));
  return (
    <Card aria-labelledby="keys">
      <CardHeader
        id="keys"
        title={t("keys.title")}
        subtitle={administer ? t("keys.subtitle") : t("keys.role")}
      />
      <DataTable
        label={t("keys.title")}
        rows={rows}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.name}
        rowHeight={45}
        empty={
          <EmptyState
            level={3}
            icon={<KeyRound aria-hidden />}
            title={t("keys.none")}
            text={t("keys.noneText")}
            actions={
              mayConnect && (
                <Button onClick={onConnect}>
                  <Plug aria-hidden />
                  {t("connect.open")}
                </Button>
              )
            }
          />
        }
        columns={[
          {
            key: "name",
            header: t("keys.name"),
            width: 200,
            cell: (row) => (
              <>
                <span className="block font-medium">{row.name}</span>
                <span className="block font-mono text-ink-3 text-meta">{row.prefix}…</span>
              </>
            ),
          },
          { key: "last", header: t("keys.last"), cell: state },
          {
            key: "accepted",
            header: t("keys.accepted"),
            align: "end",
            cell: (row) => format.number(row.accepted24h),
          },
          {
            key: "duplicates",
            header: t("keys.duplicates"),
            align: "end",
            cell: (row) => format.number(row.duplicates24h),
          },
          {
            key: "quarantined",
            header: t("keys.quarantined"),
            align: "end",
            cell: (row) => format.number(row.quarantined24h),
          },
          {
            key: "created",
            header: t("keys.created"),
            align: "end",
            cell: (row) => format.date(row.createdAt),
          },
          {
            key: "action",
            header: "",
            headerLabel: t("keys.actions"),
            align: "end",
            cell: action,
          },
        ]}
        renderCard={(row) => (
          <div>
            <div className="flex items-start justify-between gap-3">
              <div className="min-w-0">
                <p className="break-words font-medium">{row.name}</p>
                <p className="font-mono text-ink-3 text-meta">{row.prefix}…</p>
              </div>
              <span className="text-ink-2 text-meta">{state(row)}</span>
            </div>
            <p className="mt-1.5 text-ink-2 text-meta">
              {t("keys.day", {
                accepted: format.number(row.accepted24h),
                duplicates: format.number(row.duplicates24h),
                quarantined: format.number(row.quarantined24h),
              })}
            </p>
            <div className="mt-2 empty:hidden">{action(row)}</div>
          </div>
        )}
      />
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={(open) => !open && setAsked(null)}
        title={t("keys.confirm", { name: asked?.name })}
        description={t("keys.confirmText")}
        confirmLabel={t("keys.revokeLong")}
        busy={revoke.isPending}
        onConfirm={() => asked && revoke.mutate(asked)}
      />
    </Card>
  );
}
