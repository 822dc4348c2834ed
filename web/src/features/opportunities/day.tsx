/** What to do today, by what it is worth: the best moves and the tasks that are due, in one list. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import type { Schemas } from "@/lib/api";
import { useFormat } from "@/lib/session";
import { movesQuery, type NextMove, topQuery } from "./api";
import { dayMoves } from "./day-moves";
import { ListDoor } from "./list-door";
import { MoveLine } from "./moves";

/** How many moves are asked for; with the tasks that are due, a day's work. */
const ASKED = 6;

/** The day in one sentence: whom to defend, else whom to develop. */
export function DaySentence() {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const { data, isError } = useQuery(topQuery({}, 1));
  if (!data) {
    return isError ? (
      t("common:nav.cockpit")
    ) : (
      <Skeleton className="inline-block h-7 w-80 max-w-full" />
    );
  }
  const { retention, expansion } = data.totals;
  const list = retention.clients > 0 ? "retention" : "expansion";
  const totals = data.totals[list];
  if (retention.clients + expansion.clients === 0) return t("day.calm");
  const loss = list === "retention";
  const written = {
    count: totals.clients,
    n: format.number(totals.clients),
    amount: format.money(loss ? totals.amountCents : totals.expectedCents),
  };
  return (
    <ListDoor list={list} totals={totals}>
      <span>{t(loss ? "day.defend" : "day.develop", written)}</span>
    </ListDoor>
  );
}

/** `due`: the tasks that are overdue or for today; unknown while they are on their way. */
export function DayCard({ due }: { due: readonly Schemas["TaskBody"][] | undefined }) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const { data, error, refetch } = useQuery(movesQuery({}, ASKED));
  const items: NextMove[] | undefined = data && due && dayMoves(data.items as NextMove[], due);
  return (
    <Card aria-labelledby="day">
      <CardHeader
        id="day"
        title={
          <>
            {t("day.title")}
            {items && items.length > 0 && (
              <span className="tnum ml-2 font-normal text-body text-ink-3">
                {format.number(items.length)}
              </span>
            )}
          </>
        }
        subtitle={items && t(items.length > 0 ? "day.order" : "actions.noneText")}
      />
      {error && !data ? (
        <ErrorState
          className="mx-4 mb-4"
          title={t("actions.error")}
          error={error}
          onRetry={() => void refetch()}
        />
      ) : !items ? (
        <Loading className="flex flex-col gap-4 px-4 pb-4">
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
        </Loading>
      ) : (
        items.length > 0 && (
          <ol className="divide-y divide-border border-border border-t">
            {items.map((move) => (
              <MoveLine key={move.key} move={move} />
            ))}
          </ol>
        )
      )}
      <CardFooter className="flex-wrap gap-y-1">
        <TextLink to="/tasks">{t("day.tasks")}</TextLink>
        <TextLink to="/clients/growth" search={{ tab: "opportunities" } as never}>
          {t("day.opportunities")}
        </TextLink>
      </CardFooter>
    </Card>
  );
}
