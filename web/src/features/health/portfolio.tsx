/** The tab "Health" of client growth: how the portfolio is, what worries, and each client's card. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ChartSkeleton } from "@/components/charts";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { ErrorState, Notice } from "@/components/ui/states";
import { riskName } from "@/lib/health-words";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { type Portfolio, portfolioQuery, type Scope } from "./api";
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
            <MeanChart portfolio={portfolio} scope={scope} />
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
