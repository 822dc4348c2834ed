/** The versions of a template, who still follows an older one, and what moving them would change. */
import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { useCan, useFormat } from "@/lib/session";
import { useChange } from "./api";
import { migrateTemplate, type Preview, previewQuery, type TemplateDetail } from "./api-templates";
import { stageLabel, useLabel } from "./words";

export function TemplateVersions({ detail }: { detail: TemplateDetail }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const manage = useCan("manage");
  const [preview, setPreview] = useState(false);
  const versions = [...detail.versions].sort((a, b) => b.version - a.version);
  const latest = versions[0]?.version ?? detail.version;
  const behind = versions
    .filter((item) => item.version < latest)
    .reduce((sum, item) => sum + item.clients, 0);
  return (
    <Card aria-labelledby="template-versions">
      <CardHeader
        id="template-versions"
        title={t("versions.title")}
        subtitle={
          behind > 0
            ? t("versions.behind", { count: behind, n: format.number(behind) })
            : t("versions.text")
        }
        actions={
          manage &&
          behind > 0 &&
          !preview && (
            <Button onClick={() => setPreview(true)}>
              {t("versions.preview", { n: format.number(latest) })}
            </Button>
          )
        }
      />
      {preview && behind > 0 && <Migration detail={detail} onClose={() => setPreview(false)} />}
      <ol className="divide-y divide-border border-border border-t">
        {versions.map((item) => (
          <li key={item.version} className="flex items-center justify-between gap-3 px-4 py-2.5">
            <span className="min-w-0">
              <span className="flex flex-wrap items-center gap-2 font-medium">
                {t("versions.name", { n: format.number(item.version) })}
                {item.version === latest && <Badge tone="excellent">{t("versions.latest")}</Badge>}
              </span>
              <span className="block text-ink-2 text-meta">
                {[item.by ?? t("versions.byEssor"), item.at && format.dateTime(item.at)]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            <span className="tnum shrink-0 text-ink-2">
              {t("versions.clients", { count: item.clients, n: format.number(item.clients) })}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Migration({ detail, onClose }: { detail: TemplateDetail; onClose: () => void }) {
  const { t } = useTranslation("journey");
  const { t: words } = useTranslation();
  const format = useFormat();
  const change = useChange();
  const { data, error, refetch } = useQuery(previewQuery(detail.id));
  if (error && !data) {
    return (
      <ErrorState
        className="mx-4 mb-4"
        title={t("migrate.error")}
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (!data) {
    return (
      <Loading className="px-4 pb-4">
        <Skeleton className="h-40 w-full" />
      </Loading>
    );
  }
  const n = format.number(data.clients);
  return (
    <section aria-label={t("migrate.title")} className="border-border border-t pt-3">
      <CardBody>
        <p className="font-semibold">{t("migrate.count", { count: data.clients, n })}</p>
        <ul className="mt-1 flex flex-col gap-0.5 text-ink-2">
          {data.stages.map((item) => (
            <li key={`${item.from} ${item.to}`}>
              <Passage detail={detail} from={item.from} to={item.to} />
              {" · "}
              {t("versions.clients", { count: item.clients, n: format.number(item.clients) })}
            </li>
          ))}
        </ul>
      </CardBody>
      <Changes detail={detail} preview={data} />
      <div className="flex flex-wrap justify-end gap-2 px-4 py-3">
        <Button variant="ghost" onClick={onClose}>
          {words("actions.cancel")}
        </Button>
        <Button
          variant="primary"
          busy={change.isPending}
          disabled={data.clients === 0}
          onClick={() =>
            change.mutate(async () => {
              const { clients, version } = await migrateTemplate(detail.id);
              toast({
                message: t("migrate.started", {
                  count: clients,
                  n: format.number(clients),
                  version: format.number(version),
                }),
              });
              onClose();
            })
          }
        >
          {t("migrate.start", { count: data.clients, n, version: format.number(data.version) })}
        </Button>
      </div>
    </section>
  );
}

function Passage({
  detail,
  from,
  to,
}: {
  detail: TemplateDetail;
  from: string | null | undefined;
  to: string | null | undefined;
}) {
  const write = useLabel();
  const name = (key: string | null | undefined) => stageLabel(detail.template.stages, key, write);
  if (from === to) return <>{name(to)}</>;
  return (
    <span className="inline-flex items-center gap-1.5">
      {name(from)} <ArrowRight className="size-3.5" aria-label="→" /> {name(to)}
    </span>
  );
}

function Changes({ detail, preview }: { detail: TemplateDetail; preview: Preview }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  if (preview.changes.length === 0) return null;
  return (
    <>
      <Table aria-label={t("migrate.title")}>
        <thead>
          <tr>
            <Th>{t("list.client")}</Th>
            <Th>{t("list.stage")}</Th>
            <Th end>{t("header.progress")}</Th>
            <Th>{t("migrate.status")}</Th>
          </tr>
        </thead>
        <tbody>
          {preview.changes.map((item) => (
            <tr key={item.clientId}>
              <th
                scope="row"
                className="h-10 border-border border-b px-2 pl-4 text-left font-normal"
              >
                <TextLink
                  to="/clients/$id"
                  params={{ id: item.clientId }}
                  search={{ tab: "journey" }}
                >
                  {item.clientName}
                </TextLink>
              </th>
              <Td>
                <Passage detail={detail} from={item.fromStage} to={item.toStage} />
              </Td>
              <Td end>
                {format.percentValue(item.progressFrom, { digits: 0 })} →{" "}
                {format.percentValue(item.progressTo, { digits: 0 })}
              </Td>
              <Td>
                {item.statusFrom === item.statusTo
                  ? item.statusTo && t(`status.${item.statusTo}`)
                  : [item.statusFrom, item.statusTo]
                      .map((status) => (status ? t(`status.${status}`) : format.number(null)))
                      .join(" → ")}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {preview.truncated && (
        <p className="px-4 pt-2 text-ink-2 text-meta">
          {t("migrate.truncated", { n: format.number(preview.changes.length) })}
        </p>
      )}
    </>
  );
}
