/** The three lists in one strip: what each is expected to bring, on what, at how many clients. */
import { ArrowUpRight, MessagesSquare, ShieldAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { NumberDoor } from "@/components/ui/number-door";
import { Skeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import { LISTS, type List, type Totals } from "./api";

export const LIST_ICON = {
  expansion: ArrowUpRight,
  retention: ShieldAlert,
  conversation: MessagesSquare,
} as const;

/** The expected value of a list as a door to how it is made and to its rows. */
export function ListTotal({ list, totals }: { list: List; totals: Totals }) {
  const { t } = useTranslation("opportunities");
  const { t: words } = useTranslation();
  const format = useFormat();
  const loss = list === "retention";
  return (
    <NumberDoor
      provenance={{
        title: words(`opportunity.list.${list}`),
        formula: t(loss ? "detail.formulaLoss" : "detail.formula"),
        parts: [
          {
            label: t("count", { count: totals.count, n: format.number(totals.count) }),
            value: t("clients", { count: totals.clients, n: format.number(totals.clients) }),
          },
          { label: t(loss ? "stake" : "amount"), value: format.money(totals.amountCents) },
        ],
        total: {
          label: t(loss ? "expectedLoss" : "expected"),
          value: format.money(totals.expectedCents),
        },
        links: (
          <TextLink to="/clients/growth" search={{ tab: "opportunities", list } as never}>
            {t("seeAll", { count: totals.count, n: format.number(totals.count) })}
          </TextLink>
        ),
      }}
    >
      <span className="tnum font-semibold text-value">{format.money(totals.expectedCents)}</span>
    </NumberDoor>
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
