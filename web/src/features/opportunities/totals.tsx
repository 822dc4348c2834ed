/** The three lists in one strip: what each is expected to bring, on what, at how many clients. */
import { ArrowUpRight, MessagesSquare, ShieldAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import { LISTS, type List, type Totals } from "./api";
import { ListDoor } from "./list-door";

export const LIST_ICON = {
  expansion: ArrowUpRight,
  retention: ShieldAlert,
  conversation: MessagesSquare,
} as const;

/** The expected value of a list, as a door to how it is made and to its rows. */
export function ListTotal({ list, totals }: { list: List; totals: Totals }) {
  const format = useFormat();
  return (
    <ListDoor list={list} totals={totals}>
      <span className="tnum font-semibold text-value">{format.money(totals.expectedCents)}</span>
    </ListDoor>
  );
}

export function TotalsStrip({
  totals,
  chosen,
}: {
  totals: Record<List, Totals> | undefined;
  chosen: List | undefined;
}) {
  const { t } = useTranslation("opportunities");
  const { t: words } = useTranslation();
  const format = useFormat();
  return (
    <div className="grid gap-4 max-md:gap-3 md:grid-cols-3">
      {LISTS.map((list) => {
        const Icon = LIST_ICON[list];
        return (
          <Card key={list} className={cn("p-4", chosen === list && "border-accent")}>
            <div className="flex items-start gap-3">
              <span className="flex size-8 shrink-0 items-center justify-center rounded-control bg-accent-soft text-accent-words">
                <Icon className="size-4" aria-hidden />
              </span>
              <div className="min-w-0 flex-1">
                <h2 className="font-semibold text-card">{words(`opportunity.list.${list}`)}</h2>
                {totals ? (
                  <>
                    <p className="mt-1">
                      <ListTotal list={list} totals={totals[list]} />
                    </p>
                    <p className="text-ink-2 text-meta">
                      {t("of", { amount: format.money(totals[list].amountCents) })} ·{" "}
                      {t("clients", {
                        count: totals[list].clients,
                        n: format.number(totals[list].clients),
                      })}
                    </p>
                  </>
                ) : (
                  <Skeleton className="mt-2 h-9 w-32" />
                )}
              </div>
            </div>
          </Card>
        );
      })}
    </div>
  );
}
