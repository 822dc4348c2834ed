/** The tab "Health" of client growth: how the portfolio is, what worries, and each client's card. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { ChartSkeleton } from "@/components/charts";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Select } from "@/components/ui/input";
import { ErrorState, Notice } from "@/components/ui/states";
import { riskName } from "@/lib/health-words";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import {
  facetsQuery,
  isNarrow,
  type Portfolio,
  portfolioQuery,
  type Scope,
  viewsQuery,
} from "./api";
import { Answer, type AnswerProps } from "./portfolio-answer";
import { Distribution, MeanChart } from "./portfolio-charts";
import { Worries } from "./portfolio-worries";

/** Where the clients' cards stand on the page. */
export const CARDS_ANCHOR = "cards";

export type PortfolioSearch = Scope & {
  /** The risk whose clients are shown beside the page. */
  cause?: string;
  health?: string;
  risk?: true;
  sort?: string;
  status?: string;
  q?: string;
};

/** Filters of the cards: what a figure opens. */
export type Filters = Pick<PortfolioSearch, "health" | "risk" | "sort">;

export interface HealthTabProps {
  /** Of all clients. */
  summary: AnswerProps["summary"];
  cards: ReactNode;
  /** The clients whose dearest risk is of a kind. */
  behind: (risk: Portfolio["risks"][number]) => ReactNode;
}

export function HealthTab({ summary, cards, behind }: HealthTabProps) {
  const { t } = useTranslation("health");
  const { t: words } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const [search, set] = useUrlState<PortfolioSearch>();
  const { segment, owner, product, view } = search;
  const scope: Scope = { segment, owner, product, view };
  const query = useQuery(portfolioQuery(scope));
  const portfolio = query.data;
  const cause = portfolio?.risks.find((risk) => risk.key === search.cause);

  /** Shows the clients behind a figure: the cards under it, filtered. */
  const open = (filters: Filters) =>
    void navigate({
      to: "/clients/growth",
      search: (previous: object) => ({
        ...previous,
        q: undefined,
        status: undefined,
        health: undefined,
        risk: undefined,
        ...filters,
      }),
      hash: CARDS_ANCHOR,
      resetScroll: false,
    } as never);

  return (
    <div className="flex flex-col gap-4 max-md:gap-3">
      <ScopeFields scope={scope} onScope={set} />
      {query.isRefetchError && (
        <Notice
          title={t("portfolio.stale", { time: format.time(new Date(query.dataUpdatedAt)) })}
          action={
            <Button variant="link" onClick={() => void query.refetch()}>
              {words("actions.retry")}
            </Button>
          }
        />
      )}
      {query.error && !portfolio ? (
        <ErrorState
          title={t("portfolio.error")}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : portfolio ? (
        <>
          <Answer portfolio={portfolio} scope={scope} summary={summary} onOpen={open} />
          <div className="grid gap-4 max-md:gap-3 xl:grid-cols-2">
            <Distribution portfolio={portfolio} segment={search.segment} onOpen={open} />
            <MeanChart portfolio={portfolio} filtered={isNarrow(scope)} />
          </div>
          <Worries risks={portfolio.risks} onOpen={(key) => set({ cause: key }, { push: true })} />
        </>
      ) : (
        <>
          <ChartSkeleton height={60} />
          <div className="grid gap-4 max-md:gap-3 xl:grid-cols-2">
            <ChartSkeleton />
            <ChartSkeleton />
          </div>
        </>
      )}
      {cards}
      <Sheet
        open={cause !== undefined}
        onOpenChange={(on) => !on && set({ cause: undefined })}
        title={cause ? riskName(cause.key) : ""}
        description={
          cause &&
          t("worries.of", {
            count: cause.clients,
            n: format.number(cause.clients),
            mrr: format.money(cause.mrrCents),
          })
        }
      >
        {cause && behind(cause)}
      </Sheet>
    </div>
  );
}

const named = ({ value }: { value: string }) => ({ value, label: value });

function ScopeFields({ scope, onScope }: { scope: Scope; onScope: (patch: Scope) => void }) {
  const { t } = useTranslation("health");
  const id = useId();
  const facets = useQuery(facetsQuery).data;
  const views = useQuery(viewsQuery).data;
  const lists = {
    segment: facets?.segments.map(named),
    owner: facets?.owners.map(named),
    product: facets?.products.map(named),
    view: views?.items.map(({ id: value, name: label }) => ({ value, label })),
  };
  if (facets && Object.values(lists).every((list) => !list?.length)) return null;
  return (
    <div role="group" aria-label={t("portfolio.scope")} className="flex flex-wrap gap-2">
      {(["segment", "owner", "product", "view"] as const).map((field) => {
        const all = [...(lists[field] ?? [])];
        const chosen = scope[field];
        // A value of the URL that the server does not list stays chosen, and visible.
        if (chosen && !all.some(({ value }) => value === chosen)) {
          all.push({
            value: chosen,
            label: field === "view" ? t("portfolio.viewGone") : chosen,
          });
        }
        if (all.length === 0) return null;
        return (
          <span key={field} className="flex min-w-0 items-center gap-2 max-sm:flex-1">
            <label htmlFor={`${id}-${field}`} className="text-ink-2 max-sm:sr-only">
              {t(`portfolio.${field}`)}
            </label>
            <Select
              id={`${id}-${field}`}
              value={chosen ?? ""}
              className="min-w-0 max-sm:flex-1 sm:w-52 [&_select]:h-8 pointer-coarse:[&_select]:h-11"
              onChange={(event) => onScope({ [field]: event.target.value || undefined })}
            >
              <option value="">{t(`portfolio.any.${field}`)}</option>
              {all.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          </span>
        );
      })}
    </div>
  );
}
