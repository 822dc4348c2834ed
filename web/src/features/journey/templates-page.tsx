/** Settings of journeys: how they begin, and the templates that they follow. */
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, Copy, Lock, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast } from "@/components/ui/toast";
import { Switch } from "@/components/ui/toggles";
import { useLocale } from "@/lib/i18n";
import { text } from "@/lib/search";
import { useCan, useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { useChange } from "./api";
import { saveSettings, settingsQuery } from "./api-portfolio";
import {
  createTemplate,
  deleteTemplate,
  type TemplateLine,
  templateQuery,
  templatesQuery,
} from "./api-templates";
import { InferButton } from "./infer";
import { TemplateEditor } from "./template-editor";
import { ExpressionContext, type ExpressionProps } from "./template-parts";
import { TemplateVersions } from "./template-versions";
import { useLabel } from "./words";

/** What stands in the address: a template, or a new one made from another. */
export interface TemplatesSearch {
  template?: string;
  copy?: string;
}
const NEW = "new";

export function TemplatesPage({
  expression,
}: {
  /** How an expression is built. */
  expression: (props: ExpressionProps) => ReactNode;
}) {
  const [search] = useUrlState<TemplatesSearch>();
  const template = text(search.template, 40);
  return (
    <ExpressionContext value={expression}>
      {template ? (
        <One key={template} id={template === NEW ? undefined : template} copied={search.copy} />
      ) : (
        <>
          <Beginning />
          <List />
        </>
      )}
    </ExpressionContext>
  );
}

function Refused() {
  const { t } = useTranslation("journey");
  return (
    <p className="mb-3 flex items-start gap-2 rounded-control bg-sunken px-3 py-2 text-ink-2">
      <Lock className="mt-0.5 size-4 shrink-0" aria-hidden />
      {t("settings.refused")}
    </p>
  );
}

function Beginning() {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const manage = useCan("manage");
  const change = useChange();
  const { data, error, refetch } = useQuery(settingsQuery);
  if (error && !data) {
    return <ErrorState title={t("settings.error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) return <Skeleton className="h-32 w-full" />;
  const save = (autoStart: boolean) =>
    change.mutate(async () => {
      await saveSettings({ autoStart });
      toast({
        message: t(autoStart ? "settings.on" : "settings.off"),
        undo: () => change.mutate(() => saveSettings({ autoStart: !autoStart })),
      });
    });
  return (
    <Card aria-labelledby="journey-settings">
      <CardHeader
        id="journey-settings"
        title={t("settings.title")}
        subtitle={
          data.withoutJourney > 0
            ? t("settings.without", {
                count: data.withoutJourney,
                n: format.number(data.withoutJourney),
              })
            : t("settings.everybody")
        }
        actions={manage && data.withoutJourney > 0 && <InferButton count={data.withoutJourney} />}
      />
      <CardBody>
        {!manage && <Refused />}
        <Switch
          checked={data.autoStart}
          disabled={!manage || change.isPending}
          onChange={save}
          label={t("settings.auto")}
          help={t("settings.autoHelp")}
        />
        {manage && data.withoutJourney > 0 && (
          <p className="mt-3 text-ink-3 text-meta">{t("infer.help")}</p>
        )}
      </CardBody>
    </Card>
  );
}

function List() {
  const { t } = useTranslation("journey");
  const { data, error, refetch } = useQuery(templatesQuery);
  return (
    <Card aria-labelledby="journey-templates">
      <CardHeader
        id="journey-templates"
        title={t("templates.title")}
        subtitle={t("templates.text")}
      />
      {error && !data ? (
        <ErrorState
          className="mx-4 mb-4"
          title={t("templates.error")}
          error={error}
          onRetry={() => void refetch()}
        />
      ) : !data ? (
        <Loading className="px-4 pb-4">
          <Skeleton className="h-24 w-full" />
        </Loading>
      ) : (
        <ul className="divide-y divide-border border-border border-t">
          {data.items.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Row({ item }: { item: TemplateLine }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const manage = useCan("manage");
  const change = useChange();
  const [, set] = useUrlState<TemplatesSearch>();
  const { data: detail } = useQuery({
    ...templateQuery(item.id),
    enabled: manage && !item.builtIn,
  });
  const name = write(item.name);
  function remove() {
    const kept = detail?.template;
    change.mutate(async () => {
      await deleteTemplate(item.id);
      toast({
        message: t("templates.deleted", { name }),
        undo: kept && (() => change.mutate(() => createTemplate(kept))),
      });
    });
  }
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <TextLink
            to="/settings/$section"
            params={{ section: "journeys" }}
            search={{ template: item.id } as never}
            className="break-words"
          >
            {name}
          </TextLink>
          <Badge>{item.segment ?? t("template.everybody")}</Badge>
          {item.builtIn && <Badge tone="accent">{t("templates.builtIn")}</Badge>}
        </p>
        <p className="text-ink-2 text-meta">
          {item.stages
            .map((stage) =>
              t("templates.stage", {
                stage: write(stage.label),
                n: format.number(stage.plannedDays),
              }),
            )
            .join(" · ")}
        </p>
        <p className="text-ink-3 text-meta">
          {[
            t("versions.name", { n: format.number(item.version) }),
            t("versions.clients", { count: item.clients, n: format.number(item.clients) }),
            item.updatedBy,
            item.updatedAt && format.date(format.dayOf(item.updatedAt)),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      {manage && (
        <span className="flex shrink-0 gap-1">
          <Button
            size="sm"
            aria-label={t("templates.copyOf", { name })}
            onClick={() => set({ template: NEW, copy: item.id }, { push: true })}
          >
            <Copy aria-hidden />
            <span className="max-md:sr-only">{t("templates.copy")}</span>
          </Button>
          {!item.builtIn && (
            <IconButton
              size="sm"
              variant="ghost"
              label={t("template.remove", { what: name })}
              onClick={remove}
            >
              <Trash2 aria-hidden />
            </IconButton>
          )}
        </span>
      )}
    </li>
  );
}

function One({ id, copied }: { id: string | undefined; copied: string | undefined }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const locale = useLocale();
  const manage = useCan("manage");
  const [, set] = useUrlState<TemplatesSearch>();
  const source = id ?? copied ?? "";
  const { data, error, refetch } = useQuery({ ...templateQuery(source), enabled: source !== "" });
  const back = (
    <Button
      variant="ghost"
      className="self-start"
      onClick={() => set({ template: undefined, copy: undefined })}
    >
      <ArrowLeft aria-hidden />
      {t("templates.back")}
    </Button>
  );
  if (error && !data) {
    return (
      <>
        {back}
        <ErrorState title={t("templates.error")} error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  if (!data) {
    return (
      <Loading className="flex flex-col gap-4">
        <Skeleton className="h-40 w-full" />
        <Skeleton className="h-80 w-full" />
      </Loading>
    );
  }
  const copy = { [locale]: t("templates.copyName", { name: write(data.template.name) }) };
  const start = id
    ? data.template
    : { ...data.template, segment: null, name: { ...data.template.name, ...copy } };
  return (
    <>
      {back}
      <h2 className="font-semibold text-value">
        {id
          ? t("header.version", { name: write(data.template.name), n: format.number(data.version) })
          : t("templates.copyTitle", { name: write(data.template.name) })}
      </h2>
      {!manage && <Refused />}
      <TemplateEditor
        // Another version starts over.
        key={`${id ?? NEW} ${data.version}`}
        id={id}
        start={start}
        durations={data.durations}
        builtIn={id !== undefined && data.builtIn}
        onSaved={(saved) => set({ template: saved.id, copy: undefined })}
      />
      {id && <TemplateVersions detail={data} />}
    </>
  );
}
